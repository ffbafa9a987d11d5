#include "highmem/model/duties.h"

#include "highmem/model/model_for_test.h"

namespace highmem::model {
namespace {

TEST_F(MisuseTest, X2AKunmapTooManyMustNotReturn) {
  Kmap(kT1, A(), 1);
  EXPECT_EQ(Kunmap(kT1, A()), kFine);
  EXPECT_EQ(Kunmap(kT1, A()), FindingId::X2);
}

TEST_F(MisuseTest, ItsBugIsDeserved) {
  Kmap(kT1, A(), 1);
  Kunmap(kT1, A());
  Begin(kT1, OpCode::kunmap, A());
  EXPECT_EQ(Diagnosis(kT1, EventKind::bug, Site::kunmap_high_count), kFine);
  EXPECT_EQ(Diagnosis(kT1, EventKind::bug, Site::kunmap_high_vaddr), kFine);
  EXPECT_EQ(Diagnosis(kT1, EventKind::bug, Site::kmap_high_count), FindingId::S1);
}

TEST_F(MisuseTest, X1SleepWhereItIsForbiddenIsReported) {
  EXPECT_EQ(Kmap(kH3, A(), 1), FindingId::X1);
  Begin(kH3, OpCode::kunmap, A());
  EXPECT_EQ(Diagnosis(kH3, EventKind::splat, Site::kunmap_might_sleep), kFine);
  EXPECT_EQ(End(kH3, OpCode::kunmap, ResultKind::ok, 0, A()), kFine);
  Begin(kH3, OpCode::kmap, A());  // the BUG alone will not do
  EXPECT_EQ(Diagnosis(kH3, EventKind::bug, Site::scheduling_while_atomic), FindingId::X1);
}

TEST_F(MisuseTest, X26SleepInsideKmapAtomicIsReported) {
  MapLocal(kT1, A(), 0, OpCode::kmap_atomic);
  EXPECT_EQ(Kmap(kT1, B(), 1), FindingId::X26);
  EXPECT_EQ(Call(kT1, OpCode::yield), FindingId::X26);
  Begin(kT1, OpCode::yield, kNoPfn);
  EXPECT_EQ(Diagnosis(kT1, EventKind::bug, Site::scheduling_while_atomic), kFine);
}

TEST_F(MisuseTest, X9AReleaseOutOfOrderIsReportedOnce) {
  MapLocal(kT1, A(), 0);
  MapLocal(kT1, B(), 1);
  EXPECT_EQ(UnmapLocal(kT1, A(), FixKmapAddr(0)), FindingId::X9);
  MapLocal(kT1, B(), 1);
  Begin(kT1, OpCode::kunmap_local, A(), FixKmapAddr(0));
  EXPECT_EQ(Diagnosis(kT1, EventKind::warn, Site::kunmap_local_not_top), kFine);
  EXPECT_EQ(End(kT1, OpCode::kunmap_local, ResultKind::ok, 0, A()), kFine);
  EXPECT_EQ(UnmapLocal(kT1, B(), FixKmapAddr(1)), kFine);
}

// Two at once: whoever of them reports, the other need not.

TEST_F(MisuseTest, X9TheReportMayBeUsedUpBySomebodyElse) {
  for (const ActorId who : {kT1, kT2}) {
    MapLocal(who, A(), who * 5);
    MapLocal(who, B(), who * 5 + 1);
    Begin(who, OpCode::kunmap_local, A(), FixKmapAddr(who * 5));
  }
  EXPECT_EQ(End(kT1, OpCode::kunmap_local, ResultKind::ok, 0, A()), kFine);
  EXPECT_EQ(End(kT2, OpCode::kunmap_local, ResultKind::ok, 0, A()), FindingId::X9);
}

TEST_F(MisuseTest, X10AReleaseOfNothingIsReportedAndFatal) {
  EXPECT_EQ(UnmapLocal(kT1, A(), FixKmapAddr(0)), FindingId::X10);
  Begin(kT1, OpCode::kunmap_local, A(), FixKmapAddr(0));
  EXPECT_EQ(Diagnosis(kT1, EventKind::bug, Site::kmap_local_idx_pop_depth), FindingId::X10);
  // The slot before CPU1's first: no report.
  Begin(kT2, OpCode::kunmap_local, A(), FixKmapAddr(4));
  EXPECT_EQ(Diagnosis(kT2, EventKind::bug, Site::kmap_local_idx_pop_depth), kFine);
}

TEST_F(MisuseTest, X11OneMapTooManyIsFatal) {
  for (int i = 0; i < 4; i++) EXPECT_EQ(MapLocal(kT1, A(), i), kFine);
  Begin(kT1, OpCode::kmap_local_page, A());
  EXPECT_EQ(Diagnosis(kT1, EventKind::bug, Site::kmap_local_idx_push_depth), kFine);
  EXPECT_EQ(End(kT1, OpCode::kmap_local_page, ResultKind::fix, FixKmapAddr(4), A()),
            FindingId::X11);
}

TEST_F(MisuseTest, X12ABusySlotIsExplainedByAMapLeftInTheMiddleOfACall) {
  Happens(kT1, EventKind::task_switch, 2, 0, 0);  // T1 on CPU0, H3 on top of it
  Happens(kH3, EventKind::actor_end, kH3);
  Happens(kH3, EventKind::actor_begin, kH3);
  MapLocal(kT1, A(), 0);
  Begin(kT1, OpCode::kunmap_local, A(), FixKmapAddr(0));
  MapLocal(kH3, B(), 1);
  Begin(kT2, OpCode::kmap_local_page, A());
  EXPECT_EQ(Diagnosis(kT2, EventKind::bug, Site::kmap_local_pfn_prot_pte), FindingId::S1);
  Happens(kH3, EventKind::actor_end, kH3);
  EXPECT_EQ(Diagnosis(kT2, EventKind::bug, Site::kmap_local_pfn_prot_pte), kFine);
}

TEST_F(MisuseTest, X13AMapInHardirqWithInterruptsOnIsReported) {
  EXPECT_EQ(MapLocal(kH3, A(), 0), kFine);
  Call(kH3, OpCode::local_irq_enable);
  EXPECT_EQ(MapLocal(kH3, A(), 1), FindingId::X13);
  Begin(kT1, OpCode::kmap_local_page, A());
  EXPECT_EQ(Diagnosis(kT1, EventKind::warn, Site::kmap_local_idx_push_hardirq), FindingId::S1);
}

TEST_F(MisuseTest, X16APageForAnAddressReleasesNothing) {
  MapLocal(kT1, A(), 0);
  EXPECT_EQ(UnmapLocal(kT1, A(), struct_page_address(pfn_to_page(A()))), kFine);
  EXPECT_EQ(Fault(kT1, A(), FixKmapAddr(0)), FindingId::D2);
  Begin(kT1, OpCode::kunmap_local, A(), struct_page_address(pfn_to_page(A())));
  EXPECT_EQ(Diagnosis(kT1, EventKind::warn, Site::kunmap_local_not_top), FindingId::S1);
}

TEST_F(MisuseTest, X28SetPageAddressOfALowPageIsFatal) {
  Begin(kT1, OpCode::set_page_address, L());
  EXPECT_EQ(Diagnosis(kT1, EventKind::bug, Site::set_page_address_low), kFine);
  EXPECT_EQ(End(kT1, OpCode::set_page_address, ResultKind::ok, 0, L()), FindingId::X28);
}

// A kmap under way may pay for it or not: both outcomes have an order that explains them.

TEST_F(MisuseTest, CallsUnderWayExcuseBothOutcomes) {
  Begin(kT2, OpCode::kmap, A());
  Begin(kT1, OpCode::kunmap, A());
  EXPECT_EQ(Diagnosis(kT1, EventKind::bug, Site::kunmap_high_vaddr), kFine);
  EXPECT_EQ(End(kT1, OpCode::kunmap, ResultKind::ok, 0, A()), kFine);
}

// A stolen pin: the victim pays for it later, and nothing is promised about the page any more.

TEST_F(MisuseTest, WhoIsOffTheRailsGetsAnyContextDiagnosis) {
  Begin(kT1, OpCode::unlock, kNoPfn);
  End(kT1, OpCode::unlock, ResultKind::ok, 0, kNoPfn);
  Begin(kT1, OpCode::kmap, A());
  EXPECT_EQ(Diagnosis(kT1, EventKind::splat, Site::kmap_might_sleep), kFine);
  Begin(kT2, OpCode::kmap, A());
  EXPECT_EQ(Diagnosis(kT2, EventKind::splat, Site::kmap_might_sleep), FindingId::S1);
}

TEST_F(MisuseTest, AHandlerThatLeavesASectionOpenTakesEverybodyAlong) {
  Begin(kH3, OpCode::lock, kNoPfn);
  End(kH3, OpCode::lock, ResultKind::ok, 0, kNoPfn);
  Happens(kH3, EventKind::actor_end, kH3);
  Begin(kT2, OpCode::kmap, A());
  EXPECT_EQ(Diagnosis(kT2, EventKind::splat, Site::kmap_might_sleep), kFine);
}

}  // namespace
}  // namespace highmem::model
