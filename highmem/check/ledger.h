// The callers' side of the story, as the harness itself tells it: which call every actor is in, how
// many kmaps of every page are out, at which address. Never asks the implementation, so that
// checkers can hold the implementation's own books against it.
//
// While calls are under way nobody can say from outside when they take effect; so a page has a
// lower and an upper bound of its users:
//   sure     = kmaps returned - kunmaps begun      <=  users
//   possible = kmaps begun    - kunmaps returned   >=  users        (RULINGS 8)
// where a pin by kmap_high_get, its own or a local map's, counts as a kmap and its release as a
// kunmap.
// They meet when no call on the page is under way.
#ifndef HIGHMEM_CHECK_LEDGER_H_
#define HIGHMEM_CHECK_LEDGER_H_

#include <cstdint>

#include "highmem/check/report.h"
#include "highmem/machine/event.h"
#include "highmem/trace/op.h"

namespace highmem {

class Ledger {
 public:
  static constexpr History kHistory = History::finite;

  struct Actor {
    uint16_t op_index;
    OpCode code;     // the op it is in; kCount between ops
    uint8_t unpins;  // the op gives a pin back
    Pfn page;        // that the op is about, kNoPfn if about none
    int16_t owed;    // kmaps it may still have to release, the one being made included
  };
  struct Page {
    int16_t sure;
    int16_t possible;
    int16_t slot_plus_1;  // slot of the address given out last, 0 if not surely in use
  };

  // Carves from the arena. `actors` as in the trace.
  void Begin(int actors);

  // Wants op_begin, op_end, post and take.
  void OnEvent(const Event& event);

  bool IsActor(ContextId ctx) const { return ctx < actor_count_; }
  int actor_count() const { return actor_count_; }
  // By context id; a context that is no actor (idle, IPI, hardware) is in no op.
  const Actor& actor(ContextId ctx) const { return IsActor(ctx) ? actors_[ctx] : kNobody; }
  // The page must exist.
  const Page& page(Pfn pfn) const { return pages_[pfn]; }

  // The context is in a call of this kind.
  bool In(ContextId ctx, OpCode code) const { return actor(ctx).code == code; }
  // It is in a call that gives a pin back.
  bool Unpinning(ContextId ctx) const { return actor(ctx).unpins != 0 || IsDma(actor(ctx).code); }
  // The page given out at this slot and surely in use there, kNoPfn if there is none.
  Pfn InUseAt(int slot, Pfn candidate) const {
    const bool in_use = candidate != kNoPfn && pages_[candidate].sure > 0 &&
                        pages_[candidate].slot_plus_1 == slot + 1;
    return in_use ? candidate : kNoPfn;
  }

  // Nobody is in an op: q_all of DESIGN section 4.
  bool quiet() const { return shared_->in_op == 0; }
  // Maps posted and not yet taken.
  int in_the_post() const { return shared_->in_the_post; }

 private:
  struct Shared {
    uint16_t in_op;  // mask of actors
    int16_t in_the_post;
  };
  static const Actor kNobody;

  void OpBegin(const Event& event);
  void OpEnd(const Event& event);
  Pfn Unpinned(const Event& op_begin) const;

  Actor* actors_ = nullptr;
  Page* pages_ = nullptr;
  Shared* shared_ = nullptr;
  int actor_count_ = 0;
};

// The fields of op_begin and op_end.
inline OpCode CodeOf(const Event& op_event) {
  return static_cast<OpCode>(op_event.old_value & 0xff);
}
inline ResultKind ResultOf(const Event& op_end) {
  return static_cast<ResultKind>(op_end.old_value >> 8 & 0xff);
}
// A call of this kind pins a page in the pool, or may; one of DMA until it ends.
bool MayPin(OpCode code);
// kNoPfn unless `value` is the number of a high page of this machine.
Pfn HighPage(uint32_t value);

}  // namespace highmem

#endif  // HIGHMEM_CHECK_LEDGER_H_
