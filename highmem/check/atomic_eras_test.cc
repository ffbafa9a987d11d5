// kmap_atomic of the eras before local maps: what LocalChecks judge of it.
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

class AtomicErasTest : public CheckBench {
 protected:
  explicit AtomicErasTest(const char* profile)
      : CheckBench(true, /*local=*/true, FindProfile(profile)) {
    trace_.ops[0].code = OpCode::kmap_atomic;
    trace_.ops[0].value = static_cast<int32_t>(KmType::KM_USER0);
  }

  void Atomic(int preempt, int pagefaults) {
    Current().preempt_count = static_cast<uint32_t>(Current().preempt_count + preempt);
    Current().pagefault_disabled = static_cast<int8_t>(Current().pagefault_disabled + pagefaults);
  }
  // A whole call that puts the page into this slot, with preemption and page faults off by so much.
  void Map(Pfn page, int slot, int preempt, int pagefaults) {
    Begin(OpCode::kmap_atomic, page);
    Atomic(preempt, pagefaults);
    LocalPte(slot, page);
    End(OpCode::kmap_atomic, page, LocalAddress(slot));
  }
  void Unmap(Pfn page, int slot, int preempt, int pagefaults, bool clears) {
    Begin(OpCode::kunmap_atomic, page, LocalAddress(slot));
    if (clears) LocalPte(slot, kNoPfn);
    Atomic(-preempt, -pagefaults);
    End(OpCode::kunmap_atomic, page);
  }
};

constexpr int kUser0 = static_cast<int>(KmType::KM_USER0);

class SlotsTest : public AtomicErasTest {
 protected:
  SlotsTest() : AtomicErasTest("x86_tiny_e1") {}
};
class StackTest : public AtomicErasTest {
 protected:
  StackTest() : AtomicErasTest("x86_tiny_e2") {}
};
class KeptStackTest : public AtomicErasTest {
 protected:
  KeptStackTest() : AtomicErasTest("mips_tiny_e2") {}
};

TEST_F(SlotsTest, SilentOnPairs) {
  Map(A(), kUser0, 1, 0);
  Unmap(A(), kUser0, 1, 0, true);
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(SlotsTest, I36PageFaultsHaveNoCounterOfTheirOwn) {
  Map(A(), kUser0, 1, 1);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I36));
}

TEST_F(SlotsTest, I37AnotherSlot) {
  Map(A(), kUser0 + 1, 1, 0);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I37));
}

TEST_F(SlotsTest, I37TheSlotOfAnotherCpu) {
  Begin(OpCode::kmap_atomic, A());
  Atomic(1, 0);
  End(OpCode::kmap_atomic, A(), FixKmapAddr(FixKmapIndexOf(kUser0, 1)));
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I37));
}

TEST_F(StackTest, SilentOnPairs) {
  Map(A(), 0, 1, 1);
  Map(B(), 1, 1, 1);
  Unmap(B(), 1, 1, 1, true);
  Unmap(A(), 0, 1, 1, true);
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(StackTest, I36PreemptionStaysOn) {
  Map(A(), 0, 0, 1);
  EXPECT_THAT(Fired(), Contains(FindingId::I36));
}

TEST_F(StackTest, I36PageFaultsStayOff) {
  Map(A(), 0, 1, 1);
  Unmap(A(), 0, 1, 0, true);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I36));
}

TEST_F(StackTest, I38TheEntryStays) {
  Map(A(), 0, 1, 1);
  Unmap(A(), 0, 1, 1, false);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I38));
}

TEST_F(StackTest, I38TheTlbStillTranslatesTheSlot) {
  Map(A(), 0, 1, 1);
  FillLocal(0);
  Unmap(A(), 0, 1, 1, true);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I38));
}

TEST_F(StackTest, I33AHandlerChangesTheMapBelow) {
  Map(A(), 0, 1, 1);
  EnterIrq();
  LocalPte(0, B());
  EXPECT_THAT(Fired(), Contains(FindingId::I33));
}

TEST_F(StackTest, C1TheIndexMovesInPreemptibleCode) {
  Begin(OpCode::kmap_atomic, A());
  Mark(EventKind::kmap_atomic_idx);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::C1));
}

TEST_F(KeptStackTest, SilentWhereTheEntryStays) {
  Map(A(), 0, 1, 1);
  Unmap(A(), 0, 1, 1, false);
  Map(B(), 0, 1, 1);
  Unmap(B(), 0, 1, 1, false);
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(KeptStackTest, I38TheReleaseClearsTheEntry) {
  Map(A(), 0, 1, 1);
  Unmap(A(), 0, 1, 1, true);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I38));
}

}  // namespace
}  // namespace highmem
