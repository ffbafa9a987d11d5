#include "highmem/campaign/trim.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include "highmem/campaign/files.h"
#include "highmem/campaign/status.h"

namespace highmem {
namespace {

namespace fs = std::filesystem;

bool Ok(const std::error_code& code, const std::string& path, std::string* error) {
  if (!code) return true;
  *error = path + ": " + code.message();
  return false;
}

// Of the inputs in that directory: the smallest for each cell, and those that did not come to
// their end. A target that knows no cells tells of none.
std::set<std::string> NeededForCells(const std::string& in, const std::string& told) {
  std::set<std::string> needed, ended;
  std::map<int, std::pair<uintmax_t, std::string>> smallest;
  for (const InputCells& input : ParseInputCells(told)) {
    std::error_code code;
    const uintmax_t size = fs::file_size(in + "/" + input.hash, code);
    if (code) continue;  // an engine's own, to warm up
    ended.insert(input.hash);
    for (const int cell : input.cells) {
      const std::pair candidate(size, input.hash);
      const auto [it, first] = smallest.emplace(cell, candidate);
      if (!first && candidate < it->second) it->second = candidate;
    }
  }
  for (const auto& [cell, input] : smallest) needed.insert(input.second);
  if (ended.empty()) return needed;
  std::error_code code;
  for (const auto& file : fs::directory_iterator(in, code)) {
    const std::string hash = file.path().filename().string();
    if (ended.count(hash) == 0) needed.insert(hash);
  }
  return needed;
}

}  // namespace

bool Trim::Begin(const std::string& corpus, const std::string& dir, std::string* error) {
  corpus_ = corpus;
  dir_ = dir;
  std::error_code code;
  fs::remove_all(dir, code);
  for (const char* part : {"/in", "/out", "/findings"})
    if (!MakeDirectory(dir + part, error)) return false;
  for (const auto& file : fs::directory_iterator(corpus, code)) {
    std::error_code gone;  // a fuzzer has found a smaller one
    if (!file.is_regular_file(gone)) continue;
    const std::string path = file.path().string();
    const std::string fresh = dir + "/fresh";
    if (!fs::copy_file(path, fresh, fs::copy_options::overwrite_existing, gone)) continue;
    const std::string hash = HashOfFile(fresh);
    fs::rename(fresh, dir + "/in/" + hash, code);
    if (!Ok(code, fresh, error)) return false;
    files_[file.path().filename().string()] = hash;
  }
  return Ok(code, corpus, error);
}

bool Trim::End(const std::set<std::string>& needed, std::string* error) const {
  std::set<std::string> kept = NeededForCells(dir_ + "/in", ReadAll(dir_ + "/inputs"));
  kept.insert(needed.begin(), needed.end());
  if (kept.empty()) return true;  // what has run told nothing, and is no judge
  // First all that stays is in its place; only then something goes.
  for (const std::string& hash : kept) {
    std::error_code code;
    fs::rename(dir_ + "/in/" + hash, corpus_ + "/" + hash, code);
    if (!Ok(code, corpus_ + "/" + hash, error)) return false;
  }
  for (const auto& [name, hash] : files_) {
    // Whoever was writing it while it was copied is not judged by the half.
    if (kept.count(name) != 0 || HashOfFile(corpus_ + "/" + name) != hash) continue;
    std::error_code code;
    fs::remove(corpus_ + "/" + name, code);
    if (!Ok(code, corpus_ + "/" + name, error)) return false;
  }
  return true;
}

}  // namespace highmem
