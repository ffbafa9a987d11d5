// Tasks and the packed preempt_count. (include/linux/preempt.h, include/linux/sched.h)
#ifndef HIGHMEM_KERNEL_TASK_H_
#define HIGHMEM_KERNEL_TASK_H_

#include <cstdint>

#include "highmem/machine/cpu.h"
#include "highmem/machine/event.h"
#include "highmem/machine/machine.h"
#include "highmem/machine/types.h"

namespace highmem {

enum class TaskState : uint8_t { kRunning, kUninterruptible, kDead, kNew };

// preempt_count is one word: preemption depth in bits 0-7, softirqs in 8-15, hardirqs in 16-19,
// NMIs in 20-23.
inline constexpr uint32_t kPreemptOffset = 1u << 0;
inline constexpr uint32_t kSoftirqOffset = 1u << 8;
inline constexpr uint32_t kHardirqOffset = 1u << 16;
inline constexpr uint32_t kNmiOffset = 1u << 20;
inline constexpr uint32_t kPreemptMask = 0xff;
inline constexpr uint32_t kSoftirqMask = 0xff00;
inline constexpr uint32_t kHardirqMask = 0xf0000;
inline constexpr uint32_t kNmiMask = 0xf00000;

struct Task {
  uint32_t preempt_count;
  TaskState state;
  CpuId cpu;      // where it runs or last ran
  uint8_t on_rq;  // runnable (the current task included)
  uint8_t is_idle;
  uint8_t migration_disabled;  // depth; pinned to `cpu` unless 0
  int8_t pagefault_disabled;   // depth
  uint8_t pkey_open;           // its protection key register lets it use what the key protects
  uint8_t unused;
};

// Makes `count` tasks, task t on CPU cpu_of[t], none started, plus an idle task per CPU, current
// there. Task ids are frame-stack numbers. Frames of tasks are started by the executor. Tasks of
// the mask `unborn` become runnable only when somebody forks them.
void TasksReset(int count, const CpuId* cpu_of, uint32_t unborn = 0);

namespace internal {
extern Task* tasks;
extern int tasks_count;
}  // namespace internal

inline Task& task(TaskId t) { return internal::tasks[t]; }
inline int task_count() { return internal::tasks_count; }  // idle tasks excluded
inline TaskId IdleTask(CpuId cpu) { return static_cast<TaskId>(task_count() + cpu); }

// smp_processor_id(). Never keep it across a co_await in preemptible code.
inline CpuId ThisCpu() { return events.cpu(); }
inline Cpu& this_cpu() { return machine.cpus[ThisCpu()]; }
inline TaskId CurrentTaskId() { return this_cpu().curr; }
inline Task& current() { return task(CurrentTaskId()); }

inline bool in_nmi() { return (current().preempt_count & kNmiMask) != 0; }
inline bool in_hardirq() { return (current().preempt_count & kHardirqMask) != 0; }
inline bool in_interrupt() {
  return (current().preempt_count & (kNmiMask | kHardirqMask | kSoftirqMask)) != 0;
}
inline bool in_atomic() { return current().preempt_count != 0; }
inline bool irqs_disabled() { return this_cpu().irqs_on == 0; }
// False where __might_sleep would complain.
inline bool MaySleep() { return !in_atomic() && !irqs_disabled(); }

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_TASK_H_
