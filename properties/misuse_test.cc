// Misuse gets the diagnosis the model predicts, or none: whatever a broken program does, no rule is
// broken beyond what the misuse itself explains, and the harness survives it.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "highmem/verdict/callers_own.h"
#include "properties/programs.h"
#include "properties/verdict_of.h"

namespace highmem::properties {
namespace {

void OnlyTheMisuseShows(const Shape& shape) {
  static Executor executor;
  const Trace trace = *Misuse(shape);
  const uint64_t seed = *rc::gen::noShrink(rc::gen::arbitrary<uint64_t>());
  const Outcome outcome = VerdictOf(executor, trace, Strategy::random, seed);
  if (outcome.passed() || CallersOwn(outcome.finding.id)) return;
  RC_FAIL(Falsified(executor, trace, Strategy::random, seed));
}

RC_GTEST_PROP(MisusePrograms, Local, ()) {
  OnlyTheMisuseShows({.profile = "x86_tiny", .family = Family::local});
}
RC_GTEST_PROP(MisusePrograms, Handlers, ()) {
  OnlyTheMisuseShows({.profile = "x86_tiny", .family = Family::handlers});
}

RC_GTEST_PROP(MisusePrograms, Slots, ()) {
  OnlyTheMisuseShows({.profile = "x86_tiny_e1_debug", .family = Family::atomic});
}
RC_GTEST_PROP(MisusePrograms, SlotsWhoseEntriesStay, ()) {
  OnlyTheMisuseShows({.profile = "mips_tiny_e1", .family = Family::atomic});
}
RC_GTEST_PROP(MisusePrograms, Stack, ()) {
  OnlyTheMisuseShows({.profile = "x86_tiny_e2", .family = Family::atomic});
}
RC_GTEST_PROP(MisusePrograms, StackDebug, ()) {
  OnlyTheMisuseShows({.profile = "mips_tiny_e2_debug", .family = Family::atomic});
}

}  // namespace
}  // namespace highmem::properties
