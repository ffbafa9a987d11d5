// Cells (highmem/coverage) as extra counters of libFuzzer: an input that comes through a cell that
// no other came through is kept, though it runs no code that is new.
#ifndef HIGHMEM_FUZZ_STATE_FEEDBACK_H_
#define HIGHMEM_FUZZ_STATE_FEEDBACK_H_

#include "highmem/coverage/state_cells.h"

namespace highmem {

// One a process. Its counters are cleared at the beginning of each run.
StateCells& FeedbackCells();
void ClearFeedback();

}  // namespace highmem

#endif  // HIGHMEM_FUZZ_STATE_FEEDBACK_H_
