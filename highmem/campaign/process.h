// A child process: a fuzzer, what weighs its corpus, a minimization. It dies with this one.
#ifndef HIGHMEM_CAMPAIGN_PROCESS_H_
#define HIGHMEM_CAMPAIGN_PROCESS_H_

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace highmem {

class Process {
 public:
  Process() = default;
  ~Process() { Kill(); }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Runs argv[0] with these variables added to the environment, what it prints going into a file,
  // at a low priority: the machine stays usable. False and a sentence in *error if it cannot begin.
  bool Start(const std::vector<std::string>& argv,
             const std::map<std::string, std::string>& variables, const std::string& output,
             std::string* error);
  // False when it has ended, or was never begun; does not wait.
  bool Running();
  // Asks it to end (SIGTERM) and waits some seconds; then ends it.
  void Stop();
  void Kill();
  // Of one that ended: its exit code, or 128 + the signal that ended it.
  int exit_code() const { return exit_code_; }
  // Somebody ended it from outside.
  bool killed() const;
  double seconds() const;             // it has run
  pid_t pid() const { return pid_; }  // 0 when it has ended

 private:
  void NoteEnd(int status);

  pid_t pid_ = 0;
  int exit_code_ = 0;
  double begun_ = 0, ended_ = 0;
};

// Seconds of a clock that never goes back.
double Now();

}  // namespace highmem

#endif  // HIGHMEM_CAMPAIGN_PROCESS_H_
