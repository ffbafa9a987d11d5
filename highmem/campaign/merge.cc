#include "highmem/campaign/merge.h"

#include <filesystem>
#include <system_error>

namespace highmem {
namespace {

namespace fs = std::filesystem;

// Inputs are named by their contents: what has the same name is the same.
bool CopyInputs(const fs::path& from, const fs::path& to, std::string* error) {
  std::error_code code;
  fs::create_directories(to, code);
  for (const auto& entry : fs::directory_iterator(from, code)) {
    if (!entry.is_regular_file()) continue;
    const fs::path copy = to / entry.path().filename();
    fs::copy_file(entry.path(), copy, fs::copy_options::skip_existing, code);
    if (!code) continue;
    *error = copy.string() + ": " + code.message();
    return false;
  }
  return true;
}

}  // namespace

bool MergeCampaign(Store* store, const std::string& dir, const std::string& other,
                   std::string* error) {
  if (!store->Merge(other, error)) return false;
  std::error_code code;
  for (const auto& target : fs::directory_iterator(fs::path(other) / "corpus", code)) {
    if (!target.is_directory()) continue;
    if (!CopyInputs(target.path(), fs::path(dir) / "corpus" / target.path().filename(), error))
      return false;
  }
  return true;
}

}  // namespace highmem
