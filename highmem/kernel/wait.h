// Wait queues: non-exclusive entries, newest first; a wake-up makes all of them runnable and
// removes none. Each operation is one step, the queue's inner lock folded in. (kernel/sched/wait.c)
#ifndef HIGHMEM_KERNEL_WAIT_H_
#define HIGHMEM_KERNEL_WAIT_H_

#include <cstdint>

#include "highmem/kernel/primitive.h"
#include "highmem/kernel/task.h"

namespace highmem {

// Queue q of the run; the pkmap pool uses one per colour.
struct WaitQueue {
  uint8_t count;
  TaskId tasks[kMaxTasks];  // newest first
};

void WaitQueuesReset(int count);
int wait_queue_count();
const WaitQueue& wait_queue(int q);
bool waitqueue_active(int q);

// Current goes to the head of queue q / leaves it.
inline Prim add_wait_queue(int q) { return Prim(PrimKind::add_wait, static_cast<uint32_t>(q)); }
inline Prim remove_wait_queue(int q) {
  return Prim(PrimKind::remove_wait, static_cast<uint32_t>(q));
}
inline Prim wake_up(int q) { return Prim(PrimKind::wake_up, static_cast<uint32_t>(q)); }

// The effects; for kernel/perform.cc alone.
void WaitQueueAdd(int q, TaskId t);
void WaitQueueRemove(int q, TaskId t);
void WaitQueueWake(int q);

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_WAIT_H_
