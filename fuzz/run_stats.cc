#include "fuzz/run_stats.h"

#include <algorithm>
#include <cstdio>

#include "highmem/kernel/context.h"

namespace highmem {
namespace {

// True if the task that an interrupt on this CPU has just interrupted is inside an op.
bool InterruptedInsideCall(const Executor& executor, CpuId cpu) {
  const ActorId actor = executor.ActorOf(machine.cpus[cpu].curr);
  return actor != kNoActor && actor_state(actor).in_op != 0;
}

double Share(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

double RunStats::Seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void RunStats::BeginExecution(uint32_t ops_kept, uint32_t ops_skipped) {
  executions_++;
  ops_kept_ += ops_kept;
  ops_skipped_ += ops_skipped;
  seen_ = {};
}

void RunStats::OnEvents(const Executor& executor, std::span<const Event> events) {
  for (const Event& e : events) {
    switch (e.kind) {
      case EventKind::sleep: seen_.sleep = true; break;
      case EventKind::sweep_begin: seen_.sweep = true; break;
      case EventKind::irq_enter:
        seen_.irq_inside_call |= InterruptedInsideCall(executor, e.cpu);
        break;
      default: break;
    }
  }
}

void RunStats::EndExecution(uint64_t steps, bool finding) {
  steps_ += steps;
  with_sleep_ += seen_.sleep;
  with_sweep_ += seen_.sweep;
  with_irq_inside_ += seen_.irq_inside_call;
  findings_ += finding;
}

void RunStats::PrintProgressIfDue() {
  if (executions_ % 256 != 0) return;
  const double now = Seconds();
  if (now < next_progress_) return;
  next_progress_ = now + 2;
  std::fprintf(
      stderr, "highmem: %.0fs %.0f exec/s %.2fM steps/s %.1f%% ops skipped %llu findings\n", now,
      static_cast<double>(executions_) / now, static_cast<double>(steps_) / now / 1e6,
      Share(ops_skipped_, ops_kept_ + ops_skipped_), static_cast<unsigned long long>(findings_));
}

void RunStats::PrintSummary() const {
  const double seconds = std::max(Seconds(), 1e-9);
  std::fprintf(
      stderr,
      "highmem: summary\n"
      "  executions            %llu in %.0f s, %.0f /s, %.2f M steps/s\n"
      "  ops executed          %.1f %% of those decoded\n"
      "  executions with       sleep %.1f %%, wrap %.1f %%, interrupt inside a call %.1f %%\n"
      "  findings              %llu\n",
      static_cast<unsigned long long>(executions_), seconds,
      static_cast<double>(executions_) / seconds, static_cast<double>(steps_) / seconds / 1e6,
      Share(ops_kept_, ops_kept_ + ops_skipped_), Share(with_sleep_, executions_),
      Share(with_sweep_, executions_), Share(with_irq_inside_, executions_),
      static_cast<unsigned long long>(findings_));
}

}  // namespace highmem
