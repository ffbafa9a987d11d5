// Moves as choosers draw them and searches list them: from the mask of what is enabled, and from
// what the hardware may do.
#ifndef HIGHMEM_SCHEDULE_MOVES_H_
#define HIGHMEM_SCHEDULE_MOVES_H_

#include <vector>

#include "highmem/schedule/seed.h"
#include "highmem/trace/chooser.h"
#include "highmem/trace/executor.h"

namespace highmem {

// The move that a bit of the mask (0 .. 31) stands for.
Move MoveOfBit(const Executor& executor, int bit);

// One of the enabled moves, each as likely as any other; `enabled` is not empty.
Move AnyMove(const Executor& executor, MoveMask enabled, SeededNumbers& numbers);

// Appends every fill, eviction, write-back and migration that the hardware, or the scheduler, may
// do now: by CPU, then by task.
void ListHardwareMoves(const Executor& executor, std::vector<Move>* moves);

// Thrice in `odds` calls (at least 3): a fill or an eviction, of any CPU and page that allow it, or
// a migration. False if it is not the time, or if that CPU or task has none.
bool AnyHardwareMove(const Executor& executor, uint32_t odds, SeededNumbers& numbers, Move* move);

}  // namespace highmem

#endif  // HIGHMEM_SCHEDULE_MOVES_H_
