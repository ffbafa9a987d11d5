#include "highmem/model/model.h"

#include "highmem/model/model_for_test.h"

namespace highmem::model {
namespace {

TEST_F(ModelTest, LoadsReturnInitialThenStoredBytes) {
  const Vaddr a = PKMAP_ADDR(1);
  EXPECT_EQ(Kmap(kT1, A(), 1), kFine);
  EXPECT_EQ(Load(kT1, A(), a + 3, InitialByte(A(), 3)), kFine);
  EXPECT_EQ(Store(kT1, A(), a + 3, 0xee, A()), kFine);
  EXPECT_EQ(Load(kT1, A(), a + 3, 0xee), kFine);
  EXPECT_EQ(Load(kT1, A(), a + 3, InitialByte(A(), 3)), FindingId::D1);
}

// The page the pointer was issued for decides, not the frame the machine went to.
TEST_F(ModelTest, D1AStoreThatWentElsewhereIsMissed) {
  Kmap(kT1, A(), 1);
  Store(kT1, A(), PKMAP_ADDR(1), 0xee, B());
  EXPECT_EQ(Load(kT1, A(), PKMAP_ADDR(1), InitialByte(A(), 0)), FindingId::D1);
  EXPECT_EQ(Load(kT1, A(), PKMAP_ADDR(1), 0xee), kFine);
}

TEST_F(ModelTest, D2OnlyAPointerThatIsGoodMustNotFault) {
  Kmap(kT1, A(), 1);
  EXPECT_EQ(Fault(kT1, A(), PKMAP_ADDR(1)), FindingId::D2);
  Kunmap(kT1, A());
  EXPECT_EQ(Fault(kT1, A(), PKMAP_ADDR(1)), kFine);
  EXPECT_EQ(Fault(kT1, L(), lowmem_page_address(pfn_to_page(L()))), FindingId::D2);
  EXPECT_EQ(Fault(kT1, L(), 5), kFine);  // a variable nobody filled
}

TEST_F(ModelTest, APostedMapIsTheTakersToUse) {
  Kmap(kT1, A(), 1);
  Begin(kT1, OpCode::post, A(), PKMAP_ADDR(1));
  Happens(kT1, EventKind::post, A(), PKMAP_ADDR(1));
  End(kT1, OpCode::post, ResultKind::ok, PKMAP_ADDR(1), A());
  Begin(kT2, OpCode::take, kNoPfn, kT1);
  End(kT2, OpCode::take, ResultKind::pkmap, PKMAP_ADDR(1), A());
  EXPECT_EQ(Fault(kT2, A(), PKMAP_ADDR(1)), FindingId::D2);
  EXPECT_EQ(Kunmap(kT2, A()), kFine);
  EXPECT_EQ(Fault(kT2, A(), PKMAP_ADDR(1)), kFine);
}

TEST_F(ModelTest, ABorrowedAddressIsGoodWhileSomebodyHoldsThePage) {
  Kmap(kT1, A(), 1);
  EXPECT_EQ(Fault(kH3, A(), PKMAP_ADDR(1)), FindingId::D2);
  EXPECT_EQ(Fault(kH3, A(), PKMAP_ADDR(2)), kFine);
  Begin(kT1, OpCode::kunmap, A());
  EXPECT_EQ(Fault(kH3, A(), PKMAP_ADDR(1)), kFine);
}

TEST_F(ModelTest, S1ResultsAreOfTheRightKind) {
  Begin(kT1, OpCode::kmap, A());
  EXPECT_EQ(End(kT1, OpCode::kmap, ResultKind::null, 0, A()), FindingId::S1);
  Begin(kT1, OpCode::kmap, L());
  EXPECT_EQ(End(kT1, OpCode::kmap, ResultKind::pkmap, PKMAP_ADDR(0), L()), FindingId::S1);
  Begin(kT1, OpCode::kmap, L());
  const Vaddr linear = lowmem_page_address(pfn_to_page(L()));
  EXPECT_EQ(End(kT1, OpCode::kmap, ResultKind::low, linear, L()), kFine);
  Begin(kT1, OpCode::page_address, B());
  EXPECT_EQ(End(kT1, OpCode::page_address, ResultKind::fix, machine.fix_kmap_begin, B()),
            FindingId::S1);
}

TEST_F(ModelTest, S1PageAddressKnowsAPageThatStaysMapped) {
  Kmap(kT1, A(), 1);
  Begin(kT2, OpCode::page_address, A());
  EXPECT_EQ(End(kT2, OpCode::page_address, ResultKind::null, 0, A()), FindingId::S1);
  Begin(kT2, OpCode::page_address, A());
  EXPECT_EQ(End(kT2, OpCode::page_address, ResultKind::pkmap, PKMAP_ADDR(2), A()), FindingId::S1);
  Begin(kT2, OpCode::page_address, A());
  Kunmap(kT1, A());  // meanwhile
  EXPECT_EQ(End(kT2, OpCode::page_address, ResultKind::null, 0, A()), kFine);
}

TEST_F(ModelTest, S1NoDiagnosisOfAnInnocent) {
  Kmap(kT1, A(), 1);
  Kmap(kT2, A(), 1);
  Begin(kT1, OpCode::kunmap, A());
  EXPECT_EQ(Diagnosis(kT1, EventKind::bug, Site::kunmap_high_count), FindingId::S1);
  EXPECT_EQ(Diagnosis(kT1, EventKind::splat, Site::kunmap_might_sleep), FindingId::S1);
  EXPECT_EQ(Diagnosis(kT1, EventKind::bug, Site::flush_all_zero_pkmaps_pte), FindingId::S1);
  EXPECT_EQ(Diagnosis(kContextIpi, EventKind::warn, Site::smp_call_irqs_off), FindingId::S1);
}

TEST_F(ModelTest, ContextDiagnosesFollowTheActorsSections) {
  Begin(kT1, OpCode::preempt_disable, kNoPfn);
  End(kT1, OpCode::preempt_disable, ResultKind::ok, 0, kNoPfn);
  Begin(kT1, OpCode::kmap, A());
  EXPECT_EQ(Diagnosis(kT1, EventKind::splat, Site::kmap_might_sleep), kFine);
  EXPECT_EQ(Diagnosis(kT1, EventKind::warn, Site::smp_call_irqs_off), FindingId::S1);
  Begin(kH3, OpCode::kunmap, A());
  EXPECT_EQ(Diagnosis(kH3, EventKind::splat, Site::kunmap_might_sleep), kFine);
}

TEST_F(ModelTest, ALocalMapIsGoodToItsActorWhileLive) {
  EXPECT_EQ(MapLocal(kT1, A(), 0), kFine);
  EXPECT_EQ(Store(kT1, A(), FixKmapAddr(0) + 3, 0xee, A()), kFine);
  EXPECT_EQ(Load(kT1, A(), FixKmapAddr(0) + 3, 0), FindingId::D1);
  EXPECT_EQ(Fault(kT1, A(), FixKmapAddr(0)), FindingId::D2);
  EXPECT_EQ(Fault(kT2, A(), FixKmapAddr(0)), kFine);
  EXPECT_EQ(UnmapLocal(kT1, A(), FixKmapAddr(0) + 31), kFine);
  EXPECT_EQ(Fault(kT1, A(), FixKmapAddr(0)), kFine);
}

// SPEC I40
TEST_F(ModelTest, BothAddressesOfAPageSeeItsBytes) {
  Kmap(kT1, A(), 1);
  MapLocal(kT1, A(), 0);
  Store(kT1, A(), FixKmapAddr(0), 0xee, A());
  EXPECT_EQ(Load(kT1, A(), PKMAP_ADDR(1), 0xee), kFine);
  EXPECT_EQ(Load(kT1, A(), PKMAP_ADDR(1), InitialByte(A(), 0)), FindingId::D1);
}

TEST_F(ModelTest, S1LocalMapsOfHighPagesLieInTheWindow) {
  Begin(kT1, OpCode::kmap_local_page, A());
  EXPECT_EQ(End(kT1, OpCode::kmap_local_page, ResultKind::pkmap, PKMAP_ADDR(1), A()),
            FindingId::S1);
}

TEST_F(ModelTest, S1LocalMapsOfLowPagesAreLinear) {
  EXPECT_EQ(MapLocal(kT1, L(), 0), FindingId::S1);
  EXPECT_EQ(MapLocal(kT1, L(), 0, OpCode::kmap_local_pfn), kFine);
  Begin(kT1, OpCode::kmap_atomic, L());
  const Vaddr linear = lowmem_page_address(pfn_to_page(L()));
  EXPECT_EQ(End(kT1, OpCode::kmap_atomic, ResultKind::low, linear, L()), kFine);
}

// SPEC G.10
TEST_F(ModelTest, S1FaultsAreServedOutsideAtomicMaps) {
  EXPECT_EQ(Call(kT1, OpCode::get_user, ResultKind::fault), FindingId::S1);
  EXPECT_EQ(Call(kT1, OpCode::get_user), kFine);
  MapLocal(kT1, A(), 0, OpCode::kmap_atomic);
  EXPECT_EQ(Call(kT1, OpCode::get_user), FindingId::S1);
  EXPECT_EQ(Call(kT1, OpCode::get_user, ResultKind::fault), kFine);
  EXPECT_EQ(Call(kH3, OpCode::get_user), FindingId::S1);
}

// SPEC B.5
TEST_F(ModelTest, KmapToPageKnowsThePageAndReportsItOnce) {
  Kmap(kT1, A(), 1);
  MapLocal(kT1, A(), 0);
  MapLocal(kT1, B(), 1);
  EXPECT_EQ(KmapToPage(kT1, B(), FixKmapAddr(1), B()), FindingId::X27);
  Begin(kT1, OpCode::kmap_to_page, B(), FixKmapAddr(1));
  EXPECT_EQ(Diagnosis(kT1, EventKind::warn, Site::kmap_to_page_pkmap), FindingId::S1);
  EXPECT_EQ(Diagnosis(kT1, EventKind::warn, Site::kmap_to_page_local), kFine);
  EXPECT_EQ(End(kT1, OpCode::kmap_to_page, ResultKind::page, B(), B()), kFine);
  EXPECT_EQ(KmapToPage(kT1, B(), FixKmapAddr(1), A()), FindingId::S1);
  EXPECT_EQ(KmapToPage(kT2, B(), FixKmapAddr(1), B()), FindingId::S1);
  EXPECT_EQ(KmapToPage(kT2, B(), FixKmapAddr(1), kNoPfn), kFine);
  EXPECT_EQ(KmapToPage(kT1, A(), FixKmapAddr(0), kNoPfn), kFine);  // quirk Q1
  EXPECT_EQ(KmapToPage(kT1, A(), FixKmapAddr(0), A()), FindingId::S1);
  EXPECT_EQ(KmapToPage(kT1, A(), PKMAP_ADDR(1), A()), FindingId::X27);
  Call(kT1, OpCode::clear_warn_once);
  EXPECT_EQ(KmapToPage(kT1, B(), FixKmapAddr(1), B()), FindingId::X27);
}

// SPEC X17: the one mistake of local maps that valid programs may make.
TEST_F(ModelTest, X17ForkWithLocalMapsIsReported) {
  EXPECT_EQ(Call(kT1, OpCode::fork), kFine);
  EXPECT_EQ(Call(kT1, OpCode::exit_to_user), kFine);
  MapLocal(kT1, A(), 0);
  EXPECT_EQ(Call(kT1, OpCode::fork), FindingId::X17);
  EXPECT_EQ(Call(kT1, OpCode::exit_to_user), FindingId::X17);
  Begin(kT1, OpCode::fork, kNoPfn);
  EXPECT_EQ(Diagnosis(kT1, EventKind::warn, Site::kmap_local_fork_idx), kFine);
  EXPECT_EQ(End(kT1, OpCode::fork, ResultKind::ok, 0, kNoPfn), kFine);
  Begin(kT2, OpCode::fork, kNoPfn);
  EXPECT_EQ(Diagnosis(kT2, EventKind::warn, Site::kmap_local_fork_idx), FindingId::S1);
}

TEST_F(MisuseTest, StealingAPinTaintsThePage) {
  Kmap(kT1, A(), 1);
  EXPECT_EQ(Kunmap(kT2, A()), kFine);
  EXPECT_EQ(Load(kT1, A(), PKMAP_ADDR(1), 0xee), kFine);
  EXPECT_EQ(Fault(kT1, A(), PKMAP_ADDR(1)), kFine);
  Begin(kT1, OpCode::kunmap, A());
  EXPECT_EQ(Diagnosis(kT1, EventKind::bug, Site::kunmap_high_vaddr), kFine);
}

TEST_F(MisuseTest, AStrayStoreTaintsWhatItHit) {
  Kmap(kT1, A(), 1);
  Kunmap(kT1, A());
  Kmap(kT2, B(), 1);
  EXPECT_EQ(Store(kT1, A(), PKMAP_ADDR(1), 0x77, B()), kFine);
  EXPECT_EQ(Load(kT2, B(), PKMAP_ADDR(1), 0x77), kFine);
}

TEST_F(MisuseTest, AStaleMapOfAPageMappedAgainIsNotGood) {
  Kmap(kT1, A(), 1);
  Kunmap(kT1, A());
  Kmap(kT1, A(), 2);
  EXPECT_EQ(Fault(kT1, A(), PKMAP_ADDR(1)), kFine);
  EXPECT_EQ(Fault(kT1, A(), PKMAP_ADDR(2)), FindingId::D2);
}

}  // namespace
}  // namespace highmem::model
