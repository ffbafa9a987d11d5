// Whether an op is admissible, and what is said if not. (lane_state.h)
#include <algorithm>

#include "highmem/trace/lane_state.h"

namespace highmem {

std::string_view SkipSentence(SkipReason reason) {
  switch (reason) {
    case SkipReason::none: return "admissible";
    case SkipReason::context: return "not allowed in this context";
    case SkipReason::not_mapped: return "the actor has no live map of this page";
    case SkipReason::doubtful:
      return "a map of unknown page may be of this page too; name a variable";
    case SkipReason::dead_variable: return "the variable holds no live map";
    case SkipReason::foreign: return "the variable belongs to another actor";
    case SkipReason::no_pin:
      return "page_address of a high page pins nothing: no access through it";
    case SkipReason::offset: return "the offset lies behind the end of the page";
    case SkipReason::unnamed:
      return "leaves a map of unknown page without a variable to release it by";
    case SkipReason::not_open: return "closes what is not open";
    case SkipReason::too_deep: return "nested too deeply";
    case SkipReason::lock_held: return "not while the scratch lock is held";
    case SkipReason::not_earlier: return "takes only from a task declared earlier";
    case SkipReason::not_posted: return "more takes than posts";
    case SkipReason::deadlock: return "tasks could wait for each other's slots";
    case SkipReason::not_newest: return "not the actor's newest local map, or not of its kind";
    case SkipReason::slot_type: return "not a slot for this context, or not that of the map";
    case SkipReason::slot_in_use: return "the actor has a live map in this slot";
    case SkipReason::local_depth:
      return "deepest task, softirq, hardirq and NMI and all faults together overflow the window";
    case SkipReason::local_maps: return "not while a local map is live";
    case SkipReason::forked: return "a task is forked once, and nobody takes from it";
    case SkipReason::no_slot: return "the pool has no such slot";
    case SkipReason::loop_place: return "loop is for tasks, and their last op";
    case SkipReason::looping:
      return "a program that loops cannot post, take, fill, or take CPUs offline";
    case SkipReason::page_class:
      return "the page is mapped in another way, or by another actor, and the cache would show it";
    case SkipReason::page_gone: return "the page is another actor's too, or mapped, or gone";
    case SkipReason::direction: return "the device has the page for the other direction";
    case SkipReason::hotplug:
      return "who takes CPUs offline posts no more, and nobody then forks with local maps live";
    case SkipReason::kCount: break;
  }
  return "?";
}

SkipReason LaneState::CheckPool(const Lane& lane, const Op& op) const {
  return Fits(lane, After(lane, op)) ? SkipReason::none : SkipReason::deadlock;
}

SkipReason LaneState::CheckKmap(const Lane& lane, const Op& op) const {
  if (op.var < 0 && op.any != 0) return SkipReason::unnamed;
  return CheckPool(lane, op);
}

SkipReason LaneState::CheckKunmap(const Lane& lane, const Op& op) const {
  const MapKind kind = op.code == OpCode::kunmap_high ? MapKind::pinned : MapKind::kmap;
  const int named = MapOfVar(lane, op.ref);
  if (op.ref >= 0)
    return named < 0 || lane.maps[named].kind != kind ? SkipReason::dead_variable
                                                      : SkipReason::none;
  if (op.any != 0) return SkipReason::doubtful;
  if (NewestMap(lane, op.page, kind) < 0) return SkipReason::not_mapped;
  for (const Map& map : lane.maps)
    if (map.kind == kind && MayBe(map, op.page)) return SkipReason::doubtful;
  return SkipReason::none;
}

bool LaneState::UsesSlotType(const Lane& lane, KmType type) {
  const KmTypeInfo& info = Info(type);
  switch (lane.kind) {
    case ActorKind::nmi: return info.nmi;
    case ActorKind::irq: return info.hardirq;
    case ActorKind::softirq: return info.softirq && !info.hardirq;
    case ActorKind::task:
    case ActorKind::fault: break;
  }
  return !info.nmi && !info.hardirq && !info.softirq && lane.bh_disables == 0;
}

SkipReason LaneState::CheckMapSlot(const Lane& lane, const Op& op) const {
  const auto type = static_cast<KmType>(op.value);
  if (!UsesSlotType(lane, type)) return SkipReason::slot_type;
  const bool used = std::ranges::any_of(
      lane.maps, [type](const Map& m) { return m.kind == MapKind::atomic && m.type == type; });
  return used ? SkipReason::slot_in_use : SkipReason::none;
}

SkipReason LaneState::CheckUnmapSlot(const Lane& lane, const Op& op) const {
  const int named = MapOfVar(lane, op.ref);
  if (named < 0) return SkipReason::dead_variable;
  if (lane.maps[named].kind != MapKind::atomic) return SkipReason::not_newest;
  if (lane.maps[named].type != static_cast<KmType>(op.value)) return SkipReason::slot_type;
  return op.offset < trace_->profile.page_size ? SkipReason::none : SkipReason::offset;
}

SkipReason LaneState::CheckMapLocal(const Lane& lane, const Op& op) const {
  if (op.var < 0) return SkipReason::unnamed;
  if (HasSlotTypes()) {
    const SkipReason slot = CheckMapSlot(lane, op);
    return slot != SkipReason::none ? slot : CheckPool(lane, op);
  }
  const int depth = LocalDepth(lane) + (NewMap(op).high ? 1 : 0);
  if (!FitsWindow(lane, depth)) return SkipReason::local_depth;
  return CheckPool(lane, op);
}

SkipReason LaneState::CheckUnmapLocal(const Lane& lane, const Op& op) const {
  const int newest = NewestLocal(lane);
  if (op.ref < 0) return SkipReason::not_newest;
  if (HasSlotTypes()) return CheckUnmapSlot(lane, op);
  if (MapOfVar(lane, op.ref) < 0) return SkipReason::dead_variable;
  const MapKind kind = op.code == OpCode::kunmap_atomic ? MapKind::atomic : MapKind::local;
  if (newest != MapOfVar(lane, op.ref) || lane.maps[newest].kind != kind)
    return SkipReason::not_newest;
  return op.offset < trace_->profile.page_size ? SkipReason::none : SkipReason::offset;
}

SkipReason LaneState::CheckAccess(const Lane& lane, const Op& op) const {
  const bool known = op.ref >= 0 && op.ref < static_cast<int>(lane.vars.size());
  switch (known ? lane.vars[op.ref] : VarKind::dead) {
    case VarKind::dead: return SkipReason::dead_variable;
    case VarKind::high_address: return SkipReason::no_pin;
    case VarKind::low_address:
    case VarKind::map: break;
  }
  const int map = MapOfVar(lane, op.ref);
  if (map >= 0 && IsDmaMap(lane.maps[static_cast<size_t>(map)])) return SkipReason::dead_variable;
  // The linear address of a page that the device has.
  if (Caches() && lane.vars[op.ref] == VarKind::low_address &&
      std::ranges::any_of(lane.maps, IsDmaMap))
    return SkipReason::page_class;
  return op.offset < trace_->profile.page_size ? SkipReason::none : SkipReason::offset;
}

// Two pages at most are mapped at once; in the first era in slots that no actor's own map is in.
SkipReason LaneState::CheckHelper(const Lane& lane, const Op& op) const {
  const int pages = 1 << trace_->pages[static_cast<size_t>(op.page)].order;
  if (HelperOverruns(trace_->profile, op, pages)) return SkipReason::offset;
  if (HasSlotTypes()) {
    if (lane.kind != ActorKind::task || lane.bh_disables != 0) return SkipReason::slot_type;
    const bool used = std::ranges::any_of(lane.maps, [](const Map& m) {
      return m.kind == MapKind::atomic &&
             (m.type == KmType::KM_USER0 || m.type == KmType::KM_USER1);
    });
    return used ? SkipReason::slot_in_use : SkipReason::none;
  }
  return FitsWindow(lane, LocalDepth(lane) + 2) ? SkipReason::none : SkipReason::local_depth;
}

SkipReason LaneState::CheckVunmap(const Lane& lane, const Op& op) const {
  const int named = MapOfVar(lane, op.ref);
  const MapKind kind = op.code == OpCode::vunmap ? MapKind::vmap : MapKind::ram;
  if (named < 0 || lane.maps[static_cast<size_t>(named)].kind != kind)
    return SkipReason::dead_variable;
  return op.offset == 0 ? SkipReason::none : SkipReason::offset;
}

// Programs of the misuse lane may wait for ever.
SkipReason LaneState::CheckHotplug(const Lane& lane, const Op& op) const {
  if (NewestLocal(lane) >= 0) return SkipReason::local_maps;
  if (trace_->misuse) return SkipReason::none;
  if (std::ranges::any_of(lanes_, &Lane::forks_pinned)) return SkipReason::hotplug;
  return CheckPool(lane, op);
}

SkipReason LaneState::CheckFork(const Lane& lane, const Op& op) const {
  if (lanes_[op.actor].forked || lanes_[op.actor].takers > 0) return SkipReason::forked;
  const bool pinned = NewestLocal(lane) >= 0 && !trace_->misuse;
  return pinned && std::ranges::any_of(lanes_, &Lane::hotplugs) ? SkipReason::hotplug
                                                                : SkipReason::none;
}

SkipReason LaneState::CheckTake(const Lane& lane, ActorId actor, const Op& op) const {
  if (op.var < 0) return SkipReason::unnamed;
  if (op.actor >= actor) return SkipReason::not_earlier;
  if (lanes_[op.actor].forked) return SkipReason::forked;  // its parent may wait for us
  if (UntakenPosts(op.actor) <= 0) return SkipReason::not_posted;
  return CheckPool(lane, op);
}

SkipReason LaneState::CheckSection(const Lane& lane, OpCode code) const {
  const auto open = [](bool is) { return is ? SkipReason::none : SkipReason::not_open; };
  const auto deep = [](int n) { return n < kMaxNesting ? SkipReason::none : SkipReason::too_deep; };
  switch (code) {
    case OpCode::irq_save: return deep(lane.irq_saves);
    case OpCode::irq_restore: return open(lane.irq_saves > 0);
    case OpCode::preempt_disable: return deep(lane.preempt_disables);
    case OpCode::preempt_enable: return open(lane.preempt_disables > 0);
    case OpCode::lock: return lane.lock ? SkipReason::lock_held : SkipReason::none;
    case OpCode::arch_enter_lazy_mmu_mode: return open(lane.preempt_disables > 0 || lane.lock);
    case OpCode::arch_leave_lazy_mmu_mode: return open(lane.lazy_mmu);
    case OpCode::unlock: return open(lane.lock);
    case OpCode::local_bh_disable: return deep(lane.bh_disables);
    case OpCode::local_bh_enable: return open(lane.bh_disables > 0);
    default: return SkipReason::none;
  }
}

SkipReason LaneState::Check(ActorId actor, const Op& op) const {
  const Lane& lane = lanes_[actor];
  if (op.code == OpCode::loop) return lane.loops ? SkipReason::none : SkipReason::loop_place;
  const SkipReason section = CheckSection(lane, op.code);
  if (section != SkipReason::none) return section;
  if (Info(op.code).contexts.find(ContextOf(lane)) == std::string_view::npos)
    return SkipReason::context;
  if (trace_->profile.high_get != 0 && lane.kind == ActorKind::nmi &&
      Info(op.code).makes == Makes::map)
    return SkipReason::context;
  if (IsForeign(op)) return SkipReason::foreign;
  const int named = MapOfVar(lane, op.var);
  if (named >= 0 && (lane.maps[named].page == kUnknown || lane.maps[named].kind > MapKind::pinned))
    return SkipReason::unnamed;
  const bool adds_up = op.code == OpCode::post || op.code == OpCode::take ||
                       op.code == OpCode::fill || op.code == OpCode::fork ||
                       op.code == OpCode::cpu_down || op.code == OpCode::cpu_up;
  if (lane.loops && adds_up) return SkipReason::looping;
  const SkipReason page = CheckClass(actor, op);
  if (page != SkipReason::none) return page;
  switch (op.code) {
    case OpCode::dma_map_to:
    case OpCode::dma_map_from:
    case OpCode::dma_map_both:
      if (op.var < 0 || op.any != 0) return SkipReason::unnamed;
      if (!FitsWindow(lane, LocalDepth(lane) + 1)) return SkipReason::local_depth;
      return CheckPool(lane, op);
    case OpCode::dma_unmap:
    case OpCode::device_load:
    case OpCode::device_store: return CheckDma(lane, op);
    case OpCode::kmap:
    case OpCode::kmap_high_get: return CheckKmap(lane, op);
    case OpCode::vmap:
    case OpCode::vm_map_ram:
      return op.var < 0 || op.any != 0 ? SkipReason::unnamed : SkipReason::none;
    case OpCode::vunmap:
    case OpCode::vm_unmap_ram: return CheckVunmap(lane, op);
    case OpCode::kunmap:
    case OpCode::kunmap_high: return CheckKunmap(lane, op);
    case OpCode::is_kmap_addr:
    case OpCode::kmap_to_page:
    case OpCode::load:
    case OpCode::store: return CheckAccess(lane, op);
    case OpCode::kmap_local_page:
    case OpCode::kmap_local_pfn:
    case OpCode::kmap_atomic:
    case OpCode::kmap_atomic_pfn: return CheckMapLocal(lane, op);
    case OpCode::kunmap_local:
    case OpCode::kunmap_atomic: return CheckUnmapLocal(lane, op);
    case OpCode::fork: return CheckFork(lane, op);
    case OpCode::cpu_down:
    case OpCode::cpu_up: return CheckHotplug(lane, op);
    case OpCode::exit_to_user:
      return LocalDepth(lane) > 0 ? SkipReason::local_maps : SkipReason::none;
    case OpCode::post: {
      const int index = MapOfVar(lane, op.ref);
      if (index < 0 || lane.maps[index].kind != MapKind::kmap) return SkipReason::dead_variable;
      if (lane.hotplugs) return SkipReason::hotplug;
      return CheckPool(lane, op);
    }
    case OpCode::take: return CheckTake(lane, actor, op);
    case OpCode::decrease_reservation: return op.any != 0 ? SkipReason::unnamed : SkipReason::none;
    case OpCode::kmap_flush_unused: return lane.lock ? SkipReason::lock_held : SkipReason::none;
    case OpCode::fill: return op.value < 0 ? SkipReason::no_slot : CheckPool(lane, op);
    case OpCode::rotate:
      if (op.value < 0 || op.value >= trace_->profile.last_pkmap) return SkipReason::no_slot;
      return CheckPool(lane, op);
    default: return IsHelper(op.code) ? CheckHelper(lane, op) : SkipReason::none;
  }
}

}  // namespace highmem
