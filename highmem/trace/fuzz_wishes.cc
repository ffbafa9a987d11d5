#include "highmem/trace/fuzz_wishes.h"

#include <iterator>

#include "highmem/trace/fuzz_op.h"

namespace highmem {

bool WishFor(const Op& op, Wish* wish) {
  switch (op.code) {
    case OpCode::kmap: *wish = Wish::kmap_page; return true;
    case OpCode::kunmap: *wish = Wish::kunmap; return op.ref >= 0;
    case OpCode::load: *wish = Wish::load; return true;
    case OpCode::store: *wish = Wish::store; return true;
    case OpCode::page_address: *wish = Wish::page_address; return true;
    case OpCode::yield: *wish = Wish::yield; return true;
    case OpCode::kmap_flush_unused: *wish = Wish::flush; return true;
    case OpCode::irq_save: *wish = Wish::irq_save; return true;
    case OpCode::preempt_disable: *wish = Wish::preempt_disable; return true;
    case OpCode::lock: *wish = Wish::lock; return true;
    case OpCode::arch_leave_lazy_mmu_mode:
    case OpCode::irq_restore:
    case OpCode::preempt_enable:
    case OpCode::local_bh_enable:
    case OpCode::unlock: *wish = Wish::close; return true;
    case OpCode::post: *wish = Wish::post; return true;
    case OpCode::take: *wish = Wish::take; return true;
    case OpCode::kmap_local_page: *wish = Wish::map_local; return true;
    case OpCode::kmap_atomic: *wish = Wish::map_atomic; return true;
    case OpCode::kunmap_local:
    case OpCode::kunmap_atomic: *wish = Wish::unmap_local; return true;
    case OpCode::get_user: *wish = Wish::get_user; return true;
    case OpCode::kmap_to_page: *wish = Wish::kmap_to_page; return true;
    case OpCode::fork: *wish = Wish::fork; return true;
    case OpCode::kmap_high_get: *wish = Wish::high_get; return true;
    case OpCode::kunmap_high: *wish = Wish::unpin; return true;
    case OpCode::local_bh_disable: *wish = Wish::bh_disable; return true;
    case OpCode::cpu_down:
    case OpCode::cpu_up: *wish = Wish::cpu; return true;
    default: return false;
  }
}

int FuzzCodes() { return kFuzzLiteral + static_cast<int>(std::size(kLiterals)); }

bool FuzzCodeMaps(FuzzMix mix, uint8_t code) {
  if (code >= FuzzCodes()) return false;
  if (code >= kFuzzLiteral) {
    const OpCode op = LiteralOf(mix, static_cast<size_t>(code - kFuzzLiteral));
    return Info(op).makes == Makes::map || op == OpCode::kunmap || op == OpCode::kunmap_high ||
           Info(op).takes('x');
  }
  switch (WishOf(mix, code)) {
    case Wish::kmap_fresh:
    case Wish::kmap_page:
    case Wish::kunmap:
    case Wish::map_local:
    case Wish::map_atomic:
    case Wish::high_get:
    case Wish::unpin:
    case Wish::unmap_local: return true;
    default: return false;
  }
}

}  // namespace highmem
