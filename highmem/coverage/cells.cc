#include "highmem/coverage/cells.h"

#include <algorithm>
#include <string_view>

namespace highmem {
namespace {

constexpr int kFamilies = static_cast<int>(OpFamily::kCount);
constexpr int kStates = static_cast<int>(SlotState::kCount);
constexpr int kContexts = static_cast<int>(CallContext::kCount);
constexpr int kOps = static_cast<int>(OpCode::kCount);
constexpr int kPrims = static_cast<int>(PrimKind::kCount);
constexpr int kKinds = static_cast<int>(ContextKind::kFault) + 1;
constexpr int kDepths = static_cast<int>(DepthOf::kCount);
constexpr int kMoments = static_cast<int>(Moment::kCount);

constexpr std::string_view kFamilyNames[] = {
    "kmap",        "kunmap",     "kmap_high_get", "kunmap_high", "local map",
    "local unmap", "atomic map", "atomic unmap",  "dma",         "vmap",
    "helper",      "access",     "something else"};
constexpr std::string_view kStateNames[] = {"absent", "parked", "one user", "more users"};
constexpr std::string_view kContextNames[] = {
    "task", "page fault", "preemption off", "irqs off", "softirq", "hardirq", "nmi", "lazy mmu"};
constexpr std::string_view kContextLetters = "TFAOSHNL";
constexpr std::string_view kKindNames[] = {"switch", "preemption", "softirq", "hardirq",
                                           "ipi",    "nmi",        "fault"};
constexpr std::string_view kDepthNames[] = {"local maps", "atomic maps", "users",
                                            "parked",     "waiters",     "contexts"};
constexpr std::string_view kMomentNames[] = {"sleeps for a slot",
                                             "wakes several",
                                             "sweeps in vain",
                                             "sweeps",
                                             "sweep interrupted",
                                             "stale entry",
                                             "spins for lock",
                                             "maps leave",
                                             "maps come back",
                                             "moves to another cpu",
                                             "forks",
                                             "cpu goes",
                                             "cpu comes back",
                                             "faults",
                                             "key faults",
                                             "line written back",
                                             "tlb filled",
                                             "vmaps purged",
                                             "frame given back",
                                             "warns"};
static_assert(std::size(kFamilyNames) == kFamilies && std::size(kStateNames) == kStates);
static_assert(std::size(kContextNames) == kContexts && kContextLetters.size() == kContexts);
static_assert(std::size(kKindNames) == kKinds && std::size(kDepthNames) == kDepths);
static_assert(std::size(kMomentNames) == kMoments);

// How deep each goes at most, on the machines that are fuzzed.
constexpr int kMostDeep[] = {4, 4, 6, 4, 4, 4};
static_assert(std::size(kMostDeep) == kDepths && std::ranges::max(kMostDeep) <= kDeepest);

bool HasPoolCells(OpFamily family) {
  switch (family) {
    case OpFamily::kmap:
    case OpFamily::kunmap:
    case OpFamily::high_get:
    case OpFamily::high_put:
    case OpFamily::local_map:
    case OpFamily::atomic_map:
    case OpFamily::dma: return true;
    default: return false;
  }
}

bool Releases(OpFamily family) {
  return family == OpFamily::kunmap || family == OpFamily::high_put;
}

// Primitives of calls: what the harness does of itself has no window, and no call answers an IPI.
bool HasWindow(PrimKind prim) {
  switch (prim) {
    case PrimKind::ipi_ack:
    case PrimKind::none:
    case PrimKind::op:
    case PrimKind::look:
    case PrimKind::choose:
    case PrimKind::idle:
    case PrimKind::bug:
    case PrimKind::warn:
    case PrimKind::splat:
    case PrimKind::frame_overflow:
    case PrimKind::kCount: return false;
    default: return true;
  }
}

bool InSchedule(PrimKind prim) {
  return prim == PrimKind::deactivate || prim == PrimKind::pick || prim == PrimKind::switch_to;
}

// Spinlocks turn preemption off before they are taken, and on behind their release. What only
// holders of kmap_lock can see, they alone write.
bool PreemptionIsOff(PrimKind prim) {
  switch (prim) {
    case PrimKind::lock:
    case PrimKind::unlock:
    case PrimKind::ipi_send:
    case PrimKind::ipi_wait:
    case PrimKind::lazy_mmu_enter:
    case PrimKind::lazy_mmu_leave:
    case PrimKind::lazy_mmu_flush: return true;
    default: return Info(prim).seen_by == SeenBy::locked && Info(prim).access == Access::write;
  }
}

bool CanComeIn(PrimKind prim, ContextKind what) {
  switch (what) {
    case ContextKind::kTask: return prim == PrimKind::switch_to;
    case ContextKind::kFault: return prim == PrimKind::user_access;
    case ContextKind::kPreempt: return !InSchedule(prim) && !PreemptionIsOff(prim);
    case ContextKind::kNmi: return true;
    default: return !InSchedule(prim);
  }
}

// Ops that are calls of others, and nothing by themselves.
bool IsNoCall(OpCode code) {
  return code == OpCode::loop || code == OpCode::fill || code == OpCode::rotate;
}

// Every cell there is, numbered in the order of the groups.
class Numbers {
 public:
  Numbers() {
    for (int s = 0; s < kStates; s++)
      for (int f = 0; f < kFamilies; f++) pool[s][f] = Pool(s, static_cast<OpFamily>(f));
    for (int c = 0; c < kContexts; c++)
      for (int o = 0; o < kOps; o++) context[c][o] = Context(c, static_cast<OpCode>(o));
    for (int p = 0; p < kPrims; p++)
      for (int k = 0; k < kKinds; k++)
        window[p][k] = Window(static_cast<PrimKind>(p), static_cast<ContextKind>(k));
    for (int a = 0; a < kFamilies; a++)
      for (int b = 0; b < kFamilies; b++)
        for (int same = 0; same < 2; same++)
          pair[a][b][same] = Add(same != 0 ? "pair, same cpu" : "pair, two cpus", kFamilyNames[a],
                                 kFamilyNames[b]);
    for (int d = 0; d < kDepths; d++)
      for (int n = 0; n < kDeepest; n++)
        depth[d][n] =
            n < kMostDeep[d] ? Add("depth", kDepthNames[d], std::to_string(n + 1)) : kNoCell;
    for (int m = 0; m < kMoments; m++) moment[m] = Add("moment", kMomentNames[m], "seen");
  }

