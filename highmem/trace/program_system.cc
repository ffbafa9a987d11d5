// Ops about the whole machine, another task, or a page apart from its kernel addresses.
// (program_parts.h)
#include "highmem/kernel/fork.h"
#include "highmem/kernel/hotplug.h"
#include "highmem/kmap/balloon.h"
#include "highmem/kmap/dcache.h"
#include "highmem/kmap/kmap_local.h"
#include "highmem/kmap/page_address.h"
#include "highmem/machine/layout.h"
#include "highmem/trace/program_parts.h"

namespace highmem::internal {

Co<> DoSystem(int index, const Op* op, Pfn pfn, TaskId child) {
  EmitBegin(index, op->code, pfn, op->code == OpCode::fork ? op->actor : op->value);
  switch (op->code) {
    case OpCode::fork: co_await copy_process(child); break;
    case OpCode::cpu_up: co_await cpu_up(static_cast<CpuId>(op->value)); break;
    case OpCode::cpu_down: co_await cpu_down(static_cast<CpuId>(op->value)); break;
    case OpCode::exit_to_user: co_await kmap_assert_nomap(); break;
    case OpCode::set_page_address:
      co_await set_page_address(pfn_to_page(pfn), PKMAP_ADDR(0));
      break;
    case OpCode::flush_dcache_page: co_await flush_dcache_page(pfn_to_page(pfn)); break;
    case OpCode::decrease_reservation: co_await decrease_reservation(pfn_to_page(pfn)); break;
    default: break;
  }
  EmitEnd(index, op->code, {ResultKind::ok, 0, pfn});
}

Co<> DoVmInsertPage(ActorId actor, int index, int var, Pfn pfn) {
  EmitBegin(index, OpCode::vm_insert_page, pfn, 0);
  if (var >= 0) Var(actor, var) = {user_address(pfn), pfn, kNotKmapped};
  EmitEnd(index, OpCode::vm_insert_page, {ResultKind::ok, user_address(pfn), pfn});
  co_return;
}

}  // namespace highmem::internal
