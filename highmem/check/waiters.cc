#include "highmem/check/waiters.h"

#include "highmem/kernel/wait.h"
#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

constexpr int kInUse = 2;  // from this count on a slot has users

// Of a pkmap slot.
int ColourOf(uint32_t slot) { return static_cast<int>(slot) & (machine.profile.colours - 1); }

uint16_t WaiterBit(ContextId ctx) { return static_cast<uint16_t>(1u << ctx); }

}  // namespace

void WaitersCheck::Begin(const Ledger* ledger, Reporter* reporter) {
  ledger_ = ledger;
  reporter_ = reporter;
  pool_ = pkmap_view();
  state_ = arena.Carve<State>(1);
  not_in_use_ = arena.Carve<int16_t>(machine.profile.colours);
  for (int c = 0; c < machine.profile.colours; c++)
    not_in_use_[c] = static_cast<int16_t>(machine.profile.last_pkmap / machine.profile.colours);
}

void WaitersCheck::OnEvent(const Event& e) {
  if (e.kind == EventKind::pkmap_count) OnCount(e);
  if (!ledger_->IsActor(e.ctx)) return;
  switch (e.kind) {
    case EventKind::attempt: state_->swept &= static_cast<uint16_t>(~WaiterBit(e.ctx)); break;
    case EventKind::sweep_end: state_->swept |= WaiterBit(e.ctx); break;
    case EventKind::attempt_sleep: OnSleep(e); break;
    case EventKind::op_begin:
      state_->swept &= static_cast<uint16_t>(~WaiterBit(e.ctx));
      state_->releasing &= static_cast<uint16_t>(~WaiterBit(e.ctx));
      break;
    case EventKind::op_end: OnEnd(e); break;
    default: break;
  }
}

void WaitersCheck::OnCount(const Event& e) {
  const auto before = static_cast<int32_t>(e.old_value);
  const auto after = static_cast<int32_t>(e.new_value);
  not_in_use_[ColourOf(e.obj)] += static_cast<int16_t>((after < kInUse) - (before < kInUse));
  if (after < before && ledger_->Unpinning(e.ctx)) state_->releasing |= WaiterBit(e.ctx);
}

void WaitersCheck::OnSleep(const Event& e) {
  if (pool_ == nullptr) return;
  const int left = not_in_use_[PageColour(static_cast<Pfn>(e.obj))];
  if ((state_->swept & WaiterBit(e.ctx)) != 0 && left == 0) return;
  reporter_->Report(e, {FindingId::I15, Role::page, e.obj, 0, left, static_cast<Pfn>(e.obj)});
}

void WaitersCheck::OnEnd(const Event& e) {
  state_->swept &= static_cast<uint16_t>(~WaiterBit(e.ctx));
  state_->releasing &= static_cast<uint16_t>(~WaiterBit(e.ctx));
  const Pfn page = HighPage(ledger_->actor(e.ctx).page);
  if (!ledger_->In(e.ctx, OpCode::kmap) || page == kNoPfn) return;
  const Ledger::Page& books = ledger_->page(page);
  const int slot = InPkmap(e.new_value) ? PKMAP_NR(e.new_value) : -1;
  if (books.sure > 0 && slot + 1 != books.slot_plus_1)
    reporter_->Report(e, {FindingId::I17, Role::page, page, books.slot_plus_1 - 1, slot, page});
}

void WaitersCheck::LookForForgotten(const Event& e) {
  if (pool_ == nullptr || state_->releasing != 0) return;
  for (int colour = 0; colour < machine.profile.colours; colour++) {
    if (not_in_use_[colour] == 0) continue;
    const int q = pool_->wait_queue(colour);
    const WaitQueue& queue = wait_queue(q);
    for (int i = 0; i < queue.count; i++) {
      if (task(queue.tasks[i]).state != TaskState::kUninterruptible) continue;
      reporter_->Report(
          e, {FindingId::I16, Role::queue, static_cast<uint32_t>(q), 0, queue.tasks[i], kNoPfn});
      return;
    }
  }
}

bool WaitersCheck::SlotLeftFor(TaskId t) const {
  if (pool_ == nullptr) return true;
  for (int colour = 0; colour < machine.profile.colours; colour++) {
    const WaitQueue& queue = wait_queue(pool_->wait_queue(colour));
    for (int i = 0; i < queue.count; i++)
      if (queue.tasks[i] == t) return not_in_use_[colour] > 0;
  }
  return true;
}

}  // namespace highmem
