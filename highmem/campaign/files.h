// Files of a campaign.
#ifndef HIGHMEM_CAMPAIGN_FILES_H_
#define HIGHMEM_CAMPAIGN_FILES_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace highmem {

// Whole, or its last `most` bytes; "" if it cannot be read.
std::string ReadAll(const std::string& path, size_t most = SIZE_MAX);
// False and a sentence in *error.
bool WriteAll(const std::string& path, const std::string& text, std::string* error);
bool AppendTo(const std::string& path, const std::string& text, std::string* error);
bool MakeDirectory(const std::string& path, std::string* error);
uint64_t CountFiles(const std::string& dir);
// 16 hexadecimal digits.
std::string HashOf(std::string_view bytes);
std::string HashOfFile(const std::string& path);  // of its contents

// Holds DIR/lock as long as it lives.
class DirectoryLock {
 public:
  ~DirectoryLock();
  // False and a sentence in *error if somebody else has it.
  bool Take(const std::string& dir, std::string* error);

 private:
  int file_ = -1;
};

}  // namespace highmem

#endif  // HIGHMEM_CAMPAIGN_FILES_H_
