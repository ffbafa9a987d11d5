#include "highmem/model/model_for_test.h"

namespace highmem::model {
namespace {

class AtomicDutiesTest : public MisuseTest {
 protected:
  explicit AtomicDutiesTest(const char* profile) : MisuseTest(profile) {}

  void Names(KmType type) { trace_.ops[0].value = static_cast<int32_t>(type); }
  FindingId Map(ActorId who, Pfn page, int slot) {
    return MapLocal(who, page, slot, OpCode::kmap_atomic);
  }
  FindingId Unmap(ActorId who, Pfn page, Vaddr address) {
    return UnmapLocal(who, page, address, OpCode::kunmap_atomic);
  }
  FindingId BugInMap(Pfn page, Site site) {
    Begin(kT1, OpCode::kmap_atomic, page);
    return Diagnosis(kT1, EventKind::bug, site);
  }
  FindingId BugInUnmap(Pfn page, Vaddr address, Site site) {
    Begin(kT1, OpCode::kunmap_atomic, page, address);
    return Diagnosis(kT1, EventKind::bug, site);
  }
};

constexpr int kUser0 = 2 * static_cast<int>(KmType::KM_USER0) + 1;  // behind its fence
constexpr int kUser1 = 2 * static_cast<int>(KmType::KM_USER1) + 1;

class SlotDutiesTest : public AtomicDutiesTest {
 protected:
  explicit SlotDutiesTest(const char* profile = "x86_tiny_e1_debug") : AtomicDutiesTest(profile) {
    Names(KmType::KM_USER0);
  }
};
class KeptSlotDutiesTest : public SlotDutiesTest {
 protected:
  KeptSlotDutiesTest() : SlotDutiesTest("mips_tiny_e1") {}
};
class StackDutiesTest : public AtomicDutiesTest {
 protected:
  explicit StackDutiesTest(const char* profile = "x86_tiny_e2_debug") : AtomicDutiesTest(profile) {}
};
class KeptStackDutiesTest : public StackDutiesTest {
 protected:
  KeptStackDutiesTest() : StackDutiesTest("mips_tiny_e2_debug") {}
};
class SilentStackDutiesTest : public StackDutiesTest {
 protected:
  SilentStackDutiesTest() : StackDutiesTest("x86_tiny_e2") {}
};

TEST_F(SlotDutiesTest, X20AnInterruptsSlotInATask) {
  Names(KmType::KM_IRQ0);
  EXPECT_EQ(Map(kT1, A(), 19), FindingId::X20);
  Begin(kT1, OpCode::kmap_atomic, A());
  EXPECT_EQ(Diagnosis(kT1, EventKind::warn, Site::debug_kmap_atomic_irqs), kFine);
  EXPECT_EQ(Diagnosis(kT1, EventKind::warn, Site::debug_kmap_atomic_context), FindingId::S1);
}

TEST_F(SlotDutiesTest, X20ElevenReportsWillDo) {
  Names(KmType::KM_SOFTIRQ0);
  for (int i = 0; i < 11; i++) {
    Begin(kT1, OpCode::kmap_atomic, L());
    Begin(kT1, OpCode::kmap_atomic, A());
    EXPECT_EQ(Diagnosis(kT1, EventKind::warn, Site::debug_kmap_atomic_irqs), kFine);
    EXPECT_EQ(End(kT1, OpCode::kmap_atomic, ResultKind::fix, FixKmapAddr(23), A()), kFine);
    Unmap(kT1, A(), FixKmapAddr(23));
  }
  EXPECT_EQ(Map(kT1, A(), 23), kFine);
}

TEST_F(SlotDutiesTest, X21AnotherSlotsAddress) {
  Map(kT1, A(), kUser0);
  Names(KmType::KM_USER1);
  EXPECT_EQ(Unmap(kT1, A(), FixKmapAddr(kUser0)), FindingId::X21);
  EXPECT_EQ(BugInUnmap(A(), FixKmapAddr(kUser0), Site::kunmap_atomic_above_high_memory), kFine);
}

TEST_F(SlotDutiesTest, X22ASlotInUse) {
  Map(kT1, A(), kUser0);
  EXPECT_EQ(BugInMap(B(), Site::kmap_atomic_pte), kFine);
  EXPECT_EQ(Map(kT1, B(), kUser0), FindingId::X22);
}

TEST_F(SlotDutiesTest, ReleasesInAnyOrderAreFine) {
  Map(kT1, A(), kUser0);
  Names(KmType::KM_USER1);
  Map(kT1, B(), kUser1);
  Names(KmType::KM_USER0);
  EXPECT_EQ(Unmap(kT1, A(), FixKmapAddr(kUser0)), kFine);
  EXPECT_EQ(Load(kT1, B(), FixKmapAddr(kUser1), InitialByte(B(), 0)), kFine);
  EXPECT_EQ(Load(kT1, B(), FixKmapAddr(kUser1), 0), FindingId::D1);
}

TEST_F(KeptSlotDutiesTest, NobodyOwesAReport) {
  constexpr int kSlot = static_cast<int>(KmType::KM_USER0);
  Map(kT1, A(), kSlot);
  EXPECT_EQ(Map(kT1, B(), kSlot), kFine) << "the slot is taken away";
  EXPECT_EQ(Load(kT1, A(), FixKmapAddr(kSlot), InitialByte(B(), 0)), kFine) << "not judged";
  Names(KmType::KM_USER1);
  EXPECT_EQ(Unmap(kT1, B(), FixKmapAddr(kSlot)), kFine);
}

TEST_F(StackDutiesTest, X23OneMapTooMany) {
  for (int slot = 0; slot < 4; slot++) EXPECT_EQ(Map(kT1, A(), slot), kFine);
  EXPECT_EQ(BugInMap(A(), Site::kmap_atomic_idx_push_depth), kFine);
  EXPECT_EQ(Map(kT1, A(), 4), FindingId::X23);
}

TEST_F(StackDutiesTest, X23NothingToRelease) {
  EXPECT_EQ(Unmap(kT1, A(), FixKmapAddr(0)), FindingId::X23);
  EXPECT_EQ(BugInUnmap(A(), FixKmapAddr(0), Site::kmap_atomic_idx_pop_depth), kFine);
}

TEST_F(StackDutiesTest, X24AReleaseOutOfOrder) {
  Map(kT1, A(), 0);
  Map(kT1, B(), 1);
  EXPECT_EQ(Unmap(kT1, A(), FixKmapAddr(0)), FindingId::X24);
}

TEST_F(StackDutiesTest, X25NeitherSlotNorLowPage) {
  Map(kT1, A(), 0);
  EXPECT_EQ(Unmap(kT1, L(), lowmem_page_address(pfn_to_page(L()))), kFine);
  EXPECT_EQ(Unmap(kT1, A(), PKMAP_ADDR(1)), FindingId::X25);
  EXPECT_EQ(BugInUnmap(A(), PKMAP_ADDR(1), Site::kunmap_atomic_above_high_memory), kFine);
}

TEST_F(StackDutiesTest, X13InHardirqWithInterruptsOn) {
  Call(kH3, OpCode::local_irq_enable);
  EXPECT_EQ(Map(kH3, A(), 0), FindingId::X13);
}

TEST_F(KeptStackDutiesTest, X24Stops) {
  Map(kT1, A(), 0);
  Map(kT1, B(), 1);
  EXPECT_EQ(BugInUnmap(A(), FixKmapAddr(0), Site::kunmap_atomic_mismatch), kFine);
  EXPECT_EQ(Unmap(kT1, A(), FixKmapAddr(0)), FindingId::X24);
}

TEST_F(SilentStackDutiesTest, NobodyOwesAReport) {
  Map(kT1, A(), 0);
  Map(kT1, B(), 1);
  EXPECT_EQ(Unmap(kT1, A(), FixKmapAddr(0)), kFine);
  EXPECT_EQ(Unmap(kT1, A(), PKMAP_ADDR(1)), kFine);
}

}  // namespace
}  // namespace highmem::model
