// What a fuzz record means at this point of a program. (for fuzz_op.cc, and for fuzz_record.cc,
// which looks for the record that means an op)
#ifndef HIGHMEM_TRACE_FUZZ_DECODER_H_
#define HIGHMEM_TRACE_FUZZ_DECODER_H_

#include "highmem/trace/fuzz_op.h"
#include "highmem/trace/fuzz_wishes.h"

namespace highmem {

// One actor's view while a record is decoded.
class FuzzDecoder {
 public:
  FuzzDecoder(const FuzzProgram& program, ActorId actor, const FuzzRecord& record)
      : trace_(program.trace),
        state_(program.state),
        mix_(program.mix),
        actor_(actor),
        r_(record) {}

  bool Literal(Op* op) const;
  bool Wished(Op* op) const;

  // Variables by position: those of live maps first, newest first; then page_address of low pages,
  // of high pages, and what is dead. -1 if there are not so many.
  int VarAt(int position) const;
  int PositionOf(int var) const;

 private:
  using VarKind = LaneState::VarKind;

  bool handler() const { return trace_.actors[actor_].kind != ActorKind::task; }
  int vars() const { return static_cast<int>(trace_.actors[actor_].vars.size()); }
  int pages() const { return static_cast<int>(trace_.pages.size()); }
  int Count(VarKind kind) const {
    int n = 0;
    for (int v = 0; v < vars(); v++) n += state_.Var(actor_, v) == kind;
    return n;
  }
  static int Rank(VarKind kind) {
    switch (kind) {
      case VarKind::map: return 0;
      case VarKind::low_address: return 1;
      case VarKind::high_address: return 2;
      case VarKind::dead: break;
    }
    return 3;
  }
  uint16_t Offset() const { return FuzzOffset(mix_, trace_.profile, r_.b); }

  bool Operands(Op* op) const;
  bool Make(OpCode code, int page, Op* op) const;
  bool Refer(OpCode code, int among, Op* op) const;
  bool Fillers(Op* op) const;
  bool FreshPage(Op* op) const;
  bool LowAddress(Op* op) const;
  bool Take(Op* op) const;
  bool Fork(Op* op) const;
  bool OfCpu(Op* op) const;
  bool HighPage(OpCode code, Op* op) const;
  bool HighGet(Op* op) const;
  int VmapPages() const { return 1 + (r_.who >> 3 & 3); }
  bool Arch(Op* op) const;
  bool Helper(OpCode code, Op* op) const;
  bool IsEra(Era era) const { return trace_.profile.is_era(era); }
  bool MapLocal(OpCode code, Op* op) const;
  bool MapAtomic(OpCode code, Op* op) const;
  bool First(OpCode code, Op* op) const;
  bool UnmapLocal(Op* op) const;
  bool Kunmap(int live, Op* op) const;
  bool Close(Op* op) const;
  bool Simple(OpCode code, Op* op) const;
  bool Try(Wish wish, Op* op) const;
  bool Admitted(Wish wish, Op* op) const {
    return Try(wish, op) && state_.Check(actor_, *op) == SkipReason::none;
  }

  const Trace& trace_;
  const LaneState& state_;
  const FuzzMix mix_;
  const ActorId actor_;
  const FuzzRecord& r_;
};

}  // namespace highmem

#endif  // HIGHMEM_TRACE_FUZZ_DECODER_H_
