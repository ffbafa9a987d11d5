#include "highmem/trace/lane_state.h"

#include <algorithm>
#include <span>

namespace highmem {
namespace {

// Pages an op may be about, as a mask; 0 stands for the one page named.
bool AnyPage(const Trace& trace, uint32_t any, int page, bool high) {
  if (any == 0) return trace.pages[page].high == high;
  for (size_t p = 0; p < trace.pages.size() && p < 32; p++)
    if ((any >> p & 1) != 0 && trace.pages[p].high == high) return true;
  return false;
}

}  // namespace

void LaneState::Begin(const Trace& trace) {
  trace_ = &trace;
  if (lanes_.size() < trace.actors.size()) lanes_.resize(trace.actors.size());
  uses_.assign(trace.pages.size(), PageUse());
  for (size_t a = 0; a < lanes_.size(); a++) {
    Lane& lane = lanes_[a];
    lane.kind = a < trace.actors.size() ? trace.actors[a].kind : ActorKind::task;
    lane.loops = lane.lock = lane.lazy_mmu = lane.forked = false;
    lane.forks_pinned = lane.hotplugs = false;
    lane.bh_disables = lane.most_local = 0;
    lane.irq_saves = lane.preempt_disables = 0;
    lane.fillers = lane.posts = lane.takers = 0;
    lane.last_page = 0;
    lane.demand = {};
    lane.open.clear();
    lane.maps.clear();
    lane.posted.clear();
    lane.vars.clear();
  }
}

char LaneState::ContextOf(const Lane& lane) const {
  switch (lane.kind) {
    case ActorKind::softirq: return 'S';
    case ActorKind::irq: return 'H';
    case ActorKind::nmi: return 'N';
    case ActorKind::task:
    case ActorKind::fault: break;
  }
  if (lane.lazy_mmu) return 'L';
  if (lane.irq_saves > 0) return 'O';
  if (lane.bh_disables > 0) return 'S';
  if (lane.preempt_disables > 0 || lane.lock || InAtomicMap(lane)) return 'A';
  return lane.kind == ActorKind::task ? 'T' : 'F';
}

bool LaneState::InAtomicMap(const Lane& lane) {
  return std::ranges::any_of(lane.maps, [](const Map& m) { return m.kind == MapKind::atomic; });
}

int LaneState::NewestLocal(const Lane& lane, int nth) {
  for (int i = static_cast<int>(lane.maps.size()) - 1; i >= 0; i--)
    if (IsLocal(lane.maps[i]) && nth-- == 0) return i;
  return -1;
}

void LaneState::ReleaseOf(const Map& map, Op* op) const {
  *op = {};
  op->code = map.kind == MapKind::atomic ? OpCode::kunmap_atomic : OpCode::kunmap_local;
  op->ref = map.var;
  if (HasSlotTypes()) op->value = static_cast<int32_t>(map.type);
}

bool LaneState::ReleaseOfLocal(ActorId actor, int nth, Op* op) const {
  const Lane& lane = lanes_[actor];
  int i = NewestLocal(lane, HasSlotTypes() ? nth : 0);
  if (i < 0) i = NewestLocal(lane);
  if (i < 0) return false;
  ReleaseOf(lane.maps[i], op);
  return op->ref >= 0;
}

KmType LaneState::SlotTypeOf(ActorId actor, int var) const {
  const int i = MapOfVar(lanes_[actor], var);
  return i < 0 ? KmType::KM_USER0 : lanes_[actor].maps[i].type;
}

int LaneState::LocalDepth(const Lane& lane) {
  return static_cast<int>(
      std::ranges::count_if(lane.maps, [](const Map& m) { return IsLocal(m) && m.high; }));
}

// With `depth` in place of what the lane has needed so far.
bool LaneState::FitsWindow(const Lane& lane, int depth) const {
  if (HasSlotTypes()) return true;
  int most[static_cast<int>(ActorKind::fault) + 1] = {};
  for (const Lane& l : lanes_) {
    int& of_kind = most[static_cast<int>(l.kind)];
    const int of_lane = &l == &lane ? std::max(depth, l.most_local) : l.most_local;
    of_kind = l.kind == ActorKind::fault ? of_kind + of_lane : std::max(of_kind, of_lane);
  }
  int together = 0;
  for (const int m : most) together += m;
  // What the generic setter's hook maps comes on top of all that.
  return together + trace_->profile.setter_hook <= trace_->profile.kmap_local_depth();
}

LaneState::VarKind LaneState::Var(ActorId actor, int var) const {
  const Lane& lane = lanes_[actor];
  return var >= 0 && var < static_cast<int>(lane.vars.size()) ? lane.vars[var] : VarKind::dead;
}

int LaneState::NewestMap(const Lane& lane, int page, MapKind kind) {
  for (int i = static_cast<int>(lane.maps.size()) - 1; i >= 0; i--)
    if (lane.maps[i].kind == kind && lane.maps[i].page == page) return i;
  return -1;
}

int LaneState::MapOfVar(const Lane& lane, int var) {
  for (int i = static_cast<int>(lane.maps.size()) - 1; var >= 0 && i >= 0; i--)
    if (lane.maps[i].var == var) return i;
  return -1;
}

LaneState::Map LaneState::NewMap(const Op& op) const {
  if (op.code == OpCode::take) return {op.var, kUnknown, ~0u, true};
  Map map{op.var, op.any != 0 ? kUnknown : op.page, op.any,
          AnyPage(*trace_, op.any, op.page, /*high=*/true)};
  switch (op.code) {
    case OpCode::kmap_local_pfn:
    case OpCode::kmap_atomic_pfn: map.high = true; [[fallthrough]];
    case OpCode::kmap_local_page:
    case OpCode::kmap_atomic:
      map.high |= trace_->profile.forces_map();
      map.kind = op.code == OpCode::kmap_atomic || op.code == OpCode::kmap_atomic_pfn
                     ? MapKind::atomic
                     : MapKind::local;
      if (HasSlotTypes()) map.type = static_cast<KmType>(op.value);
      break;
    case OpCode::kmap_high_get: map.kind = MapKind::pinned; break;
    // No slot of the pool, nor of a window.
    case OpCode::vmap: map.kind = MapKind::vmap, map.high = false; break;
    case OpCode::vm_map_ram: map.kind = MapKind::ram, map.high = false; break;
    case OpCode::dma_map_to: map.kind = MapKind::dma_to; break;
    case OpCode::dma_map_from: map.kind = MapKind::dma_from; break;
    case OpCode::dma_map_both: map.kind = MapKind::dma_both; break;
    default: break;
  }
  return map;
}

bool LaneState::OfHighPage(ActorId actor, const Op& op) const {
  if (op.ref < 0) return NewMap(op).high;
  const int index = MapOfVar(lanes_[actor], op.ref);
  return index < 0 || lanes_[actor].maps[static_cast<size_t>(index)].high;
}

void LaneState::SetVar(Lane& lane, int var, VarKind kind) {
  if (var < 0) return;
  if (var >= static_cast<int>(lane.vars.size())) lane.vars.resize(var + 1, VarKind::dead);
  const int named = MapOfVar(lane, var);
  if (named >= 0) lane.maps[named].var = -1;
  lane.vars[var] = kind;
}

void LaneState::RemoveMap(Lane& lane, int index) {
  if (index < 0) return;
  SetVar(lane, lane.maps[index].var, VarKind::dead);
  lane.maps.erase(lane.maps.begin() + index);
}

void LaneState::ApplySection(Lane& lane, OpCode code) {
  const auto close = [&](OpCode opener) {
    for (size_t i = lane.open.size(); i > 0; i--) {
      if (lane.open[i - 1] != opener) continue;
      lane.open.erase(lane.open.begin() + static_cast<ptrdiff_t>(i) - 1);
      return;
    }
  };
  switch (code) {
    case OpCode::irq_save:
    case OpCode::preempt_disable:
    case OpCode::local_bh_disable:
    case OpCode::arch_enter_lazy_mmu_mode:
    case OpCode::lock: lane.open.push_back(code); break;
    case OpCode::arch_leave_lazy_mmu_mode: close(OpCode::arch_enter_lazy_mmu_mode); break;
    case OpCode::local_bh_enable: close(OpCode::local_bh_disable); break;
    case OpCode::irq_restore: close(OpCode::irq_save); break;
    case OpCode::preempt_enable: close(OpCode::preempt_disable); break;
    case OpCode::unlock: close(OpCode::lock); break;
    default: return;
  }
  lane.irq_saves = static_cast<int>(std::ranges::count(lane.open, OpCode::irq_save));
  lane.preempt_disables = static_cast<int>(std::ranges::count(lane.open, OpCode::preempt_disable));
  lane.bh_disables = static_cast<int>(std::ranges::count(lane.open, OpCode::local_bh_disable));
  lane.lock = std::ranges::count(lane.open, OpCode::lock) != 0;
  lane.lazy_mmu = std::ranges::count(lane.open, OpCode::arch_enter_lazy_mmu_mode) != 0;
}

void LaneState::Apply(ActorId actor, const Op& op) {
  Lane& lane = lanes_[actor];
  lane.demand = After(lane, op);
  if (op.page >= 0 && op.var >= 0) lane.last_page = op.page;
  Use(actor, op);
  if (IsHelper(op.code)) lane.most_local = std::max(lane.most_local, LocalDepth(lane) + 2);
  switch (op.code) {
    case OpCode::dma_map_to:
    case OpCode::dma_map_from:
    case OpCode::dma_map_both:
      lane.most_local = std::max(lane.most_local, LocalDepth(lane) + 1);
      [[fallthrough]];
    case OpCode::kmap:
    case OpCode::vmap:
    case OpCode::vm_map_ram:
    case OpCode::kmap_high_get:
    case OpCode::take: {
      if (op.code == OpCode::take) lanes_[op.actor].takers++;
      SetVar(lane, op.var, VarKind::map);
      lane.maps.push_back(NewMap(op));
      break;
    }
    case OpCode::kmap_local_page:
    case OpCode::kmap_local_pfn:
    case OpCode::kmap_atomic:
    case OpCode::kmap_atomic_pfn:
      SetVar(lane, op.var, VarKind::map);
      lane.maps.push_back(NewMap(op));
      lane.most_local = std::max(lane.most_local, LocalDepth(lane));
      break;
    case OpCode::kunmap_local:
    case OpCode::kunmap_atomic:
      if (op.ref >= 0) RemoveMap(lane, HasSlotTypes() ? MapOfVar(lane, op.ref) : NewestLocal(lane));
      break;
    case OpCode::fork:
      lanes_[op.actor].forked = true;
      lane.forks_pinned |= NewestLocal(lane) >= 0;
      break;
    case OpCode::cpu_down:
    case OpCode::cpu_up: lane.hotplugs = true; break;
    case OpCode::kunmap:
      RemoveMap(lane, op.ref >= 0 ? MapOfVar(lane, op.ref) : NewestMap(lane, op.page));
      break;
    case OpCode::vunmap:
    case OpCode::vm_unmap_ram: RemoveMap(lane, MapOfVar(lane, op.ref)); break;
    case OpCode::dma_unmap:
      lane.most_local = std::max(lane.most_local, LocalDepth(lane) + 1);
      RemoveMap(lane, MapOfVar(lane, op.ref));
      break;
    case OpCode::kunmap_high:
      RemoveMap(lane,
                op.ref >= 0 ? MapOfVar(lane, op.ref) : NewestMap(lane, op.page, MapKind::pinned));
      break;
    case OpCode::vm_insert_page: SetVar(lane, op.var, VarKind::low_address); break;
    case OpCode::page_address: {
      const bool high = AnyPage(*trace_, op.any, op.page, /*high=*/true);
      SetVar(lane, op.var, high ? VarKind::high_address : VarKind::low_address);
      break;
    }
    case OpCode::post: {
      lane.posts++;
      const int index = MapOfVar(lane, op.ref);
      if (index < 0) break;
      if (lane.maps[index].page != kUnknown)
        uses_[static_cast<size_t>(lane.maps[index].page)].owner = PageUse::kMany;
      lane.posted.push_back(lane.maps[index]);
      RemoveMap(lane, index);
      break;
    }
    case OpCode::fill: lane.fillers += std::min(op.value, kManyPages); break;
    default: ApplySection(lane, op.code); break;
  }
}

bool LaneState::NextRelease(ActorId actor, Op* op) const {
  const Lane& lane = lanes_[actor];
  *op = {};
  if (!lane.open.empty()) {
    switch (lane.open.back()) {
      case OpCode::irq_save: op->code = OpCode::irq_restore; break;
      case OpCode::preempt_disable: op->code = OpCode::preempt_enable; break;
      case OpCode::local_bh_disable: op->code = OpCode::local_bh_enable; break;
      case OpCode::arch_enter_lazy_mmu_mode: op->code = OpCode::arch_leave_lazy_mmu_mode; break;
      default: op->code = OpCode::unlock; break;
    }
    return true;
  }
  if (lane.maps.empty()) return false;
  if (const int local = NewestLocal(lane); local >= 0) {
    ReleaseOf(lane.maps[local], op);
    return true;
  }
  size_t newest = lane.maps.size() - 1;
  // Without a variable it would be in doubt while maps of unknown page are live; those have one.
  for (size_t i = newest + 1; lane.maps[newest].var < 0 && i > 0; i--)
    if (lane.maps[i - 1].page == kUnknown) newest = i - 1;
  op->code = lane.maps[newest].kind == MapKind::pinned ? OpCode::kunmap_high : OpCode::kunmap;
  if (IsDmaMap(lane.maps[newest])) op->code = OpCode::dma_unmap;
  if (lane.maps[newest].kind == MapKind::vmap) op->code = OpCode::vunmap;
  if (lane.maps[newest].kind == MapKind::ram) op->code = OpCode::vm_unmap_ram;
  op->ref = lane.maps[newest].var;
  if (op->ref < 0) op->page = lane.maps[newest].page;
  return true;
}

}  // namespace highmem
