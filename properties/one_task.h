// A trace of one task that grows by one op at a time, each with what a model says must come of it.
// The subject of rc::state properties: run() appends, Verdict() executes.
#ifndef PROPERTIES_ONE_TASK_H_
#define PROPERTIES_ONE_TASK_H_

#include <string>
#include <vector>

#include "highmem/trace/executor.h"
#include "highmem/trace/trace.h"

namespace highmem::properties {

class OneTask {
 public:
  // Pages 0 .. high-1 are high, then come the low ones. The task runs on the last CPU.
  OneTask(const char* profile, int high, int low);

  // Appends the op, with expectations that must all hold.
  void Append(Op op, const std::vector<Expect>& expects);
  // A new variable for the op to make.
  int16_t NewVar();

  // Executes what has been appended; empty if everything expected came true.
  std::string Verdict();

  const Trace& trace() const { return trace_; }

 private:
  Trace trace_;
};

}  // namespace highmem::properties

#endif  // PROPERTIES_ONE_TASK_H_
