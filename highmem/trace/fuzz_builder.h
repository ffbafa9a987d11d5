// Builds a trace from fuzz records, one after the other. (docs/TRACE_FORMAT.md "Fuzz bytes"; for
// fuzz_codec.cc, which decodes with it and, to encode, looks what its records will decode to)
#ifndef HIGHMEM_TRACE_FUZZ_BUILDER_H_
#define HIGHMEM_TRACE_FUZZ_BUILDER_H_

#include <cstddef>
#include <cstdint>

#include "highmem/trace/fuzz_codec.h"
#include "highmem/trace/fuzz_op.h"
#include "highmem/trace/fuzz_order.h"

namespace highmem {

// What header fields stand for. Zero bytes, which fuzzers like, stand for a useful machine.
inline constexpr uint8_t kFuzzTasks[8] = {2, 3, 2, 4, 3, 2, 1, 3};
inline constexpr uint8_t kFuzzHandlers[4] = {2, 1, 2, 0};
inline constexpr uint8_t kFuzzRuns[4] = {4, 2, 8, 1};
inline constexpr uint8_t kFuzzHighPages[16] = {8, 7, 9, 6, 8, 10, 12, 5, 7, 8, 6, 11, 4, 3, 2, 1};
inline constexpr uint8_t kFuzzLowPages[4] = {1, 2, 3, 0};
// In the local mix the four bits of a handler are CPU, kind (two bits) and number of runs.
inline constexpr uint8_t kFuzzLocalHandlers[4] = {2, 3, 1, 4};
inline constexpr ActorKind kFuzzHandlerKinds[4] = {ActorKind::irq, ActorKind::softirq,
                                                   ActorKind::nmi, ActorKind::fault};
inline constexpr uint8_t kFuzzLocalRuns[2] = {4, 1};
// Top three bits of the first byte and two of the last: else the valid lane, records in order.
inline constexpr int kFuzzMisuse = 7;        // with kFuzzMisuseBit
inline constexpr int kFuzzLiteralOrder = 6;  // with kFuzzLiteralBit; lane: kFuzzMisuseBit
inline constexpr uint8_t kFuzzLiteralBit = 0x40;
inline constexpr uint8_t kFuzzMisuseBit = 0x80;

// Whom a decision is about, from bits 3 to 5 of its first byte: any actor, from 5 on a handler ...
inline constexpr int kFuzzTargetHandler = 5;
inline constexpr int kFuzzTargetOther = 7;  // ... or what the top bits of `a` say
enum class FuzzTarget : uint8_t { ipi, fill, evict, start };
// FuzzTarget::ipi with this bit of the operand: migrate the task of this number, to the CPU that
// the other bits say.
inline constexpr uint8_t kFuzzMigrate = 0x20;
inline constexpr uint8_t kFuzzTargetShift = 6;
inline constexpr uint8_t kFuzzOperandMask = (1 << kFuzzTargetShift) - 1;

// Steps of an `after`: up to here in the code alone; from kFuzzFarSteps on `b` has 8 more bits.
inline constexpr uint32_t kFuzzNearSteps = 64;
inline constexpr uint8_t kFuzzFarSteps = 252;

// FuzzTarget::start with an operand: the decision that follows is `at` this primitive.
inline constexpr uint8_t kFuzzBehind = 0x80;  // in `b`; the rest is the occurrence, from 0
// Number of a primitive there, 0 if it has none.
uint8_t FuzzPrimNumber(PrimKind prim);

class FuzzBuilder {
 public:
  FuzzBuilder(Trace* trace, LaneState* state, FuzzMix mix)
      : trace_(*trace), state_(*state), mix_(mix), order_(*trace, *state) {}

  // Clears the trace; its actors keep the memory of their variables.
  void Header(const FuzzRecord& r, const Profile& profile);
  void Record(const FuzzRecord& r);
  // Last. Ops come to lie actor by actor.
  void Finish();

  FuzzProgram program() const { return {trace_, state_, mix_}; }
  bool Full() const { return trace_.ops.size() == kFuzzMaxOps; }
  void Add(ActorId actor, const Op& op);
  // The decision a record stands for, behind this anchor record if not null, in literal order.
  bool DecisionOf(const FuzzRecord& r, const FuzzRecord* anchor, Decision* d) const;

 private:
  void Pages(uint8_t field);
  void Actors(const FuzzRecord& r);
  void LocalHandlers(const FuzzRecord& r);
  int Vpns() const;
  bool IsTask(ActorId actor) const { return trace_.actors[actor].kind == ActorKind::task; }

  void OpRecord(const FuzzRecord& r);
  void DecisionRecord(const FuzzRecord& r);
  void ComeBetween(ActorId actor, uint8_t b);
  void MoveAway(ActorId actor);
  void MoveThere(ActorId actor, CpuId cpu, uint8_t b);
  bool AnchorOf(const FuzzRecord& r, Decision* d) const;
  bool TargetOf(const FuzzRecord& r, Decision* d) const;
  bool Exhausted(ActorId handler) const;
  void Decide(const Decision& d);
  bool AnchorHolds(Decision* d);

  Trace& trace_;
  LaneState& state_;
  const FuzzMix mix_;
  ActorId owner_[kFuzzMaxOps];
  bool in_order_ = false;  // records are in the order in which things happen: `order_` decides
  FuzzOrder order_;
  Decision anchor_;  // for the next decision, if its kind is `at`
};

}  // namespace highmem

#endif  // HIGHMEM_TRACE_FUZZ_BUILDER_H_
