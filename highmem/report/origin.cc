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

uint32_t LinesOfPage() {
  return static_cast<uint32_t>(machine.profile.page_size) >> machine.line_shift;
}

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
  };
  using Byte = std::pair<uint32_t, uint32_t>;  // frame, offset

  void Note(const Event& e);
  void NoteStore(const Event& e, uint32_t pfn, uint32_t offset, bool device);
  std::string Page(uint32_t pfn) const { return "page " + PageLabel(t_, static_cast<Pfn>(pfn)); }
  std::string Since(const std::map<int, uint32_t>& steps, int key) const;
  std::string StoreText(const Store& store) const;
  std::string Holder(int vpn) const;
  std::string Came() const;
  std::string Right() const;
  std::string Whereabouts(uint32_t offset, uint8_t byte) const;

  const Trace& t_;
  const Finding& f_;
  std::vector<uint16_t> op_;        // by actor: its op now
  std::map<Byte, Store> stores_;    // the last of each byte
  std::map<Byte, Event> lost_;      // by frame and line in it: dirty lines dropped
  std::map<int, uint32_t> pte_;     // by vpn: step of its last write
  std::map<int, uint32_t> filled_;  // by CPU * vpns + vpn: step in which the TLB took it
  std::map<int, uint32_t> lines_;   // by line: step in which it was filled
  Event access_ = {};               // the last load or fault at the finding's address
};

void Chronicle::NoteStore(const Event& e, uint32_t pfn, uint32_t offset, bool device) {
  stores_[{pfn, offset}] = {e.step, e.ctx, e.ctx < op_.size() ? op_[e.ctx] : uint16_t{0},
                            e.new_value, device};
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
    case EventKind::line_drop:
      if (e.new_value != 0) lost_[{e.old_value, e.obj % LinesOfPage()}] = e;
      break;
    case EventKind::line_fill: lines_[static_cast<int>(e.obj)] = e.step; break;
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
  const std::string slot = PrintSlot(t_.profile, static_cast<uint32_t>(vpn));
  const std::string pte =
      (entry.pfn() == kNoPfn ? "empty " : "at " + Page(entry.pfn()) + " ") + Since(pte_, vpn);
  if (TlbHoldsNotPresent(f_.cpu, vpn))
    return "the TLB of CPU" + std::to_string(f_.cpu) + " holds that " + slot +
           " is not there, while the PTE has been " + pte;
  if (cached.pfn() == kNoPfn || cached == entry) return "the PTE of " + slot + " has been " + pte;
  return "the TLB of CPU" + std::to_string(f_.cpu) + " has had " + slot + " at " +
         Page(cached.pfn()) + " " + Since(filled_, f_.cpu * machine.vpns + vpn) +
         ", while the PTE has been " + pte;
}

std::string Chronicle::Came() const {
  const int vpn = InLinearMap(f_.object) ? -1 : VpnOf(f_.object);
  if (f_.id == FindingId::D2) return vpn < 0 ? "" : Holder(vpn);
  const uint32_t pfn = access_.aux;
  const int line = HasCache() ? CacheLineAt(f_.object, static_cast<Pfn>(pfn)) : -1;
  const bool cached = line >= 0 && LineIsValid(line);
  const uint32_t from = cached ? FrameOfLine(line) : pfn;
  std::string text = Hex(access_.new_value) + " is of " + Page(from);
  const auto store = stores_.find({from, OffsetInPage(f_.object)});
  if (store != stores_.end() && store->second.byte == access_.new_value)
    text += ", " + StoreText(store->second);
  text += cached ? ": in cache line " + std::to_string(line) + " " + Since(lines_, line)
                 : std::string(": in memory");
  return pfn == f_.page || vpn < 0 ? text : text + "; " + Holder(vpn);
}

// Where the byte is, by looking.
std::string Chronicle::Whereabouts(uint32_t offset, uint8_t byte) const {
  const int lines = HasCache() ? CacheLineCount(machine.profile) : 0;
  const auto in_line = offset & (static_cast<uint32_t>(machine.profile.line_size) - 1);
  const auto in_page = static_cast<int>(offset >> machine.line_shift);
  const auto lines_of_page = static_cast<int>(LinesOfPage());
  for (int line = 0; line < lines; line++) {
    if (FrameOfLine(line) != f_.page || line % lines_of_page != in_page) continue;
    if (machine.cache_bytes[(line << machine.line_shift) + static_cast<int>(in_line)] == byte)
      return "in cache line " + std::to_string(line) + (LineIsDirty(line) ? ", dirty" : "");
  }
  return MemoryByte(f_.page, offset) == byte ? "in memory" : "nowhere";
}

std::string Chronicle::Right() const {
  if (f_.page == kNoPfn || f_.id == FindingId::D2) return "";
  const uint32_t offset = OffsetInPage(f_.object);
  const auto byte = static_cast<uint8_t>(f_.expected);
  std::string text = Hex(byte) + " of " + Page(f_.page);
  const auto store = stores_.find({f_.page, offset});
  if (store != stores_.end() && store->second.byte == byte)
    text += ", " + StoreText(store->second) + ",";
  const std::string where = Whereabouts(offset, byte);
  text += " lies " + where;
  if (where != "nowhere") return text;
  const auto lost = lost_.find({f_.page, offset >> machine.line_shift});
  if (lost != lost_.end() && store != stores_.end() && lost->second.step > store->second.step)
    return text + ": cache line " + std::to_string(lost->second.obj) + " was dropped dirty " +
           InStep(lost->second.step);
  for (const auto& [at, other] : stores_)
    if (at.second == offset && at.first != f_.page && other.byte == byte)
      return text + "; " + Page(at.first) + " got such a byte there, " + StoreText(other);
  return text;
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
