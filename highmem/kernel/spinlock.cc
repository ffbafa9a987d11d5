#include "highmem/kernel/spinlock.h"

#include "highmem/kernel/preempt.h"
#include "highmem/kernel/spinlock_state.h"
#include "highmem/machine/arena.h"

namespace highmem {
namespace {

uint8_t* owner_plus_1 = nullptr;  // [LockId]

}  // namespace

void SpinlocksReset() { owner_plus_1 = arena.Carve<uint8_t>(static_cast<size_t>(LockId::kCount)); }

bool LockIsFree(LockId lock) { return owner_plus_1[static_cast<int>(lock)] == 0; }
TaskId LockOwner(LockId lock) {
  return static_cast<TaskId>(owner_plus_1[static_cast<int>(lock)] - 1);
}
void LockTake(LockId lock, TaskId owner) {
  owner_plus_1[static_cast<int>(lock)] = static_cast<uint8_t>(owner + 1);
}
void LockRelease(LockId lock) { owner_plus_1[static_cast<int>(lock)] = 0; }

std::string_view LockName(LockId lock) {
  switch (lock) {
    case LockId::kKmapLock: return "kmap_lock";
    case LockId::kScratch: return "scratch_lock";
    case LockId::kVmapArea: return "vmap_area_lock";
    case LockId::kVmapPurge: return "vmap_purge_lock";
    case LockId::kCount: break;
  }
  return "?";
}

Co<> spin_lock(LockId lock) {
  co_await preempt_disable();
  co_await Prim(PrimKind::lock, static_cast<uint32_t>(lock));
}

Co<> spin_unlock(LockId lock) {
  co_await Prim(PrimKind::unlock, static_cast<uint32_t>(lock));
  co_await preempt_enable();
}

Co<> spin_lock_irq(LockId lock) {
  co_await preempt_disable();
  co_await local_irq_disable();
  co_await Prim(PrimKind::lock, static_cast<uint32_t>(lock));
}

Co<> spin_unlock_irq(LockId lock) {
  co_await Prim(PrimKind::unlock, static_cast<uint32_t>(lock));
  co_await local_irq_enable();
  co_await preempt_enable();
}

Co<uint32_t> spin_lock_irqsave(LockId lock) {
  co_await preempt_disable();
  const uint32_t flags = co_await irq_save();
  co_await Prim(PrimKind::lock, static_cast<uint32_t>(lock));
  co_return flags;
}

Co<> spin_unlock_irqrestore(LockId lock, uint32_t flags) {
  co_await Prim(PrimKind::unlock, static_cast<uint32_t>(lock));
  co_await irq_restore(flags);
  co_await preempt_enable();
}

}  // namespace highmem
