// Conditions of a trace, evaluated. (program.h)
#include "highmem/kernel/task.h"
#include "highmem/kernel/wait.h"
#include "highmem/kmap/introspect.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"
#include "highmem/trace/program_parts.h"

namespace highmem {
namespace {

// A page as conditions number them: its declaration, -1 for none, -2 for one not declared.
int32_t DeclarationOf(const Trace& t, Pte pte) {
  if (pte.none()) return -1;
  for (size_t p = 0; p < t.pages.size(); p++)
    if (internal::DeclaredPfn(static_cast<int>(p)) == pte.pfn()) return static_cast<int32_t>(p);
  return -2;
}

// In the pool's queues, of whatever colour.
int32_t Waiters() {
  int32_t waiters = 0;
  for (int colour = 0; pkmap_view() != nullptr && colour < machine.profile.colours; colour++)
    waiters += wait_queue(pkmap_view()->wait_queue(colour)).count;
  return waiters;
}

// Of a slot of a CPU's window, in whatever colour something stands there.
Pte PteOfSlot(int slot, int cpu) {
  for (int colour = 0; colour < machine.profile.colours; colour++) {
    const Pte pte = PteGet(FixKmapVpn(FixKmapIndexOf(slot, cpu, colour)));
    if (!pte.none()) return pte;
  }
  return Pte{};
}

}  // namespace

int32_t IndexOfMaps(TaskId t) {
  if (kmap_atomic_view() != nullptr) return kmap_atomic_view()->idx(task(t).cpu);
  return kmap_ctrl_view() == nullptr ? 0 : kmap_ctrl_view()->idx(t);
}

TaskId TaskOf(const Trace& t, ActorId actor) {
  TaskId before = 0;
  for (int a = 0; a < actor; a++)
    before += t.actors[static_cast<size_t>(a)].kind == ActorKind::task;
  return before;
}

int32_t EvaluateQuantity(const Trace& t, const Cond& cond, const RunCounters& c) {
  const Page* page = cond.page < 0 ? nullptr : pfn_to_page(internal::DeclaredPfn(cond.page));
  const PkmapView* pool = pkmap_view();
  const PageAddressView* hash = page_address_view();
  const KmapCtrlView* ctrl = kmap_ctrl_view();
  const int slot =
      page == nullptr || hash == nullptr || !PageHighMem(page) ? -1 : hash->slot_of(page);
  switch (cond.quantity) {
    case Quantity::kPageCount: return slot < 0 || pool == nullptr ? 0 : pool->count(slot);
    case Quantity::kSlot: return slot;
    case Quantity::kCursor: return pool == nullptr ? 0 : pool->cursor(0);
    case Quantity::kCh: return c.cache_hooks;
    case Quantity::kGf: return c.global_flushes;
    case Quantity::kSw: return c.sweeps;
    case Quantity::kLazy: return vmap_view() == nullptr ? 0 : vmap_view()->lazy();
    case Quantity::kWaiters: return Waiters();
    case Quantity::kIdx: return IndexOfMaps(TaskOf(t, cond.who));
    case Quantity::kMigration: return task(TaskOf(t, cond.who)).migration_disabled;
    case Quantity::kPagefault: return task(TaskOf(t, cond.who)).pagefault_disabled;
    case Quantity::kPreempt: return static_cast<int32_t>(task(TaskOf(t, cond.who)).preempt_count);
    case Quantity::kPinned: return machine.cpus[cond.who].nr_pinned;
    case Quantity::kPte: return DeclarationOf(t, PteOfSlot(cond.offset, cond.who));
    case Quantity::kPteval:
      return ctrl == nullptr ? -1
                             : DeclarationOf(t, ctrl->pteval(TaskOf(t, cond.who), cond.offset));
    case Quantity::kByte:
      return machine
          .memory[(static_cast<size_t>(page_to_pfn(page)) << machine.page_shift) + cond.offset];
  }
  return 0;
}

bool Compares(int32_t left, Compare compare, int32_t right) {
  switch (compare) {
    case Compare::kEq: return left == right;
    case Compare::kNe: return left != right;
    case Compare::kLt: return left < right;
    case Compare::kLe: return left <= right;
    case Compare::kGt: return left > right;
    case Compare::kGe: return left >= right;
  }
  return false;
}

}  // namespace highmem
