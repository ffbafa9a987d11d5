#include "highmem/kernel/wait.h"

#include "highmem/kernel/sched.h"
#include "highmem/machine/arena.h"
#include "highmem/machine/shared.h"

namespace highmem {
namespace {

WaitQueue* queues = nullptr;
int queue_count = 0;

}  // namespace

void WaitQueuesReset(int count) {
  queues = arena.Carve<WaitQueue>(count);
  queue_count = count;
}

int wait_queue_count() { return queue_count; }
const WaitQueue& wait_queue(int q) { return queues[q]; }
bool waitqueue_active(int q) {
  touched.shared = true;
  return queues[q].count != 0;
}

void WaitQueueAdd(int q, TaskId t) {
  WaitQueue& queue = queues[q];
  for (int i = queue.count; i > 0; i--) queue.tasks[i] = queue.tasks[i - 1];
  queue.tasks[0] = t;
  queue.count++;
  Emit(EventKind::wait_add, t, static_cast<uint32_t>(q));
}

void WaitQueueRemove(int q, TaskId t) {
  WaitQueue& queue = queues[q];
  int kept = 0;
  for (int i = 0; i < queue.count; i++)
    if (queue.tasks[i] != t) queue.tasks[kept++] = queue.tasks[i];
  for (int i = kept; i < queue.count; i++) queue.tasks[i] = 0;
  queue.count = static_cast<uint8_t>(kept);
  Emit(EventKind::wait_remove, t, static_cast<uint32_t>(q));
}

void WaitQueueWake(int q) {
  const WaitQueue& queue = queues[q];
  uint32_t woken = 0;
  for (int i = 0; i < queue.count; i++) woken += TryToWakeUp(queue.tasks[i]) ? 1 : 0;
  Emit(EventKind::wake, static_cast<uint32_t>(q), 0, woken);
}

}  // namespace highmem
