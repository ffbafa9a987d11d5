#include "highmem/verdict/finding.h"

#include <cstdio>
#include <string_view>

#include "highmem/check/pkmap_slots.h"
#include "highmem/kernel/spinlock.h"
#include "highmem/machine/layout.h"
#include "highmem/trace/text.h"
#include "highmem/verdict/finding_speaker.h"

namespace highmem {
namespace {

std::string Hex(int64_t byte) {
  char text[16];
  std::snprintf(text, sizeof(text), "0x%02llx", static_cast<unsigned long long>(byte));
  return text;
}

std::string Number(int64_t n) { return NumberText(n); }

}  // namespace

std::string NumberText(int64_t n) { return std::to_string(n); }
std::string SlotText(int64_t slot) { return slot < 0 ? "no slot" : "pkmap:" + Number(slot); }

std::string Speaker::TheSlot() const { return SlotText(f_.object); }

// "CPU1 T2 in `load a+3`"
std::string Speaker::Who() const {
  const std::string cpu = "CPU" + Number(f_.cpu);
  if (f_.actor == kNoActor)
    return f_.ctx >= kContextHw ? cpu : cpu + "'s interrupt or idle context";
  std::string who = cpu + " " + ActorName(t_, f_.actor);
  const std::string call = Call();
  if (!call.empty()) who += " in `" + call + "`";
  return who;
}

std::string Speaker::Call() const {
  if (f_.actor == kNoActor || f_.op == OpCode::kCount) return "";
  if (f_.op_index >= t_.actors[f_.actor].op_count) return std::string(Info(f_.op).name);
  return PrintCall(t_, f_.actor, f_.op_index);
}

std::string Speaker::PageText(int64_t pfn) const {
  if (pfn == kNoPfn) return "no page";
  for (size_t i = 0; i < t_.pages.size(); i++)
    if (PfnOf(t_, static_cast<int>(i)) == pfn) return "page " + PageName(t_, static_cast<int>(i));
  for (int n = 0; n < t_.profile.high_pages; n++)
    if (FillerPfn(t_, n) == pfn) return "filler page " + Number(n);
  return "frame " + Number(pfn);
}

// As results are written in traces, plus an offset.
std::string Speaker::AddressText(Vaddr address) const {
  const auto size = static_cast<uint32_t>(t_.profile.page_size);
  const Vaddr pool_end =
      PkmapBase(t_.profile) + size * static_cast<uint32_t>(t_.profile.last_pkmap);
  const std::string offset = address % size == 0 ? "" : "+" + Number(address % size);
  if (address >= PkmapBase(t_.profile) && address < pool_end)
    return SlotText((address - PkmapBase(t_.profile)) / size) + offset;
  const Vaddr low_end = kPageOffset + size * static_cast<uint32_t>(t_.profile.low_pages);
  if (address >= kPageOffset && address < low_end) return "its low address" + offset;
  const auto slots = static_cast<uint32_t>(t_.profile.window_pages() * t_.profile.cpus);
  const Vaddr top = FixKmapBegin(t_.profile);
  if (address < top + size && address >= top - size * (slots - 1))
    return WindowText((top + size - 1 - address) / size) + offset;
  char text[16];
  std::snprintf(text, sizeof(text), "%#x", address);
  return text;
}

std::string Speaker::TaskText(int64_t task) const {
  for (size_t a = 0; a < t_.actors.size(); a++)
    if (t_.actors[a].kind == ActorKind::task && task-- == 0)
      return ActorName(t_, static_cast<ActorId>(a));
  return "an idle task";
}

std::string Speaker::What() const {
  switch (f_.id) {
    case FindingId::I1:
    case FindingId::I2:
      if (f_.event == EventKind::frame_release) return ReleaseWhat();
      [[fallthrough]];
    case FindingId::I3:
    case FindingId::I6: return SlotWhat();
    case FindingId::I4:
    case FindingId::I5:
    case FindingId::I7:
    case FindingId::I14: return TlbWhat();
    case FindingId::I8:
    case FindingId::I9:
    case FindingId::I10:
    case FindingId::I11:
    case FindingId::I18:
    case FindingId::I19:
    case FindingId::I23:
    case FindingId::I44:
    case FindingId::I45:
    case FindingId::I46:
    case FindingId::I47: return OrderWhat();
    case FindingId::I12:
    case FindingId::I13:
    case FindingId::I20: return CostWhat();
    case FindingId::I15:
    case FindingId::I16:
    case FindingId::I17:
    case FindingId::L1:
    case FindingId::L3: return WaitWhat();
    case FindingId::D1:
    case FindingId::D2: return DataWhat();
    case FindingId::D3:
    case FindingId::I21:
    case FindingId::I22: return LineWhat();
    case FindingId::B1: return BalanceWhat();
    case FindingId::S1:
    case FindingId::X2: return DiagnosisWhat();
    case FindingId::I24:
    case FindingId::I25:
    case FindingId::I26:
    case FindingId::I27:
    case FindingId::I28:
    case FindingId::I29:
    case FindingId::I30:
    case FindingId::I31:
    case FindingId::I32:
    case FindingId::I33:
    case FindingId::I34:
    case FindingId::I35:
    case FindingId::I36:
    case FindingId::I37:
    case FindingId::I38:
    case FindingId::I39:
    case FindingId::I40:
    case FindingId::I41:
    case FindingId::I42:
    case FindingId::I43: return LocalWhat();
    case FindingId::C1: return ContextWhat();
    case FindingId::X1:
    case FindingId::X4:
    case FindingId::X5:
    case FindingId::X9:
    case FindingId::X10:
    case FindingId::X11:
    case FindingId::X12:
    case FindingId::X13:
    case FindingId::X16:
    case FindingId::X17:
    case FindingId::X18:
    case FindingId::X19:
    case FindingId::X20:
    case FindingId::X21:
    case FindingId::X22:
    case FindingId::X23:
    case FindingId::X24:
    case FindingId::X25:
    case FindingId::X26:
    case FindingId::X27:
    case FindingId::X28:
    case FindingId::X30:
    case FindingId::X31: return MisuseWhat();
    case FindingId::CHECK: return CheckWhat();
    case FindingId::H2:
    case FindingId::H3:
    case FindingId::H4: return HostWhat();
    case FindingId::kNone: break;
  }
  return "nothing happened";
}

std::string Speaker::SlotWhat() const {
  const auto has = [&](int sign) { return (f_.actual & sign) != 0; };
  switch (f_.id) {
    case FindingId::I1:
      return Who() + " left " + TheSlot() +
             (has(PkmapSlotsCheck::kCounted) ? " counted, " : " free, ") +
             (has(PkmapSlotsCheck::kMapped) ? "with a PTE " : "without a PTE ") +
             (has(PkmapSlotsCheck::kRecorded) ? "and with" : "and without") +
             " a page_address record; the page is " + ThePage();
    case FindingId::I2:
      if (f_.actual > 1)
        return Who() + " left " + ThePage() + " in " + Number(f_.actual) + " slots, " + TheSlot() +
               " among them";
      return Who() + " left " + TheSlot() + " and the page_address record of " + ThePage() +
             " in disagreement";
    case FindingId::I3:
      return Who() + " left " + ThePage() + " with " + Number(f_.actual) +
             " users by its slot's count, where the callers' kmaps and kunmaps make it " +
             Number(f_.expected);
    default:
      return Who() + " moved the count of " + TheSlot() + " from " + Number(f_.expected) + " to " +
             Number(f_.actual);
  }
}

// A frame is given away that something of the kernel's still shows.
std::string Speaker::ReleaseWhat() const {
  const std::string where = f_.role == Role::slot     ? SlotText(f_.object)
                            : f_.role == Role::window ? WindowText(f_.object)
                                                      : "an address of the vmalloc region";
  const std::string what =
      f_.id == FindingId::I5 ? "the TLB of CPU" + Number(f_.expected) : "the page table";
  return Who() + " gave away the frame of " + ThePage() + ", which " + what + " still shows at " +
         where;
}

std::string Speaker::TlbWhat() const {
  switch (f_.id) {
    case FindingId::I4:
      return "CPU" + Number(f_.expected) + "'s TLB still translates " + TheSlot() + " to " +
             PageText(f_.actual) + " when " + Who() + " has made the slot free";
    case FindingId::I5:
      if (f_.event == EventKind::frame_release) return ReleaseWhat();
      return "CPU" + Number(f_.expected) + "'s TLB translates " + TheSlot() + " to " +
             PageText(f_.actual) + ", the page table to " + ThePage() + ", behind " + Who();
    case FindingId::I7: {
      std::string cpus;
      for (int c = 0; c < t_.profile.cpus; c++)
        if ((f_.actual >> c & 1) == 0) cpus += (cpus.empty() ? "CPU" : ", CPU") + Number(c);
      return Who() + " gives " + TheSlot() + " to another page, but behind a flush_cache_kmaps " +
             "nobody has flushed it from the TLB of " + cpus + " since " + ThePage() + " left it";
    }
    default:
      return Who() + (f_.event == EventKind::pte_set ? " makes " : " sees ") + TheSlot() +
             ", an address kmap gave out for " + ThePage() + ", translate to " +
             PageText(f_.actual);
  }
}

std::string Speaker::CostWhat() const {
  const std::string did = Who() + " made a " + std::string(EventName(f_.event));
  if (f_.id == FindingId::I13) return did;
  if (f_.id == FindingId::I20 && f_.event != EventKind::op_end) return did;
  if (f_.event == EventKind::op_end)
    return Who() + " got " + SlotText(f_.actual) + " for " + ThePage() + ", which was at " +
           SlotText(f_.expected);
  return did + " although " + ThePage() + " was already at " + SlotText(f_.expected);
}

std::string Speaker::WaitWhat() const {
  switch (f_.id) {
    case FindingId::I15:
      if (f_.actual != 0)
        return Who() + " goes to sleep for a slot while " + Number(f_.actual) + " are not in use";
      return Who() + " goes to sleep for a slot and has not swept the pool for unused ones";
    case FindingId::I16:
      return TaskText(f_.actual) +
             " sleeps for a slot, a slot is not in use, and nobody is about to wake it, after " +
             Who();
    case FindingId::I17:
      return Who() + " got " + SlotText(f_.actual) + " for " + ThePage() +
             ", which somebody else has mapped at " + SlotText(f_.expected);
    case FindingId::L1:
      return ActorName(t_, static_cast<ActorId>(f_.object)) +
             " can never go on: whatever it waits for waits for ever itself";
    default: return "after " + Number(static_cast<int64_t>(f_.step)) + " steps the run had no end";
  }
}

std::string Speaker::DataWhat() const {
  const std::string at = ThePage() + " at " + AddressText(f_.object);
  if (f_.id == FindingId::D2) return Who() + " faulted on " + at + ", which it has mapped";
  return Who() + " read " + Hex(f_.actual) + " from " + at + ", where " + Hex(f_.expected) +
         " was stored last";
}

std::string Speaker::BalanceWhat() const {
  if (f_.role == Role::window)
    return Who() + " ended with " + ThePage() + " still mapped at " + WindowText(f_.object);
  if (f_.role == Role::lock)
    return Who() + " ended holding " + std::string(LockName(static_cast<LockId>(f_.object)));
  if (f_.role == Role::actor)
    return Who() + " found preempt_count " + Number(f_.expected) + " and left it at " +
           Number(f_.actual);
  return Who() + " found interrupts " + (f_.expected != 0 ? "on" : "off") + " and left them " +
         (f_.actual != 0 ? "on" : "off");
}

std::string Speaker::DiagnosisWhat() const {
  if (f_.id == FindingId::X2)
    return Who() + " returned although nobody had " + ThePage() + " mapped";
  if (f_.event == EventKind::key_fault)
    return Who() + " was refused " + ThePage() + " although its task holds the key open";
  if (f_.event == EventKind::pkey)
    return Who() + " wrote the key's register, which said so already, about " + ThePage();
  if (f_.role == Role::site) {
    const char* kind = f_.event == EventKind::bug    ? "BUG"
                       : f_.event == EventKind::warn ? "WARN"
                                                     : "SPLAT";
    return Who() + " hit " + kind + ":" + std::string(SiteName(static_cast<Site>(f_.object))) +
           ", which nothing the caller did explains";
  }
  static constexpr std::string_view kKinds[] = {"no address",
                                                "another pkmap address than its own",
                                                "a fixmap address",
                                                "a linear address",
                                                "null",
                                                "a byte",
                                                "a fault",
                                                "another page"};
  return Who() + " got " + std::string(kKinds[f_.actual]) + " for " + ThePage();
}

std::string Speaker::CheckWhat() const {
  const std::string now = ", it is " + Number(f_.actual);
  if (f_.op == OpCode::kCount || f_.actor == kNoActor)
    return "`final " + PrintCond(t_, t_.verdicts[f_.object].cond) + "` is false at the end" + now;
  if (f_.op == OpCode::check) return Who() + " is false" + now;
  const Op& op = t_.op(f_.actor, f_.op_index);
  uint32_t behind = f_.object + 1;
  while (behind < op.expect_first + op.expect_count && t_.expects[behind].alternative) behind++;
  const std::span<const Expect> all(t_.expects);
  return Who() + " did not end as expected, `" +
         PrintExpects(t_, all.subspan(f_.object, behind - f_.object)) + "`" + now;
}

std::string Speaker::HostWhat() const {
  return f_.id == FindingId::H4 ? Who() + " emitted more events in one step than the ring holds"
                                : Who() + " ran into a limit of frame stack " + Number(f_.object);
}

std::string Sentence(const Finding& finding, const Trace& trace) {
  return finding ? Speaker(finding, trace).Say() : "pass";
}

}  // namespace highmem
