// What the valid lane admits passes under every schedule, and leaves the machine as it was.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "highmem/kernel/task.h"
#include "highmem/kmap/introspect.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"
#include "highmem/machine/tlb.h"
#include "properties/programs.h"
#include "properties/verdict_of.h"

namespace highmem::properties {
namespace {

uint64_t Seed() { return *rc::gen::noShrink(rc::gen::arbitrary<uint64_t>()); }

// Counters, indexes, windows: all as at boot. Says what is not.
std::string LeftBehind(const Executor& executor) {
  const Profile& p = machine.profile;
  const uint32_t forked = executor.trace().forked();
  for (int t = 0; t < task_count() + p.cpus; t++) {
    const auto id = static_cast<TaskId>(t);
    const std::string who = "task " + std::to_string(t);
    if (kmap_ctrl_view()->idx(id) != 0) return who + " has local maps";
    for (int i = 0; i < p.km_max_idx; i++)
      if (!kmap_ctrl_view()->pteval(id, i).none()) return who + " remembers a PTE";
    if (task(id).pagefault_disabled != 0) return who + " has page faults off";
    // A child of a pinned parent inherits the pin (SPEC X17).
    if (task(id).migration_disabled != 0 && forked == 0) return who + " is pinned";
  }
  for (int slot = 0; slot < FixKmapSlots(); slot++) {
    if (!PteGet(FixKmapVpn(slot)).none()) return "a window holds a PTE";
    const int cpu = slot / p.km_max_idx;
    if (!TlbGet(cpu, FixKmapVpn(slot)).none()) return "a TLB knows its CPU's window";
  }
  return "";
}

void PassesAndLeavesNothing(const Shape& shape, Strategy strategy) {
  static Executor executor;
  const Trace trace = *ValidProgram(shape);
  const uint64_t seed = Seed();
  const Outcome outcome = VerdictOf(executor, trace, strategy, seed);
  RC_CLASSIFY(outcome.steps > 200, "more than 200 steps");
  RC_TAG(trace.actors.size());
  if (!outcome.passed()) RC_FAIL(Falsified(executor, trace, strategy, seed));
  RC_ASSERT(outcome.status == RunStatus::done);
  RC_ASSERT(LeftBehind(executor) == "");
}

RC_GTEST_PROP(ValidPrograms, PkmapPasses, ()) {
  PassesAndLeavesNothing({.profile = "x86_tiny", .family = Family::pkmap, .tasks = 3},
                         Strategy::random);
}

RC_GTEST_PROP(ValidPrograms, LocalPasses, ()) {
  PassesAndLeavesNothing({.family = Family::local, .tasks = 3}, Strategy::random);
}

RC_GTEST_PROP(ValidPrograms, LocalWithGuardsPasses, ()) {
  PassesAndLeavesNothing({.profile = "x86_tiny_debug", .family = Family::local, .tasks = 3},
                         Strategy::random);
}

RC_GTEST_PROP(ValidPrograms, HandlersPass, ()) {
  PassesAndLeavesNothing({.family = Family::handlers, .tasks = 2}, Strategy::random);
}

RC_GTEST_PROP(ValidPrograms, DefaultOrderPasses, ()) {
  PassesAndLeavesNothing({.family = Family::handlers, .tasks = 3, .ops = 12}, Strategy::usual);
}

}  // namespace
}  // namespace highmem::properties
