// The valid lane as a state machine over programs that nobody runs: what an actor certainly holds
// before each of its ops, and whether the next one is admissible. The lane filter, the byte codec
// and the generator all ask here, so that they agree. (DESIGN section 4, rules (i), (ii), (iv),
// (vi))
//
// Decided per actor from its own ops alone, never from a schedule:
//   context     a task starts preemptible; irq_save, preempt_disable and lock open a section, their
//               counterparts close it, the newest of its kind first. A handler is in hardirq
//               throughout. ops.def says which op may stand where; whatever may sleep needs a
//               preemptible task. kmap_flush_unused waits for other CPUs, so it also needs the
//               scratch lock free: one of them may be spinning for that lock with interrupts off.
//   local maps  kunmap_local and kunmap_atomic name the actor's newest local map, which must be of
//               their kind; no post. kmap_atomic opens a section. What the deepest task, softirq,
//               hardirq and NMI and all fault handlers, since they nest, hold together fits the
//               window.
//               In era E1 they are released in any order, kunmap_atomic names the slot of its map,
//               and each kind of actor has slots of its own, of each of which it has one map at a
//               time: a task those of no interrupt, a softirq those of softirqs alone. So nobody
//               meets a slot in use; and a task maps nothing while bottom halves are off.
//   fork        of a task that nobody has forked, nor takes from. With local maps live the kernel
//               WARNs and goes on; so does kmap_to_page of a kmap address. A page fault's handler
//               leaves the pool alone: the task under it may hold slots.
//   kmap_high_get, and where there is one a local map too, pins the page in the pool if it is
//   there:
//               both count as pins of the pool; no local map in an NMI then, for it takes
//               kmap_lock. kunmap_high releases what kmap_high_get made, kunmap what kmap did.
//   caches      where software sees a cache, a page that any dma_map names is one actor's, and
//   nobody
//               maps it while the device has it. Where the cache is found by virtual address a page
//               is mapped by kmap and kmap_high_get alone, or by one actor's local maps alone, one
//               at a time; no any(...), no low page by frame.
//   maps        kunmap, post, load and store name a live map of the same actor; `kunmap PAGE` means
//               its newest live map of that page, and there must be no doubt about it: no live map
//               made by take or any(...) may be of that page too. A map of unknown page needs a
//               variable, or nobody could release it. A page_address variable owes nothing and can
//               be accessed only if the page is low.
//   post, take  post needs a live map, which is then gone; take needs an earlier task that posts,
//               for sure, at least as often as all takes from it together.
//   deadlock    by arithmetic, below.
//   CPUs        who takes one offline, or back, waits for whoever is pinned, maybe to another CPU
//               that somebody wants: so with no local map, and it posts no more. A fork with local
//               maps live hands on a pin that nobody ever releases: not where CPUs go.
//   lazy MMU    begins where preempt_disable or the scratch lock have preemption off; in between
//               only local and atomic maps, loads and stores.
//   balloon     a page that decrease_reservation names is one actor's, which has no map of it and
//               does not name it again.
//   loop        is the last op of a task. A program that loops neither posts, takes nor fills: each
//               round would add to what is pinned.
//
// Why nobody can wait for ever. Let an actor's `most` be the most distinct pages it ever pins at
// once, counting a page it has posted as pinned to the end (its taker may never come) and a page it
// has taken, or chosen by any(...), as one more distinct page, and so the wait for a CPU; `posted`
// is the part it leaves pinned when it ends. Admitted programs obey, for each actor w that may wait
// for a slot,
//
//     (most(w) - 1)  +  sum over the other actors of max(most - 1, posted)  <  slots.
//
// Suppose every task that has not ended is blocked. A task blocked in kmap is about to pin one more
// distinct page, and one blocked in take or for a CPU likewise, since those count as one: all pin
// at most most - 1. A task that has ended pins at most `posted`. So if some w is blocked in kmap,
// the left side bounds the slots in use, one slot is not in use, and w is not blocked. Hence all
// are blocked in take or for a CPU. The first of those in take, in order of declaration, takes from
// a task declared before it, which has therefore ended or waits for a CPU, having posted enough for
// every take from it: nobody takes from a task that must be forked first. So that one is not
// blocked either. Hence all wait for a CPU, nobody is pinned, and the CPU that is dying goes.
// Sections cannot block each other: inside them nothing waits but `lock`, whose holder waits for
// nobody. Unused pages, low pages and repeated maps of one page cost nothing.
#ifndef HIGHMEM_TRACE_LANE_STATE_H_
#define HIGHMEM_TRACE_LANE_STATE_H_

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "highmem/machine/km_type.h"
#include "highmem/trace/helper_op.h"
#include "highmem/trace/trace.h"

