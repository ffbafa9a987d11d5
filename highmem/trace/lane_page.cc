// Which actor may map which page how, where software sees a cache. (lane_state.h, "caches")
#include <algorithm>

#include "highmem/machine/cache.h"
#include "highmem/trace/lane_state.h"

namespace highmem {

bool LaneState::Caches() const { return CacheLineCount(trace_->profile) != 0; }

LaneState::PageUse::Class LaneState::ClassOf(const Op& op) const {
  const bool high = op.page >= 0 && trace_->pages[static_cast<size_t>(op.page)].high;
  switch (op.code) {
    case OpCode::kmap_local_pfn:
    case OpCode::kmap_atomic_pfn: return PageUse::Class::local;
    case OpCode::kmap_local_page:
    case OpCode::kmap_atomic: return high ? PageUse::Class::local : PageUse::Class::pool;
    case OpCode::page_address: return high ? PageUse::Class::none : PageUse::Class::pool;
    case OpCode::kmap:
    case OpCode::kmap_high_get:
    case OpCode::dma_map_to:
    case OpCode::dma_map_from:
    case OpCode::dma_map_both:
    case OpCode::vm_insert_page: return PageUse::Class::pool;
    default: return PageUse::Class::none;
  }
}

// A page whose frame is given up, before or now, is one actor's; and nobody has a map of it.
SkipReason LaneState::CheckGone(ActorId actor, const Op& op) const {
  const auto gone = [](const PageUse& use) { return use.released; };
  const bool any = op.any != 0 && !IsHelper(op.code);
  if (any && std::ranges::any_of(uses_, gone)) return SkipReason::page_gone;
  if (HelperFormOf(op.code).source && uses_[static_cast<size_t>(SourcePageOf(op))].released)
    return SkipReason::page_gone;
  if (op.page < 0) return SkipReason::none;
  const PageUse& use = uses_[static_cast<size_t>(op.page)];
  if (use.released) return SkipReason::page_gone;
  if (op.code != OpCode::decrease_reservation) return SkipReason::none;
  const bool mine = use.owner == PageUse::kNobody || use.owner == actor;
  const bool mapped = std::ranges::any_of(
      lanes_[actor].maps, [&](const Map& m) { return m.page == op.page || MayBe(m, op.page); });
  return mine && !mapped && !use.aliased ? SkipReason::none : SkipReason::page_gone;
}

// Behind a protection key: what comes in between would close the key of whom it interrupts.
SkipReason LaneState::CheckKey(ActorId actor, const Op& op) const {
  const ActorKind kind = trace_->actors[actor].kind;
  const bool local = op.code == OpCode::kmap_local_page || op.code == OpCode::kmap_atomic;
  const bool interrupts = kind != ActorKind::task && kind != ActorKind::fault;
  if (trace_->profile.pks_pages == 0 || !interrupts) return SkipReason::none;
  return local || IsHelper(op.code) ? SkipReason::context : SkipReason::none;
}

SkipReason LaneState::CheckClass(ActorId actor, const Op& op) const {
  const SkipReason key = CheckKey(actor, op);
  if (key != SkipReason::none) return key;
  const SkipReason gone = CheckGone(actor, op);
  if (gone != SkipReason::none) return gone;
  const PageUse::Class of = ClassOf(op);
  if (!Caches() || of == PageUse::Class::none) return SkipReason::none;
  if (op.page < 0) return SkipReason::page_class;
  const PageUse& use = uses_[static_cast<size_t>(op.page)];
  const Lane& lane = lanes_[actor];
  const bool mine = use.owner == PageUse::kNobody || use.owner == actor;
  const bool mapped =
      std::ranges::any_of(lane.maps, [&](const Map& m) { return m.page == op.page; });
  const bool of_device = std::ranges::any_of(
      lane.maps, [&](const Map& m) { return m.page == op.page && IsDmaMap(m); });
  if ((use.dma || IsDma(op.code)) && !mine) return SkipReason::page_class;
  if (of_device || (IsDma(op.code) && mapped)) return SkipReason::page_class;
  if (!trace_->profile.cache_is_vivt()) return SkipReason::none;
  const bool low = !trace_->pages[static_cast<size_t>(op.page)].high;
  if (of == PageUse::Class::local && (low || !mine || mapped)) return SkipReason::page_class;
  const bool fits = use.of == PageUse::Class::none || use.of == of;
  return fits ? SkipReason::none : SkipReason::page_class;
}

void LaneState::Use(ActorId actor, const Op& op) {
  const uint32_t any = IsHelper(op.code) ? 0 : op.any;
  for (size_t p = 0; any != 0 && p < uses_.size() && p < 32; p++)
    if ((any >> p & 1) != 0) uses_[p].owner = PageUse::kMany;
  if (op.page < 0) return;
  if (HelperFormOf(op.code).source)
    uses_[static_cast<size_t>(SourcePageOf(op))].owner = PageUse::kMany;
  PageUse& use = uses_[static_cast<size_t>(op.page)];
  const bool mine = use.owner == PageUse::kNobody || use.owner == actor;
  use.owner = mine ? static_cast<int16_t>(actor) : PageUse::kMany;
  use.aliased |= op.code == OpCode::vm_insert_page;
  use.released |= op.code == OpCode::decrease_reservation;
  const PageUse::Class of = ClassOf(op);
  if (!Caches() || of == PageUse::Class::none) return;
  use.of = of;
  use.dma |= IsDma(op.code);
}

// dma_unmap and what the device does: a variable of dma_map, in the direction that it was made for.
SkipReason LaneState::CheckDma(const Lane& lane, const Op& op) const {
  const int index = MapOfVar(lane, op.ref);
  if (index < 0 || !IsDmaMap(lane.maps[static_cast<size_t>(index)]))
    return SkipReason::dead_variable;
  const MapKind kind = lane.maps[static_cast<size_t>(index)].kind;
  if (op.code == OpCode::device_load && kind == MapKind::dma_from) return SkipReason::direction;
  if (op.code == OpCode::device_store && kind == MapKind::dma_to) return SkipReason::direction;
  if (op.code != OpCode::dma_unmap && op.offset >= trace_->profile.page_size)
    return SkipReason::offset;
  return FitsWindow(lane, LocalDepth(lane) + 1) ? SkipReason::none : SkipReason::local_depth;
}

}  // namespace highmem
