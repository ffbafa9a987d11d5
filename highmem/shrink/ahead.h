// Looks at the next candidates while this one is being looked at. Most candidates of a shrink fail,
// so copies of the process (fork) go on as if those before theirs had failed, look at theirs and
// tell. The shrinker takes an answer only for the very candidate it comes to, so the result is that
// of one process, whatever the number of jobs.
#ifndef HIGHMEM_SHRINK_AHEAD_H_
#define HIGHMEM_SHRINK_AHEAD_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace highmem {

// A candidate that takes as long, in seconds, pays for a copy: for the pages both write to
// afterwards, of which the address sanitizer has many.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HIGHMEM_COPIES_ARE_DEAR 1
#endif
#endif
#ifdef HIGHMEM_COPIES_ARE_DEAR
inline constexpr double kWorthAProcess = 0.3;
#undef HIGHMEM_COPIES_ARE_DEAR
#else
inline constexpr double kWorthAProcess = 0.01;
#endif

// What a copy has found out about one candidate.
struct AheadAnswer {
  uint64_t key;           // the candidate, as given to Tell
  bool useful;            // it does not fail as wanted, and nothing else was met
  bool certain;           // of that
  bool searched;          // for schedules, with so many
  uint64_t max_states;    // ...states
  int32_t max_decisions;  // ...decisions
  uint64_t runs;          // made
  uint64_t states;        // visited
};

class Ahead {
 public:
  // `jobs` processes in all. At 1 nothing is looked at ahead.
  explicit Ahead(int jobs) : copies_(jobs - 1) {}
  Ahead(const Ahead&) = delete;
  Ahead& operator=(const Ahead&) = delete;
  ~Ahead() { Cancel(); }

  bool off() const { return copies_ < 1; }
  bool in_copy() const { return in_copy_; }

  // In a copy: true while the candidate is another's, to be taken for one that does not fail.
  bool Skip() { return in_copy_ && skips_-- > 0; }
  // In a copy: gives the answer and ends the process.
  [[noreturn]] void Tell(const AheadAnswer& answer);
  // In a copy: ends the process without one. Elsewhere nothing happens.
  void EndCopy();

  // The answer to this candidate, if a copy looks at it: waits for it.
  std::optional<AheadAnswer> Take(uint64_t key);
  // Starts the copies; returns in each of them, too. Those that were are ended.
  void Start();
  // Ends the copies: what they took for granted has not happened.
  void Cancel();

 private:
  struct Copy {
    pid_t pid;
    int read_end;  // of the pipe with its answer
  };

  int copies_;
  bool in_copy_ = false;
  int skips_ = 0;
  int write_end_ = -1;
  std::vector<Copy> running_;
};

}  // namespace highmem

#endif  // HIGHMEM_SHRINK_AHEAD_H_
