#include "highmem/check/context_rules.h"

#include <gmock/gmock.h>

#include "highmem/check/bench_for_test.h"
#include "highmem/kernel/primitive.h"
#include "highmem/machine/cpu.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class ContextRulesTest : public CheckBench {
 protected:
  ContextRulesTest() : CheckBench(true, /*local=*/true) {}
};

TEST_F(ContextRulesTest, SilentOnAnAtomicSectionAndASwitch) {
  Begin(OpCode::kmap_atomic, A());
  SetLocal(0, A());
  task(kT1).preempt_count = 1;
  task(kT1).pagefault_disabled = 1;
  End(OpCode::kmap_atomic, A(), LocalAddress(0));
  Begin(OpCode::kunmap_atomic, A(), LocalAddress(0));
  ClearLocal(0);
  task(kT1).preempt_count = 0;
  task(kT1).pagefault_disabled = 0;
  End(OpCode::kunmap_atomic, A());
  SwitchTo(kTaskOfT4, kT4);
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(ContextRulesTest, C1ATaskIsSwitchedOutInASection) {
  task(kT1).preempt_count = 2;
  Emit(EventKind::task_switch, kT1, 0, kTaskOfT4);
  machine.cpus[0].curr = kTaskOfT4;
  Step();
  EXPECT_THAT(Fired(), ElementsAre(FindingId::C1));
}

TEST_F(ContextRulesTest, C1SomethingMightSleepInTheValidLane) {
  Begin(OpCode::kmap, A());
  Mark(EventKind::splat, static_cast<uint32_t>(Site::kmap_might_sleep));
  EXPECT_THAT(Fired(), ElementsAre(FindingId::C1));
  Misuse();
  Begin(OpCode::kmap, A());
  Mark(EventKind::splat, static_cast<uint32_t>(Site::kmap_might_sleep));
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(ContextRulesTest, C1ALocalMapTakesALock) {
  Begin(OpCode::kmap_local_page, A());
  Lock();
  EXPECT_THAT(Fired(), Contains(FindingId::C1));
}

TEST_F(ContextRulesTest, C1ALocalMapSleeps) {
  Begin(OpCode::kmap_local_page, A());
  Mark(EventKind::wait_add, kT1);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::C1));
}

TEST_F(ContextRulesTest, C1TheIndexMovesInPreemptibleCode) {
  Begin(OpCode::kmap_local_page, A());
  Pin(1);
  Idx(1);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::C1));
}

TEST_F(ContextRulesTest, C1TheSlotIsWrittenInPreemptibleCode) {
  Begin(OpCode::kmap_local_page, A());
  LocalPte(0, A());
  EXPECT_THAT(Fired(), ElementsAre(FindingId::C1));
}

TEST_F(ContextRulesTest, C1AnAtomicMapLeavesPreemptionOn) {
  Begin(OpCode::kmap_atomic, L());
  End(OpCode::kmap_atomic, L(), lowmem_page_address(pfn_to_page(L())));
  EXPECT_THAT(Fired(), ElementsAre(FindingId::C1, FindingId::I24));
}

}  // namespace
}  // namespace highmem
