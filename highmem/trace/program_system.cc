// Ops about the whole machine, another task, or a page apart from its kernel addresses.
// (program_parts.h)
#include "highmem/kernel/fork.h"
#include "highmem/kernel/hotplug.h"
#include "highmem/kernel/preempt.h"
#include "highmem/kmap/balloon.h"
#include "highmem/kmap/dcache.h"
#include "highmem/kmap/helpers.h"
#include "highmem/kmap/kmap_local.h"
#include "highmem/kmap/page_address.h"
#include "highmem/machine/layout.h"
#include "highmem/trace/helper_op.h"
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

Co<> DoGetUser(int index) {
  EmitBegin(index, OpCode::get_user, kNoPfn, 0);
  const uint32_t served = co_await user_access();
  const ResultKind kind = served != 0 ? ResultKind::ok : ResultKind::fault;
  EmitEnd(index, OpCode::get_user, {kind, 0, kNoPfn});
}

Co<> DoAskOfAddress(int index, const Op* op, VarSlot slot) {
  const Vaddr address = slot.address + op->offset;
  EmitBegin(index, op->code, slot.pfn, address);
  if (op->code == OpCode::is_kmap_addr)
    co_return EmitEnd(index, op->code, {ResultKind::byte, is_kmap_addr(address), slot.pfn});
  const Pfn pfn = co_await kmap_to_page(address);
  EmitEnd(index, op->code, {ResultKind::page, pfn, slot.pfn});
}

// The operand is the source's frame, or that of the second page of a compound one.
Co<> DoHelper(const Trace& t, int index, const Op* op, Pfn pfn) {
  Page* const page = pfn_to_page(pfn);
  const int pages = 1 << t.pages[static_cast<size_t>(op->page)].order;
  const Pfn from = HelperFormOf(op->code).source ? DeclaredPfn(SourcePageOf(*op))
                                                 : static_cast<Pfn>(pfn + pages - 1);
  const uint32_t offset = op->offset, len = LengthOf(*op);
  const auto byte = static_cast<uint8_t>(op->value);
  EmitBegin(index, op->code, pfn, from);
  switch (op->code) {
    case OpCode::clear_highpage: co_await clear_highpage(page); break;
    case OpCode::copy_highpage: co_await copy_highpage(page, pfn_to_page(from)); break;
    case OpCode::memcpy_page:
      co_await memcpy_page(page, offset, pfn_to_page(from), SourceOffsetOf(*op), len);
      break;
    case OpCode::memset_page: co_await memset_page(page, offset, byte, len); break;
    case OpCode::memcpy_from_page: co_await memcpy_from_page(page, offset, len); break;
    case OpCode::memcpy_to_page: co_await memcpy_to_page(page, offset, byte, len); break;
    case OpCode::memzero_page: co_await memzero_page(page, offset, len); break;
    default: {
      const Segment first = FirstSegmentOf(*op), second = SecondSegmentOf(*op);
      co_await zero_user_segments(page, pages, first.start, first.end, second.start, second.end);
      break;
    }
  }
  EmitEnd(index, op->code, {ResultKind::ok, 0, pfn});
}

}  // namespace highmem::internal