  int pool[kStates][kFamilies];
  int context[kContexts][kOps];
  int window[kPrims][kKinds];
  int pair[kFamilies][kFamilies][2];
  int depth[kDepths][kDeepest];
  int moment[kMoments];
  std::vector<std::string> names;

 private:
  int Add(std::string_view group, std::string_view row, std::string_view column) {
    names.push_back(std::string(group) + "/" + std::string(row) + "/" + std::string(column));
    return static_cast<int>(names.size()) - 1;
  }

  int Pool(int state, OpFamily family) {
    const bool used = state >= static_cast<int>(SlotState::one_user);
    if (!HasPoolCells(family) || (Releases(family) && !used)) return kNoCell;
    return Add("pool", kStateNames[state], kFamilyNames[static_cast<int>(family)]);
  }

  int Context(int context, OpCode code) {
    const OpInfo& op = Info(code);
    const char letter = kContextLetters[static_cast<size_t>(context)];
    if (IsNoCall(code) || op.contexts.find(letter) == std::string_view::npos) return kNoCell;
    return Add("context", kContextNames[context], op.name);
  }

  int Window(PrimKind prim, ContextKind what) {
    if (!HasWindow(prim)) return kNoCell;
    if (!CanComeIn(prim, what)) return kCannotBe;
    return Add("window", Info(prim).name, kKindNames[static_cast<int>(what)]);
  }
};

// Never destroyed: what runs at exit names cells, too.
const Numbers& All() {
  static const Numbers& numbers = *new Numbers;
  return numbers;
}

}  // namespace

OpFamily FamilyOf(OpCode code) {
  switch (code) {
    case OpCode::kmap:
    case OpCode::fill:
    case OpCode::rotate: return OpFamily::kmap;
    case OpCode::kunmap: return OpFamily::kunmap;
    case OpCode::kmap_high_get: return OpFamily::high_get;
    case OpCode::kunmap_high: return OpFamily::high_put;
    case OpCode::kmap_local_page:
    case OpCode::kmap_local_pfn: return OpFamily::local_map;
    case OpCode::kunmap_local: return OpFamily::local_unmap;
    case OpCode::kmap_atomic:
    case OpCode::kmap_atomic_pfn: return OpFamily::atomic_map;
    case OpCode::kunmap_atomic: return OpFamily::atomic_unmap;
    case OpCode::dma_map_to:
    case OpCode::dma_map_from:
    case OpCode::dma_map_both:
    case OpCode::dma_unmap: return OpFamily::dma;
    case OpCode::vmap:
    case OpCode::vunmap:
    case OpCode::vm_map_ram:
    case OpCode::vm_unmap_ram:
    case OpCode::vm_unmap_aliases:
    case OpCode::drain_vmap_area_work: return OpFamily::vmap;
    case OpCode::load:
    case OpCode::store:
    case OpCode::device_load:
    case OpCode::device_store: return OpFamily::access;
    case OpCode::clear_highpage:
    case OpCode::copy_highpage:
    case OpCode::memcpy_page:
    case OpCode::memset_page:
    case OpCode::memcpy_from_page:
    case OpCode::memcpy_to_page:
    case OpCode::memzero_page:
    case OpCode::zero_user_segments: return OpFamily::helper;
    default: return OpFamily::other;
  }
}

int CellCount() { return static_cast<int>(All().names.size()); }

int PoolCell(SlotState state, OpFamily family) {
  return All().pool[static_cast<int>(state)][static_cast<int>(family)];
}

int ContextCell(CallContext context, OpCode code) {
  return All().context[static_cast<int>(context)][static_cast<int>(code)];
}

int WindowCell(PrimKind prim, ContextKind what) {
  return All().window[static_cast<int>(prim)][static_cast<int>(what)];
}

int PairCell(OpFamily under_way, OpFamily begins, bool same_cpu) {
  return All().pair[static_cast<int>(under_way)][static_cast<int>(begins)][same_cpu ? 1 : 0];
}

int DepthCell(DepthOf what, int depth) {
  const int most = kMostDeep[static_cast<int>(what)];
  return depth < 1 ? kNoCell : All().depth[static_cast<int>(what)][std::min(depth, most) - 1];
}

int MomentCell(Moment moment) { return All().moment[static_cast<int>(moment)]; }

std::string CellName(int cell) { return All().names[static_cast<size_t>(cell)]; }

std::vector<std::string> AllCellNames() { return All().names; }

}  // namespace highmem