namespace highmem {

enum class SkipReason : uint8_t {
  none,
  context,
  not_mapped,
  doubtful,
  dead_variable,
  foreign,
  no_pin,
  offset,
  unnamed,
  not_open,
  too_deep,
  lock_held,
  not_earlier,
  not_posted,
  deadlock,
  no_slot,
  not_newest,
  slot_type,
  slot_in_use,
  local_depth,
  local_maps,
  forked,
  loop_place,
  looping,
  page_class,
  page_gone,
  direction,
  hotplug,
  kCount
};
// What `hm lane` prints behind the op.
std::string_view SkipSentence(SkipReason reason);

class LaneState {
 public:
  // Nesting of irq_save and of preempt_disable that programs may use.
  static constexpr int kMaxNesting = 8;

  // Nobody has done anything. Reads profile, pages and actors of the trace, which must outlive
  // this, never its ops. Keeps its memory from one trace to the next.
  void Begin(const Trace& trace);

  // The actor's program ends with loop; before its first op.
  void SetLoops(ActorId actor) { lanes_[actor].loops = true; }

  // Why the op is inadmissible as the actor's next one, or none.
  SkipReason Check(ActorId actor, const Op& op) const;
  // The op comes next in the actor's program. Total: an inadmissible op has the effect it most
  // likely has when executed all the same.
  void Apply(ActorId actor, const Op& op);
  // The op that closes or releases what the actor opened or mapped last; sections first, since
  // kunmap needs to be out of them. False if nothing is left.
  bool NextRelease(ActorId actor, Op* op) const;

  enum class VarKind : uint8_t { dead, map, low_address, high_address };
  VarKind Var(ActorId actor, int var) const;
  int live_maps(ActorId actor) const { return static_cast<int>(lanes_[actor].maps.size()); }
  // The actor has a live map of this declared page, and it is known to be of this page.
  bool Maps(ActorId actor, int page) const { return NewestMap(lanes_[actor], page) >= 0; }
  // The kmap or kunmap is of a high page, as far as one can tell.
  bool OfHighPage(ActorId actor, const Op& op) const;
  bool InSection(ActorId actor) const {
    return !lanes_[actor].open.empty() || InAtomicMap(lanes_[actor]);
  }
  // What releases its newest local or atomic map but `nth`, counted from 0; in era E1 that may be
  // any, elsewhere the newest. False if there is none, or it has no variable.
  bool ReleaseOfLocal(ActorId actor, int nth, Op* op) const;
  // The page of the actor's newest map, live or released; 0 if it has made none.
  int LastPage(ActorId actor) const { return lanes_[actor].last_page; }
  // The slot of the map that this variable is, in era E1; KM_USER0 if it is none.
  KmType SlotTypeOf(ActorId actor, int var) const;
  // Posts of the actor that no take has been admitted for.
  int UntakenPosts(ActorId actor) const { return lanes_[actor].posts - lanes_[actor].takers; }

 private:
  static constexpr int16_t kUnknown = -1;

  enum class MapKind : uint8_t {
    kmap,
    pinned,
    local,
    atomic,
    vmap,
    ram,
    dma_to,
    dma_from,
    dma_both
  };
  struct Map {
    int16_t var;   // that names it, or -1
    int16_t page;  // kUnknown: made by take or any(...)
    uint32_t any;  // kUnknown: pages it may be of
    bool high;     // takes a slot
    MapKind kind = MapKind::kmap;
    KmType type = KmType::KM_USER0;  // era E1
  };
  static constexpr int32_t kManyPages = 1 << 20;  // more than any pool has slots; sums stay small

