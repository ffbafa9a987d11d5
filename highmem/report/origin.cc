#include "highmem/report/origin.h"

#include <cstdio>
#include <map>
#include <utility>
#include <vector>

#include "highmem/machine/cache.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"
#include "highmem/machine/tlb.h"
#include "highmem/report/names.h"
#include "highmem/schedule/replay.h"
#include "highmem/trace/text.h"

namespace highmem {
namespace {

std::string Hex(uint32_t byte) {
  char text[16];
  std::snprintf(text, sizeof(text), "0x%02x", byte);
  return text;
}

std::string InStep(uint64_t step) { return "in step " + std::to_string(step); }

// Remembers, as the run goes by, who last wrote whatever a byte may be read from.
class Chronicle : public EventSink {
 public:
  Chronicle(const Trace& trace, const Finding& finding) : t_(trace), f_(finding) {}

  void Begin(const Executor& /*executor*/) override { op_.assign(t_.actors.size(), 0); }

  bool OnStep(const Executor& executor, std::span<const Event> events) override {
    for (const Event& e : events) Note(e);
    return executor.steps() < f_.step;
  }

  Origin Tell() const;

 private:
  struct Store {
    uint32_t step = 0;
    ContextId ctx = 0;
    uint16_t op = 0;
    uint32_t byte = 0;
    bool device = false;
    int line = -1;  // of the cache, which it went to
  };
  using Byte = std::pair<uint32_t, uint32_t>;  // frame, offset

  void Note(const Event& e);
  void NoteStore(const Event& e, uint32_t pfn, uint32_t offset, bool device);
  std::string Page(uint32_t pfn) const { return "page " + PageLabel(t_, static_cast<Pfn>(pfn)); }
  std::string Since(const std::map<int, uint32_t>& steps, int key) const;
  std::string StoreText(const Store& store) const;
  std::string Holder(int vpn) const;
  std::string Came() const;
  std::string CameThroughCache(const std::string& value, uint32_t pfn) const;
  std::string Right() const;
  std::string Whereabouts(const Store& store) const;

