// Finds the schedule with the fewest decisions under which a program fails in a given way: breadth
// first over decisions, each run followed in the default order until it meets a state that has been
// seen. (schedule/explore.h walks all of them, but its first finding may need any number of
// decisions.)
//
// A decision that only says which task runs first counts nothing: it becomes `start`. (RULINGS 10)
#ifndef HIGHMEM_SHRINK_SEARCH_H_
#define HIGHMEM_SHRINK_SEARCH_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "highmem/trace/executor.h"
#include "highmem/verdict/judge.h"

namespace highmem {

struct SearchLimits {
  uint64_t max_states = 20'000;
  int max_decisions = 3;
  // Of those: decisions in the middle of an op, where nobody would change over by himself. With few
  // of them one gets a lot further.
  int max_inside = 1000;
};

struct SearchResult {
  bool found = false;
  std::vector<Decision> decisions;  // if found
  bool complete = false;            // else: nothing within max_decisions and max_inside fails so
  uint64_t states = 0;              // visited
};

// `other` is told of findings that are not the same failure, with the decisions that lead there.
// The schedule of `trace` does not matter. Runs that end at the step bound are not followed so far.
SearchResult FindSchedule(Executor& executor, Judge& judge, const Trace& trace,
                          const Finding& wanted, const SearchLimits& limits,
                          const std::function<void(const Finding&, std::vector<Decision>)>& other);

}  // namespace highmem

#endif  // HIGHMEM_SHRINK_SEARCH_H_