  // What an actor asks of the slots of one colour ...
  struct ColourDemand {
    int most = 0;
    int posted = 0;
    bool waits = false;
    // Slots it may pin in all.
    int InAll() const { return posted > most ? posted : most; }
  };
  // ... and of the pool.
  using Demand = std::array<ColourDemand, kMaxColours>;
  struct Lane {
    ActorKind kind = ActorKind::task;
    bool loops = false;
    bool forked = false;
    bool forks_pinned = false;
    bool hotplugs = false;
    int bh_disables = 0;
    int most_local = 0;  // local maps at once
    int irq_saves = 0;
    int preempt_disables = 0;
    bool lock = false;
    bool lazy_mmu = false;
    int last_page = 0;
    int fillers = 0;
    int posts = 0;
    int takers = 0;  // takes from this actor, by whomever
    Demand demand;
    std::vector<OpCode> open;  // sections, oldest first
    std::vector<Map> maps;     // live, oldest first
    std::vector<Map> posted;
    std::vector<VarKind> vars;
  };

  // Who uses a declared page how, where software sees a cache. (DESIGN section 4, lane rule v)
  struct PageUse {
    static constexpr int16_t kNobody = -1, kMany = -2;
    enum class Class : uint8_t { none, pool, local };
    int16_t owner = kNobody;
    Class of = Class::none;
    bool dma = false;
    bool released = false;
    bool aliased = false;  // by vm_insert_page
  };

  static bool IsDmaMap(const Map& map) { return map.kind >= MapKind::dma_to; }
  bool Caches() const;
  PageUse::Class ClassOf(const Op& op) const;
  SkipReason CheckClass(ActorId actor, const Op& op) const;
  SkipReason CheckKey(ActorId actor, const Op& op) const;
  SkipReason CheckGone(ActorId actor, const Op& op) const;
  SkipReason CheckDma(const Lane& lane, const Op& op) const;
  void Use(ActorId actor, const Op& op);
  char ContextOf(const Lane& lane) const;
  static int NewestMap(const Lane& lane, int page, MapKind kind = MapKind::kmap);
  static bool IsLocal(const Map& map) {
    return map.kind == MapKind::local || map.kind == MapKind::atomic;
  }
  bool UsesPool(const Map& map) const;
  static int MapOfVar(const Lane& lane, int var);
  static int NewestLocal(const Lane& lane, int nth = 0);
  bool HasSlotTypes() const { return trace_->profile.is_era(Era::kE1Slots); }
  static bool UsesSlotType(const Lane& lane, KmType type);
  void ReleaseOf(const Map& map, Op* op) const;
  static int LocalDepth(const Lane& lane);
  static bool InAtomicMap(const Lane& lane);
  bool FitsWindow(const Lane& lane, int depth) const;
  int Distinct(const Lane& lane, const Map* one_more, int colour) const;
  Map NewMap(const Op& op) const;
  bool MayHaveColour(const Map& map, int colour) const;
  ColourDemand After(const Lane& lane, const Op& op, int colour) const;
  Demand After(const Lane& lane, const Op& op) const;
  bool Fits(const Lane& lane, const Demand& demand) const;
  bool MayBe(const Map& map, int page) const;

  SkipReason CheckKmap(const Lane& lane, const Op& op) const;
  SkipReason CheckKunmap(const Lane& lane, const Op& op) const;
  SkipReason CheckMapLocal(const Lane& lane, const Op& op) const;
  SkipReason CheckUnmapLocal(const Lane& lane, const Op& op) const;
  SkipReason CheckMapSlot(const Lane& lane, const Op& op) const;
  SkipReason CheckUnmapSlot(const Lane& lane, const Op& op) const;
  SkipReason CheckAccess(const Lane& lane, const Op& op) const;
  SkipReason CheckVunmap(const Lane& lane, const Op& op) const;
  SkipReason CheckHelper(const Lane& lane, const Op& op) const;
  SkipReason CheckHotplug(const Lane& lane, const Op& op) const;
  SkipReason CheckFork(const Lane& lane, const Op& op) const;
  SkipReason CheckTake(const Lane& lane, ActorId actor, const Op& op) const;
  SkipReason CheckSection(const Lane& lane, OpCode code) const;
  SkipReason CheckPool(const Lane& lane, const Op& op) const;
  static void ApplySection(Lane& lane, OpCode code);
  static void RemoveMap(Lane& lane, int index);
  static void SetVar(Lane& lane, int var, VarKind kind);

  const Trace* trace_ = nullptr;
  std::vector<Lane> lanes_;
  std::vector<PageUse> uses_;  // [declared page]
};

}  // namespace highmem

#endif  // HIGHMEM_TRACE_LANE_STATE_H_
