#include "highmem/verdict/outcome.h"

namespace highmem {

Outcome RunOnce(Executor& executor, Judge& judge, const Trace& trace, Chooser& chooser) {
  executor.Load(trace, &judge);
  executor.Run(chooser);
  judge.Finish(executor);
  return {executor.status(), judge.finding(), executor.steps()};
}

int ExitCode(const Outcome& outcome) {
  return outcome.finding ? Info(outcome.finding.id).exit_code : 0;
}

}  // namespace highmem
