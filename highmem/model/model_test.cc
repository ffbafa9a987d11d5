#include "highmem/model/model.h"

#include <gtest/gtest.h>

#include "highmem/kernel/primitive.h"
#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"

namespace highmem::model {
namespace {

// Tasks T1 and T2, handler H3; pages A, B high, L low. No machine runs: the test says what
// happened.
class ModelTest : public testing::Test {
 protected:
  static constexpr ActorId kT1 = 0;
  static constexpr ActorId kT2 = 1;
  static constexpr ActorId kH3 = 2;

  explicit ModelTest(bool misuse = false) {
    trace_.profile = *FindProfile("x86_tiny");
    trace_.misuse = misuse;
    trace_.pages.resize(3);
    trace_.pages[2].high = false;
    trace_.actors.resize(3);
    trace_.actors[2].kind = ActorKind::irq;
    arena.Reset(1);
    MachineReset(trace_.profile);
    model_.Begin(trace_);
  }

  Pfn A() const { return PfnOf(trace_, 0); }
  Pfn B() const { return PfnOf(trace_, 1); }
  Pfn L() const { return PfnOf(trace_, 2); }

  FindingId Happens(ActorId who, EventKind kind, uint32_t obj, uint32_t old_value = 0,
                    uint32_t new_value = 0, uint32_t aux = 0) {
    return model_.OnEvent({1, who, 0, kind, 0, obj, old_value, new_value, aux}).id;
  }
  FindingId Begin(ActorId who, OpCode code, Pfn page, Vaddr address = 0) {
    return Happens(who, EventKind::op_begin, 0, static_cast<uint32_t>(code), page, address);
  }
  FindingId End(ActorId who, OpCode code, ResultKind kind, uint32_t value, Pfn page) {
    const auto old = static_cast<uint32_t>(code) | static_cast<uint32_t>(kind) << 8;
    return Happens(who, EventKind::op_end, 0, old, value, page);
  }
  FindingId Kmap(ActorId who, Pfn page, int slot) {
    Begin(who, OpCode::kmap, page);
    return End(who, OpCode::kmap, ResultKind::pkmap, PKMAP_ADDR(slot), page);
  }
  FindingId Kunmap(ActorId who, Pfn page) {
    Begin(who, OpCode::kunmap, page);
    return End(who, OpCode::kunmap, ResultKind::ok, 0, page);
  }
  FindingId Load(ActorId who, Pfn page, Vaddr address, uint8_t byte) {
    Begin(who, OpCode::load, page, address);
    const FindingId id = Happens(who, EventKind::load, address, 0, byte, page);
    End(who, OpCode::load, ResultKind::byte, byte, page);
    return id;
  }
  // `hit` is the frame the machine wrote to.
  FindingId Store(ActorId who, Pfn page, Vaddr address, uint8_t byte, Pfn hit) {
    Begin(who, OpCode::store, page, address);
    const FindingId id = Happens(who, EventKind::store, address, 0, byte, hit);
    End(who, OpCode::store, ResultKind::ok, byte, page);
    return id;
  }
  FindingId Fault(ActorId who, Pfn page, Vaddr address) {
    Begin(who, OpCode::load, page, address);
    const FindingId id = Happens(who, EventKind::fault, address);
    End(who, OpCode::load, ResultKind::fault, 0, page);
    return id;
  }
  FindingId Diagnosis(ActorId who, EventKind kind, Site site) {
    return Happens(who, kind, static_cast<uint32_t>(site));
  }

  static constexpr FindingId kFine = FindingId::kNone;

  Trace trace_;
  Model model_;
};

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
  EXPECT_EQ(End(kT1, OpCode::page_address, ResultKind::fix, kFixKmapBegin, B()), FindingId::S1);
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

class MisuseTest : public ModelTest {
 protected:
  MisuseTest() : ModelTest(/*misuse=*/true) {}
};

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

// A kmap under way may pay for it or not: both outcomes have an order that explains them.
TEST_F(MisuseTest, CallsUnderWayExcuseBothOutcomes) {
  Begin(kT2, OpCode::kmap, A());
  Begin(kT1, OpCode::kunmap, A());
  EXPECT_EQ(Diagnosis(kT1, EventKind::bug, Site::kunmap_high_vaddr), kFine);
  EXPECT_EQ(End(kT1, OpCode::kunmap, ResultKind::ok, 0, A()), kFine);
}

// A stolen pin: the victim pays for it later, and nothing is promised about the page any more.
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
