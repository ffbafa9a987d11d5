#include "highmem/trace/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "highmem/trace/container.h"
#include "highmem/trace/text.h"
#include "highmem/trace/words.h"

namespace highmem {
namespace {

constexpr int kTemporaryTries = 100;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { Close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }
  bool Close() {
    const int fd = fd_;
    fd_ = -1;
    return fd < 0 || close(fd) == 0;
  }

 private:
  int fd_;
};

std::string WithErrno(const char* what) { return Concat(what, ": ", std::strerror(errno)); }

// Empty if all went well; *bytes is the whole file.
std::string ReadAll(const std::string& path, std::string* bytes) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.ok()) return WithErrno("cannot open");
  struct stat info;
  if (fstat(file.get(), &info) != 0) return WithErrno("cannot look at it");
  if (S_ISDIR(info.st_mode)) return "expected a trace, found a directory";
  char block[1 << 14];
  for (;;) {
    const ssize_t got = read(file.get(), block, sizeof(block));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return WithErrno("cannot read");
    if (got == 0) break;
    bytes->append(block, static_cast<size_t>(got));
    if (bytes->size() > kLongestTraceFile)
      return Concat("expected at most ", kLongestTraceFile >> 20, " MiB, found more");
  }
  return "";
}

bool LooksLikeContainer(std::string_view bytes) {
  const size_t known = std::min(bytes.size(), kContainerMagic.size());
  return bytes.substr(0, known) == kContainerMagic.substr(0, known);
}

// Text has no control characters but blanks and line ends; what is damaged further on is for the
// parser, which knows the line.
bool LooksLikeText(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, bytes.find('\n'));
  return std::all_of(head.begin(), head.end(),
                     [](char c) { return (c >= ' ' && c <= '~') || c == '\t' || c == '\r'; });
}

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return true;
}

// Moves a file to a name that must be free, without a moment in between.
bool MoveToFreeName(const std::string& from, const std::string& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno != EINVAL && errno != ENOSYS) return false;
  // A file system without that call: a second name fails as well if the name is taken.
  if (link(from.c_str(), to.c_str()) != 0) return false;
  unlink(from.c_str());
  return true;
}

// Creates the temporary file beside `path`; its mode follows the user's umask.
int OpenTemporary(const std::string& path, std::string* temporary) {
  for (int i = 0; i < kTemporaryTries; i++) {
    *temporary = Concat(path, ".tmp-", getpid(), "-", i);
    const int fd = open(temporary->c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0 || errno != EEXIST) return fd;
  }
  return -1;
}

// Empty if all went well.
std::string Replace(const std::string& path, std::string_view bytes, bool overwrite) {
  struct stat info;
  const bool exists = lstat(path.c_str(), &info) == 0;
  if (exists && S_ISDIR(info.st_mode)) return "cannot write: it is a directory";
  if (exists && !overwrite) return "cannot write: it exists already";
  std::string temporary;
  Descriptor file(OpenTemporary(path, &temporary));
  if (!file.ok()) return WithErrno("cannot write");
  if (WriteAll(file.get(), bytes) && fsync(file.get()) == 0 && file.Close() &&
      (overwrite ? std::rename(temporary.c_str(), path.c_str()) == 0
                 : MoveToFreeName(temporary, path)))
    return {};
  const std::string error = WithErrno("cannot write");
  unlink(temporary.c_str());
  return error;
}

}  // namespace

bool ReadTrace(std::string_view bytes, const std::string& name, Trace* out, std::string* error) {
  out->Clear();
  std::string wrong;
  if (bytes.empty()) {
    wrong = "expected a trace, found an empty file";
  } else if (LooksLikeContainer(bytes)) {
    if (DecodeContainer(bytes, out, &wrong)) return true;
  } else if (LooksLikeText(bytes)) {
    ParseError where;
    if (ParseTrace(bytes, name, out, &where)) return true;
    *error = where.Text();
    return false;
  } else {
    wrong = Concat("expected a text that begins with '#hm 1' or a container that begins with '",
                   kContainerMagic, "', found neither");
  }
  *error = Concat(name, ": ", wrong);
  return false;
}

bool ReadTraceFile(const std::string& path, Trace* out, std::string* error) {
  out->Clear();
  std::string bytes;
  const std::string wrong = ReadAll(path, &bytes);
  if (wrong.empty()) return ReadTrace(bytes, path, out, error);
  *error = Concat(path, ": ", wrong);
  return false;
}

bool WriteTraceFile(const std::string& path, const Trace& trace, const WriteOptions& options,
                    std::string* error) {
  const bool text = options.form == TraceForm::text;
  const std::string bytes = text ? PrintTrace(trace) : EncodeContainer(trace);
  if (bytes.size() <= kLongestTraceFile)
    return WriteWholeFile(path, bytes, options.overwrite, error);
  *error = Concat(path, ": cannot write: longer than ", kLongestTraceFile >> 20,
                  " MiB, the most that can be read again");
  return false;
}

bool WriteWholeFile(const std::string& path, std::string_view bytes, bool overwrite,
                    std::string* error) {
  const std::string wrong = Replace(path, bytes, overwrite);
  if (wrong.empty()) return true;
  *error = Concat(path, ": ", wrong);
  return false;
}

}  // namespace highmem
