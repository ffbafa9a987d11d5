// Sentences about local maps, contexts, and mistakes that nobody diagnosed.

#include "highmem/check/local_balance.h"
#include "highmem/verdict/finding_speaker.h"

namespace highmem {
namespace {

std::string CounterName(uint32_t counter) {
  switch (counter) {
    case LocalBalanceCheck::kPreemptDepth: return "preempt_count";
    case LocalBalanceCheck::kPagefaultDisabled: return "pagefault_disabled";
    default: return "migration_disabled";
  }
}

}  // namespace

// As traces write it: fix:CPU:SLOT.
std::string Speaker::WindowText(int64_t index) const {
  if (index < 0) return "no address of the window";
  const int per_cpu = t_.profile.window_pages();
  return "fix:" + NumberText(index / per_cpu) + ":" + NumberText(index % per_cpu);
}

std::string Speaker::Whose() const {
  return f_.whose < t_.actors.size() ? ActorName(t_, f_.whose) : "somebody";
}

std::string Speaker::LocalWhat() const {
  switch (f_.id) {
    case FindingId::I24:
      if (f_.role == Role::none) return CounterWhat();
      if (f_.role == Role::byte)
        return Who() + " got " + AddressText(f_.object) + " for " + ThePage() +
               ", which is low and lies elsewhere";
      return Who() + " made a " + std::string(EventName(f_.event)) + " for " + ThePage() +
             ", which is low";
    case FindingId::I27:
    case FindingId::I43: return PinWhat();
    case FindingId::I33: return NestingWhat();
    case FindingId::I34:
      return Who() + " made a " + std::string(EventName(f_.event)) + ": it asks other CPUs";
    case FindingId::I39:
      return Who() + " got " + (f_.actual < 0 ? "a slot" : SlotText(f_.actual)) + " for " +
             ThePage() + ", which was at " + SlotText(f_.expected);
    case FindingId::I40: return Who() + " got a pkmap address for " + ThePage();
    case FindingId::I41:
      if (f_.actual <= f_.expected)
        return Who() + " hit the limit with local map " + NumberText(f_.actual) +
               " on the stack of " + TaskText(f_.object) + ", where " + NumberText(f_.expected) +
               " fit";
      return Who() + " got local map " + NumberText(f_.actual) + " on the stack of " +
             TaskText(f_.object) + ", where " + NumberText(f_.expected) + " fit";
    case FindingId::I42:
      return Who() + " gave " + TaskText(f_.object) + " a copy of its local maps, up to index " +
             NumberText(f_.actual);
    default: return f_.role == Role::none ? CounterWhat() : WindowWhat();
  }
}

// What stands in a slot, and whose the slot is.
std::string Speaker::WindowWhat() const {
  const std::string slot = WindowText(f_.object);
  const std::string found = f_.actual == kNoPfn ? "empty" : "with " + PageText(f_.actual);
  const std::string owed = f_.expected == kNoPfn
                               ? "where nobody but " + Whose() + " may see its local map"
                               : "where " + Whose() + " holds " + PageText(f_.expected);
  switch (f_.id) {
    case FindingId::I26:
      if (f_.role == Role::task)
        return Who() + " left the index of " + TaskText(f_.object) + " at " +
               NumberText(f_.actual) + ", where its local maps make it " + NumberText(f_.expected);
      return Who() + " left " + PageText(f_.actual) + " to be put back into " + slot + ", where " +
             PageText(f_.expected) + " belongs";
    case FindingId::I28:
      return Who() + " released " + ThePage() + " from " + slot + ", where page table or TLB " +
             "still shows " + PageText(f_.actual);
    case FindingId::I37:
      return Who() + " got " + WindowText(f_.actual) + " for " + ThePage() +
             ", whose type's slot is " + WindowText(f_.expected);
    case FindingId::I38:
      return Who() + " released " + ThePage() + " from " + slot +
             (f_.actual == kNoPfn ? ", where entries stay, and cleared it"
                                  : ", where page table or TLB still shows " + PageText(f_.actual));
    case FindingId::I29:
      return Who() + " got " + WindowText(f_.actual) + " for " + ThePage() + ", where " +
             WindowText(f_.expected) + " was next";
    case FindingId::I30:
      return Who() + " left " + PageText(f_.actual) + " in " + slot +
             ", a guard between local maps";
    case FindingId::I31:
      return Who() + " is back on its CPU and finds " + slot + " " + found + ", " + owed;
    case FindingId::I32:
      if (f_.expected != kNoPfn)
        return Who() + " left the TLB with " + PageText(f_.actual) + " for " + slot + ", " + owed;
      return Who() + " left " + slot + " " + found + " in page table or TLB, " +
             (f_.whose == kNoActor ? "where nobody holds it any more" : owed);
    case FindingId::I35:
      return Who() + " named " + slot + " by an address within " + ThePage() +
             (f_.actual == kNoPfn ? ", and was blamed" : ", and the map stayed");
    default:
      if (f_.expected == kNoPfn)
        return Who() + " left " + slot + " " + found +
               (f_.whose == kNoActor ? ", where nobody holds a local map" : ", " + owed);
      return Who() + " left " + slot + " " + found + ", " + owed;
  }
}

std::string Speaker::PinWhat() const {
  if (f_.id == FindingId::I43)
    return "CPU" + NumberText(f_.object) + " went offline although " + NumberText(f_.actual) +
           (f_.actual == 1 ? " task is" : " tasks are") + " pinned to it";
  if (f_.role == Role::cpu)
    return "the task on which " + Whose() + " holds a local map of " + ThePage() +
           " was moved from CPU" + NumberText(f_.expected) + " to CPU" + NumberText(f_.actual);
  return Who() + " left migration_disabled at " + NumberText(f_.actual) + " for " +
         TaskText(f_.object) + ", which holds " + NumberText(f_.expected) +
         (f_.expected == 1 ? " local map" : " local maps") + ", the newest of " + ThePage();
}

std::string Speaker::CounterWhat() const {
  return Who() + " left " + CounterName(f_.object) + " at " + NumberText(f_.actual) + ", where " +
         NumberText(f_.expected) + " was owed";
}

std::string Speaker::NestingWhat() const {
  if (f_.role == Role::window)
    return Who() + " put " + PageText(f_.actual) + " into " + WindowText(f_.object) +
           ", where it interrupted " + Whose() + " with " + PageText(f_.expected);
  if (f_.role == Role::task)
    return Who() + " found the next slot in use: it interrupted a map or unmap of " +
           TaskText(f_.object) + " half done";
  const std::string whom = f_.whose == kNoActor ? "" : ", below it " + Whose() + "'s " + ThePage();
  return Who() + " ended, and the window or the index is not as it found them" + whom;
}

std::string Speaker::ContextWhat() const {
  switch (f_.role) {
    case Role::site:
      return Who() + " hit " + (f_.event == EventKind::bug ? "BUG:" : "SPLAT:") +
             std::string(SiteName(static_cast<Site>(f_.object))) +
             " although its caller may sleep there";
    case Role::task:
      if (f_.event == EventKind::task_switch)
        return Who() + " took " + TaskText(f_.object) + " off its CPU with preempt_count " +
               NumberText(f_.actual) + ", where a switch has " + NumberText(f_.expected);
      if (f_.event == EventKind::op_end)
        return Who() + " returned with preemption or page faults on";
      return Who() + " made a " + std::string(EventName(f_.event)) + " with preemption on";
    default:
      return Who() + " made a " + std::string(EventName(f_.event)) + " inside a local map or unmap";
  }
}

// The mistake, and that it went unpunished.
std::string Speaker::MisuseWhat() const {
  const auto unsaid = [&](const std::string& did) { return Who() + " " + did; };
  switch (f_.id) {
    case FindingId::X1: return unsaid("mapped or unmapped where sleep is forbidden, unreported");
    case FindingId::X4: return unsaid("used a map it had released, and read its page for good");
    case FindingId::X5: return unsaid("got more kmaps than there are slots");
    case FindingId::X9: return unsaid("released what is not its newest local map, unreported");
    case FindingId::X10: return unsaid("released a local map it does not have, and went on");
    case FindingId::X11: return unsaid("got a local map more than fit, and went on");
    case FindingId::X12: return unsaid("mapped into a slot that was in use, and went on");
    case FindingId::X13: return unsaid("mapped in hardirq with interrupts on, unreported");
    case FindingId::X16: return unsaid("passed a page for an address, and was not ignored");
    case FindingId::X17: return unsaid("left local maps behind, unreported");
    case FindingId::X18: return unsaid("went through the local map of another task unharmed");
    case FindingId::X19: return unsaid("mixed kmap_local and kmap_atomic, and the counters agree");
    case FindingId::X20: return unsaid("mapped in a slot of other contexts, unreported");
    case FindingId::X21: return unsaid("released another slot than that of the address");
    case FindingId::X22: return unsaid("mapped in a slot that it had mapped, and went on");
    case FindingId::X23:
      return unsaid(f_.op == OpCode::kunmap_atomic ? "released" : "made") +
             " an atomic map too many, and went on";
    case FindingId::X24: return unsaid("released what is not the newest atomic map, unreported");
    case FindingId::X25: return unsaid("released an address of no kmap window, and went on");
    case FindingId::X26: return unsaid("slept inside kmap_atomic, and went on");
    case FindingId::X27: return unsaid("asked kmap_to_page for a kmap address, unreported");
    case FindingId::X28: return unsaid("gave a low page a pkmap address, and went on");
    case FindingId::X30: return unsaid("took down a vmap that it does not have, unreported");
    case FindingId::X31: return unsaid("went beyond the end of its page, and went on");
    default: return unsaid("got away with it");
  }
}

}  // namespace highmem
