#include "highmem/shrink/ahead.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace highmem {
namespace {

// False at its end.
bool ReadAll(int fd, void* to, size_t bytes) {
  auto* at = static_cast<uint8_t*>(to);
  while (bytes > 0) {
    const ssize_t n = read(fd, at, bytes);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    at += n;
    bytes -= static_cast<size_t>(n);
  }
  return true;
}

}  // namespace

void Ahead::Tell(const AheadAnswer& answer) {
  // Less than PIPE_BUF: written as a whole or, where nobody listens any more, not at all.
  const ssize_t written = write(write_end_, &answer, sizeof(answer));
  _exit(written == sizeof(answer) ? 0 : 1);
}

void Ahead::EndCopy() {
  if (in_copy_) _exit(0);
}

std::optional<AheadAnswer> Ahead::Take(uint64_t key) {
  // They were started in the order of their candidates.
  while (!running_.empty()) {
    const Copy next = running_.front();
    AheadAnswer answer;
    const bool told = ReadAll(next.read_end, &answer, sizeof(answer));
    running_.erase(running_.begin());
    close(next.read_end);
    waitpid(next.pid, nullptr, 0);
    if (told && answer.key == key) return answer;
  }
  return std::nullopt;
}

void Ahead::Start() {
  Cancel();
  for (int i = 0; i < copies_; i++) {
    int ends[2];
    if (pipe(ends) != 0) return;
    const pid_t pid = fork();
    if (pid == 0) {
      for (const Copy& other : running_) close(other.read_end);
      running_.clear();
      close(ends[0]);
      in_copy_ = true;
      skips_ = i + 1;
      write_end_ = ends[1];
      return;
    }
    close(ends[1]);
    if (pid < 0) {
      close(ends[0]);
      return;
    }
    running_.push_back({pid, ends[0]});
  }
}

void Ahead::Cancel() {
  for (const Copy& copy : running_) {
    kill(copy.pid, SIGKILL);
    close(copy.read_end);
    waitpid(copy.pid, nullptr, 0);
  }
  running_.clear();
}

}  // namespace highmem
