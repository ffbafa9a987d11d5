// A model and a world that stands still: the test says what happens.
#ifndef HIGHMEM_MODEL_MODEL_FOR_TEST_H_
#define HIGHMEM_MODEL_MODEL_FOR_TEST_H_

#include <gtest/gtest.h>

#include "highmem/kernel/primitive.h"
#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"
#include "highmem/model/model.h"

namespace highmem::model {

// Tasks T1 and T2, interrupt H3 on top of CPU0's idle task; pages A, B high, L low.
class ModelTest : public testing::Test {
 protected:
  static constexpr ActorId kT1 = 0;
  static constexpr ActorId kT2 = 1;
  static constexpr ActorId kH3 = 2;

  explicit ModelTest(bool misuse = false, const char* profile = "x86_tiny") {
    trace_.profile = *FindProfile(profile);
    trace_.ops.resize(1);  // every op of a test is number 0: its slot in era E1
    trace_.misuse = misuse;
    trace_.pages.resize(3);
    trace_.pages[2].high = false;
    trace_.actors.resize(3);
    trace_.actors[2].kind = ActorKind::irq;
    arena.Reset(1);
    MachineReset(trace_.profile);
    model_.Begin(trace_);
    Happens(kH3, EventKind::actor_begin, kH3);
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
  // Of the slot on CPU0.
  FindingId MapLocal(ActorId who, Pfn page, int slot, OpCode code = OpCode::kmap_local_page) {
    Begin(who, code, page);
    return End(who, code, ResultKind::fix, FixKmapAddr(slot), page);
  }
  FindingId UnmapLocal(ActorId who, Pfn page, Vaddr address, OpCode code = OpCode::kunmap_local) {
    Begin(who, code, page, address);
    return End(who, code, ResultKind::ok, address, page);
  }
  FindingId Call(ActorId who, OpCode code, ResultKind kind = ResultKind::ok) {
    Begin(who, code, kNoPfn);
    return End(who, code, kind, 0, kNoPfn);
  }
  FindingId KmapToPage(ActorId who, Pfn page, Vaddr address, Pfn found) {
    Begin(who, OpCode::kmap_to_page, page, address);
    return End(who, OpCode::kmap_to_page, ResultKind::page, found, page);
  }
  FindingId Diagnosis(ActorId who, EventKind kind, Site site) {
    return Happens(who, kind, static_cast<uint32_t>(site));
  }

  static constexpr FindingId kFine = FindingId::kNone;

  Trace trace_;
  Model model_;
};

// The same in the misuse lane.
class MisuseTest : public ModelTest {
 protected:
  explicit MisuseTest(const char* profile = "x86_tiny") : ModelTest(/*misuse=*/true, profile) {}
};

}  // namespace highmem::model

#endif  // HIGHMEM_MODEL_MODEL_FOR_TEST_H_
