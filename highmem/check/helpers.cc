#include "highmem/check/helpers.h"

#include "highmem/check/ledger.h"
#include "highmem/kernel/context.h"
#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"

namespace highmem {
namespace {

bool NeedsWindow(Pfn page) {
  return machine.profile.forces_map() || PageHighMem(pfn_to_page(page));
}

// A switch takes maps out, and puts them back, on the task's own stack.
bool OfSwitch(const Event& e) {
  return InPreemption(e.cpu) && TopContext(machine.cpus[e.cpu].curr).id == e.ctx;
}

}  // namespace

void HelpersCheck::Begin(const Executor& executor, Reporter* reporter) {
  trace_ = &executor.trace();
  reporter_ = reporter;
  states_ = arena.Carve<State>(trace_->actors.size());
}

void HelpersCheck::OnEvent(const Event& e) {
  if (e.ctx >= trace_->actors.size()) return;
  State& state = states_[e.ctx];
  if (e.kind == EventKind::op_begin && IsHelper(CodeOf(e))) {
    state = {static_cast<uint16_t>(e.obj + 1), 0, 0, 0, 0};
    if (trace_->misuse) state = {};
    state.shown = static_cast<uint8_t>(Shown(e.cpu, static_cast<Pfn>(e.new_value)));
    return;
  }
  if (state.op_plus_1 == 0 || OfSwitch(e)) return;
  switch (e.kind) {
    case EventKind::pte_set: OnPteSet(e, &state); break;
    case EventKind::flush_dcache_page: OnFlush(e, &state); break;
    case EventKind::op_end: OnEnd(e, &state); break;
    default: break;
  }
}

const Op& HelpersCheck::OpOf(ContextId actor) const {
  return trace_->op(static_cast<ActorId>(actor), states_[actor].op_plus_1 - 1u);
}

// The n-th page that it maps in the window, kNoPfn if there is none.
Pfn HelpersCheck::MappedAt(ContextId actor, int n) const {
  const Op& op = OpOf(actor);
  const Pfn page = PfnOf(*trace_, op.page);
  if (!HelperFormOf(op.code).source) return NeedsWindow(page) ? static_cast<Pfn>(page + n) : kNoPfn;
  const Pfn source = PfnOf(*trace_, SourcePageOf(op));
  const bool source_first = op.code == OpCode::copy_highpage;
  for (const Pfn p : {source_first ? source : page, source_first ? page : source})
    if (NeedsWindow(p) && n-- == 0) return p;
  return kNoPfn;
}

int HelpersCheck::MostMapped(ContextId actor) const {
  return MappedAt(actor, 1) != kNoPfn && HelperFormOf(OpOf(actor).code).source ? 2 : 1;
}

int HelpersCheck::Shown(CpuId cpu, Pfn page) {
  int shown = 0;
  const int first = FirstIndexOf(cpu);
  for (int index = first; index < first + machine.profile.window_pages(); index++)
    shown += PteGet(FixKmapVpn(index)).pfn() == page;
  return shown;
}

void HelpersCheck::OnPteSet(const Event& e, State* state) {
  const int index = WindowIndexOf(e.obj);
  if (index < 0) return;
  const bool copies = HelperFormOf(OpOf(e.ctx).code).source;
  const bool maps = e.new_value != kNoPfn;
  const int n = maps ? state->mapped++ : state->released++;
  if (!copies) return;
  const bool fifo =
      machine.profile.is_era(Era::kE1Slots) && OpOf(e.ctx).code == OpCode::copy_highpage;
  const Pfn due = MappedAt(e.ctx, maps || fifo ? n : MostMapped(e.ctx) - 1 - n);
  const auto page = static_cast<Pfn>(maps ? e.new_value : e.old_value);
  if (page != due)
    reporter_->Report(e,
                      {FindingId::I47, Role::window, static_cast<uint32_t>(index), due, page, due});
}

void HelpersCheck::OnFlush(const Event& e, State* state) {
  state->flushes++;
  const auto page = static_cast<Pfn>(e.obj);
  if (machine.profile.leaves_pte() || !NeedsWindow(page)) return;
  const bool behind = HelperFlushesBehindUnmap(OpOf(e.ctx).code);
  if (behind && page != PfnOf(*trace_, OpOf(e.ctx).page)) return;
  const int due = state->shown + (behind ? 0 : 1);
  const int shown = Shown(e.cpu, page);
  if (shown != due) reporter_->Report(e, {FindingId::I47, Role::page, page, due, shown, page});
}

void HelpersCheck::OnEnd(const Event& e, State* state) {
  const int due = HelperFlushes(machine.profile, OpOf(e.ctx));
  if (state->flushes != due)
    reporter_->Report(
        e, {FindingId::I47, Role::none, 0, due, state->flushes, PfnOf(*trace_, OpOf(e.ctx).page)});
  *state = {};
}

}  // namespace highmem