  const Trace& t_;
  const Finding& f_;
  std::vector<uint16_t> op_;        // by actor: its op now
  std::map<Byte, Store> stores_;    // the last of each byte
  std::map<int, uint32_t> pte_;     // by vpn: step of its last write
  std::map<int, uint32_t> filled_;  // by CPU * vpns + vpn: step in which the TLB took it
  std::map<int, uint32_t> lines_;   // by line: step in which it was filled
  std::map<int, uint32_t> lost_;    // by line: step in which it was dropped while dirty
  Event access_ = {};               // the last load or fault at the finding's address
};

void Chronicle::NoteStore(const Event& e, uint32_t pfn, uint32_t offset, bool device) {
  Store store{e.step, e.ctx, e.ctx < op_.size() ? op_[e.ctx] : uint16_t{0}, e.new_value, device};
  if (!device && HasCache()) store.line = CacheLineAt(e.obj, static_cast<Pfn>(pfn));
  stores_[{pfn, offset}] = store;
}

void Chronicle::Note(const Event& e) {
  const int entry = e.cpu * machine.vpns + static_cast<int>(e.obj);
  switch (e.kind) {
    case EventKind::op_begin:
      if (e.ctx < op_.size()) op_[e.ctx] = static_cast<uint16_t>(e.obj);
      break;
    case EventKind::store: NoteStore(e, e.aux, OffsetInPage(e.obj), false); break;
    case EventKind::device_store: NoteStore(e, e.aux, e.obj, true); break;
    case EventKind::load:
    case EventKind::fault:
      if (e.obj == f_.object) access_ = e;
      break;
    case EventKind::pte_set: pte_[static_cast<int>(e.obj)] = e.step; break;
    case EventKind::tlb_fill: filled_[entry] = e.step; break;
    case EventKind::line_fill: lines_[static_cast<int>(e.obj)] = e.step; break;
    case EventKind::line_drop:
      if (e.new_value != 0) lost_[static_cast<int>(e.obj)] = e.step;
      break;
    default: break;
  }
}

std::string Chronicle::Since(const std::map<int, uint32_t>& steps, int key) const {
  const auto at = steps.find(key);
  return at == steps.end() ? "from the start" : "since step " + std::to_string(at->second);
}

// "stored by T1's `store a 9` in step 30"
std::string Chronicle::StoreText(const Store& store) const {
  std::string who = "the harness";
  if (store.ctx < t_.actors.size()) {
    who = ActorName(t_, store.ctx);
    if (store.op < t_.actors[store.ctx].op_count)
      who += "'s `" + PrintCall(t_, store.ctx, store.op) + "`";
  }
  return std::string(store.device ? "stored by the device in " : "stored by ") + who + " " +
         InStep(store.step);
}

// "the TLB of CPU1 has had pkmap:0 at page B since step 15, while the PTE has been at page A ..."
std::string Chronicle::Holder(int vpn) const {
  const Pte cached = TlbGet(f_.cpu, vpn), entry = PteGet(vpn);
  const std::string pte =
      (entry.pfn() == kNoPfn ? "empty " : "at " + Page(entry.pfn()) + " ") + Since(pte_, vpn);
  if (cached.pfn() == kNoPfn || cached == entry)
    return "the PTE of " + SlotName(t_, vpn) + " has been " + pte;
  return "the TLB of CPU" + std::to_string(f_.cpu) + " has had " + SlotName(t_, vpn) + " at " +
         Page(cached.pfn()) + " " + Since(filled_, f_.cpu * machine.vpns + vpn) +
         ", while the PTE has been " + pte;
}

std::string Chronicle::CameThroughCache(const std::string& value, uint32_t pfn) const {
  const int line = CacheLineAt(f_.object, static_cast<Pfn>(pfn));
  if (LineIsValid(line))
    return value + ": in cache line " + std::to_string(line) + ", filled with " +
           Page(FrameOfLine(line)) + " " + Since(lines_, line);
  return value + ": in memory";
}

std::string Chronicle::Came() const {
  const int vpn = InLinearMap(f_.object) ? -1 : VpnOf(f_.object);
  if (f_.id == FindingId::D2) return vpn < 0 ? "" : Holder(vpn);
  const uint32_t pfn = access_.aux;
  const auto store = stores_.find({pfn, OffsetInPage(f_.object)});
  std::string value = Hex(static_cast<uint32_t>(f_.actual)) + " is of " + Page(pfn);
  if (pfn != f_.page) {
    if (store != stores_.end()) value += ", " + StoreText(store->second);
    return vpn < 0 ? value : value + "; " + Holder(vpn);
  }
  return HasCache() ? CameThroughCache(value, pfn) : value + ": in memory";
}

std::string Chronicle::Whereabouts(const Store& store) const {
  if (store.line < 0) return "in memory";
  const std::string line = "cache line " + std::to_string(store.line);
  const auto lost = lost_.find(store.line);
  if (lost != lost_.end() && lost->second >= store.step)
    return "nowhere: " + line + ", which held it, was dropped dirty " + InStep(lost->second);
  if (LineIsDirty(store.line)) return "in " + line + ", dirty";
  return "in memory";
}

std::string Chronicle::Right() const {
  if (f_.page == kNoPfn) return "";
  if (f_.id == FindingId::D2) return "";
  const auto store = stores_.find({f_.page, OffsetInPage(f_.object)});
  const std::string value = Hex(static_cast<uint32_t>(f_.expected)) + " of " + Page(f_.page);
  if (store == stores_.end()) return value + ", there from the start, lies in memory";
  return value + ", " + StoreText(store->second) + ", lies " + Whereabouts(store->second);
}

Origin Chronicle::Tell() const {
  const bool access = f_.id == FindingId::D1 || f_.id == FindingId::D2;
  if (!access || f_.role != Role::byte || access_.step == 0) return {};
  return {Came(), Right()};
}

}  // namespace

Origin FindOrigin(Executor& executor, const Trace& trace, const Finding& finding) {
  Chronicle chronicle(trace, finding);
  ReplayChooser replay;
  executor.Load(trace, &chronicle);
  executor.Run(replay);
  return chronicle.Tell();
}

}  // namespace highmem
