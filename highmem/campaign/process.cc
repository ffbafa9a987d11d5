#include "highmem/campaign/process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

extern char** environ;

namespace highmem {
namespace {

constexpr int kNice = 10;
constexpr double kPatience = 5;  // seconds from SIGTERM to SIGKILL

// In the child. Returns only if it failed.
void Become(char* const* argv, char* const* environment, int output, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);  // it has died meanwhile
  setpriority(PRIO_PROCESS, 0, kNice);
  // Not of the terminal's group: Ctrl-C is the campaign's alone, which then ends its children.
  setpgid(0, 0);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  execve(argv[0], argv, environment);
}

std::vector<char*> Pointers(std::vector<std::string>* words) {
  std::vector<char*> pointers;
  for (std::string& word : *words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool Process::Start(const std::vector<std::string>& argv,
                    const std::map<std::string, std::string>& variables, const std::string& output,
                    std::string* error) {
  std::vector<std::string> words = argv, settings;
  for (char** e = environ; *e != nullptr; e++) {
    const std::string setting = *e;
    if (variables.count(setting.substr(0, setting.find('='))) == 0) settings.push_back(setting);
  }
  for (const auto& [name, value] : variables) settings.push_back(name + "=" + value);
  const int file = open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) {
    *error = output + ": " + std::strerror(errno);
    return false;
  }
  if (access(argv[0].c_str(), X_OK) != 0) {
    *error = argv[0] + ": " + std::strerror(errno);
    close(file);
    return false;
  }
  const std::vector<char*> words_of = Pointers(&words), settings_of = Pointers(&settings);
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ == 0) {
    Become(words_of.data(), settings_of.data(), file, parent);
    _exit(127);
  }
  close(file);
  begun_ = Now();
  ended_ = 0;
  if (pid_ > 0) return true;
  *error = argv[0] + ": " + std::strerror(errno);
  pid_ = 0;
  return false;
}

void Process::NoteEnd(int status) {
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  ended_ = Now();
  pid_ = 0;
}

bool Process::Running() {
  if (pid_ == 0) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
  NoteEnd(status);
  return false;
}

void Process::Stop() {
  if (pid_ == 0) return;
  kill(pid_, SIGTERM);
  const double until = Now() + kPatience;
  while (Running() && Now() < until) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  Kill();
}

void Process::Kill() {
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  int status = 0;
  if (waitpid(pid_, &status, 0) == pid_) NoteEnd(status);
}

bool Process::killed() const { return exit_code_ == 128 + SIGKILL || exit_code_ == 128 + SIGTERM; }

double Process::seconds() const { return (pid_ == 0 ? ended_ : Now()) - begun_; }

}  // namespace highmem
