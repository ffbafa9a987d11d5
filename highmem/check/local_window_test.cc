#include "highmem/check/local_window.h"

#include <gmock/gmock.h>

#include "highmem/check/bench_for_test.h"
#include "highmem/machine/cpu.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class LocalWindowTest : public CheckBench {
 protected:
  explicit LocalWindowTest(const Profile* profile = nullptr)
      : CheckBench(true, /*local=*/true, profile) {}
  void LocalPte(int slot, Pfn page) {
    Task& self = task(machine.cpus[events.cpu()].curr);
    const uint32_t before = self.preempt_count;
    self.preempt_count = kPreemptOffset;
    CheckBench::LocalPte(slot, page);
    self.preempt_count = before;
  }
  // T1 leaves CPU 0 with one map of A, in good order.
  void LeaveWithOneMap() {
    MapLocal(A(), 0);
    machine.cpus[0].next_plus_1 = kTaskOfT4 + 1;
    Mark(EventKind::sched_out, kT1);
    LocalPte(0, kNoPfn);
    FlushLocal(0);
    SwitchTo(kTaskOfT4, kT4);
  }
  void ComeBack() { SwitchTo(kT1, kT1); }
};

TEST_F(LocalWindowTest, SilentOnNestedMapsAndASwitch) {
  LeaveWithOneMap();
  MapLocal(B(), 0);
  FillLocal(0);
  UnmapLocal(B(), 0);
  ComeBack();
  LocalPte(0, A());
  FillLocal(0);
  EnterIrq();
  MapLocal(C(), 1);
  UnmapLocal(C(), 1);
  ExitIrq(kT1);
  UnmapLocal(A(), 0);
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(LocalWindowTest, I25APageNobodyMapped) {
  LocalPte(2, B());
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I25));
}

TEST_F(LocalWindowTest, I25AMapIsTakenAway) {
  MapLocal(A(), 0);
  LocalPte(0, kNoPfn);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I25));
}

TEST_F(LocalWindowTest, I25AnotherCpusWindow) {
  As(kT2, 1);
  Begin(OpCode::kmap_local_page, A());
  Pte(FixKmapVpn(FixKmapIndexOf(0, 0)), A());
  EXPECT_THAT(Fired(), Contains(FindingId::I25));
}

TEST_F(LocalWindowTest, CallsUnderWayMayHoldTheirOwnPageOnly) {
  Begin(OpCode::kmap_local_page, A());
  LocalPte(0, A());
  EXPECT_THAT(Fired(), Not(Contains(FindingId::I25)));
  LocalPte(0, B());
  EXPECT_THAT(Fired(), Contains(FindingId::I25));
}

TEST_F(LocalWindowTest, I26TheSavedCopyIsForgotten) {
  MapLocal(A(), 0);
  Begin(OpCode::kunmap_local, A(), LocalAddress(0));
  ClearLocal(0);
  Saved(0, A());
  End(OpCode::kunmap_local, A());
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I26));
}

TEST_F(LocalWindowTest, I26TheIndexIsOffByOne) {
  Begin(OpCode::kmap_local_page, A());
  SetLocal(0, A());
  Idx(2);
  Fired();
  End(OpCode::kmap_local_page, A(), LocalAddress(0));
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I26));
}

TEST_F(LocalWindowTest, I31AMapIsNotRestored) {
  LeaveWithOneMap();
  ComeBack();
  EXPECT_THAT(Fired(), IsEmpty());
  Begin(OpCode::load, A());
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I31, FindingId::I25));
}

TEST_F(LocalWindowTest, I31IsOwedToTheTaskNotToHandlersOnTheWay) {
  LeaveWithOneMap();
  ComeBack();
  EnterIrq();
  Begin(OpCode::load, A());
  ExitIrq(kT1);
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(LocalWindowTest, I32TheMapsStayInTheWindow) {
  MapLocal(A(), 0);
  machine.cpus[0].next_plus_1 = kTaskOfT4 + 1;
  SwitchTo(kTaskOfT4, kT4);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I32, FindingId::I25));
}

TEST_F(LocalWindowTest, I32TheTlbRemembers) {
  MapLocal(A(), 0);
  FillLocal(0);
  machine.cpus[0].next_plus_1 = kTaskOfT4 + 1;
  LocalPte(0, kNoPfn);
  SwitchTo(kTaskOfT4, kT4);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I32));
}

// switch-restores-under-old-current
TEST_F(LocalWindowTest, I32TheMapsAreBackBeforeTheTaskIs) {
  LeaveWithOneMap();
  machine.cpus[0].next_plus_1 = kT1 + 1;
  LocalPte(0, A());
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I32, FindingId::I25));
}

TEST_F(LocalWindowTest, X12AMapGoesOverWhatAMistakeLeft) {
  Misuse();
  UnmapLocal(A(), 0);
  LocalPte(0, A());
  Begin(OpCode::kmap_local_page, B());
  EXPECT_THAT(Fired(), IsEmpty());
  LocalPte(0, B());
  EXPECT_THAT(Fired(), ElementsAre(FindingId::X12));
}

class GuardedWindowTest : public LocalWindowTest {
 protected:
  GuardedWindowTest() : LocalWindowTest(FindProfile("x86_tiny_debug")) {}
};

TEST_F(GuardedWindowTest, SilentOnEveryOtherSlot) {
  MapLocal(A(), 1);
  MapLocal(B(), 3);
  UnmapLocal(B(), 3);
  UnmapLocal(A(), 1);
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(GuardedWindowTest, I30AGuardIsMapped) {
  MapLocal(A(), 1);
  LocalPte(2, B());
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I30, FindingId::I25));
}

}  // namespace
}  // namespace highmem
