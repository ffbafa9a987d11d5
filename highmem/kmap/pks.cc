// A protection key instead of a mapping: the page has its linear address all the time, and the key
// decides who may use it. Opening the key writes a register of the thread: no PTE, no TLB, and
// nobody else is let in. There is one key for all such pages, hence one count a task; only its
// first map opens, and its last release closes.

#include "highmem/kmap/pks.h"

#include "highmem/kernel/primitive.h"
#include "highmem/kernel/task.h"
#include "highmem/kernel/warn.h"
#include "highmem/machine/shared.h"

namespace highmem {
namespace {

SharedArray<int16_t, EventKind::pks_prot_count, kOwn> pgmap_prot_count;  // [task]

Prim wrpkrs(bool open) { return Prim(PrimKind::wrpkrs, CurrentTaskId(), open); }

Co<int> add_prot_count(int delta) {
  co_await Step(PrimKind::pks_prot_count, CurrentTaskId());
  co_return pgmap_prot_count.add(CurrentTaskId(), static_cast<int16_t>(delta));
}

}  // namespace

Co<> pgmap_set_readwrite() {
  const int count = co_await add_prot_count(1);
  if (count == 1) co_await wrpkrs(true);
}

Co<> pgmap_set_noaccess() {
  const int count = co_await add_prot_count(-1);
  if (count == 0) co_await wrpkrs(false);
}

Co<> pks_key_fault() {
  if (machine.profile.pks_strict != 0) co_await Bug(Site::pks_key_fault);
  co_await WarnOnce(Site::pks_key_fault);
  co_await wrpkrs(true);
}

void pks_reset(int tasks) {
  if (machine.profile.pks_pages != 0) pgmap_prot_count.Carve(tasks);
}

}  // namespace highmem
