#include "highmem/campaign/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace highmem {

namespace fs = std::filesystem;

namespace {

bool Write(const std::string& path, std::ios::openmode mode, const std::string& text,
           std::string* error) {
  std::ofstream file(path, std::ios::binary | mode);
  file << text;
  file.close();
  if (file) return true;
  *error = path + ": " + std::strerror(errno);
  return false;
}

}  // namespace

std::string ReadAll(const std::string& path, size_t most) {
  std::ifstream file(path, std::ios::binary);
  if (most != SIZE_MAX) {
    std::error_code code;
    const auto size = fs::file_size(path, code);
    if (!code && size > most) file.seekg(static_cast<std::streamoff>(size - most));
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

bool WriteAll(const std::string& path, const std::string& text, std::string* error) {
  return Write(path, std::ios::trunc, text, error);
}

bool AppendTo(const std::string& path, const std::string& text, std::string* error) {
  return Write(path, std::ios::app, text, error);
}

bool MakeDirectory(const std::string& path, std::string* error) {
  std::error_code code;
  fs::create_directories(path, code);
  if (!code) return true;
  *error = path + ": " + code.message();
  return false;
}

uint64_t CountFiles(const std::string& dir) {
  std::error_code code;
  uint64_t count = 0;
  for (fs::directory_iterator it(dir, code), end; !code && it != end; it.increment(code)) count++;
  return count;
}

std::string HashOf(std::string_view bytes) {
  char text[17];
  std::snprintf(text, sizeof(text), "%016llx",
                static_cast<unsigned long long>(XXH64(bytes.data(), bytes.size(), 0)));
  return text;
}

std::string HashOfFile(const std::string& path) { return HashOf(ReadAll(path)); }

DirectoryLock::~DirectoryLock() {
  if (file_ >= 0) close(file_);
}

bool DirectoryLock::Take(const std::string& dir, std::string* error) {
  const std::string path = dir + "/lock";
  file_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (file_ < 0) {
    *error = path + ": " + std::strerror(errno);
    return false;
  }
  if (flock(file_, LOCK_EX | LOCK_NB) != 0) {
    const std::string owner = ReadAll(path, 20);
    *error =
        dir + ": another campaign is at work here, process " + owner.substr(0, owner.find('\n'));
    return false;
  }
  const std::string self = std::to_string(getpid()) + "\n";
  if (ftruncate(file_, 0) == 0 && pwrite(file_, self.data(), self.size(), 0) > 0) return true;
  *error = path + ": " + std::strerror(errno);
  return false;
}

}  // namespace highmem
