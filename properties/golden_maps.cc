// P8 to P18: local and atomic maps. (golden.h)
#include <fmt/format.h>

#include "highmem/machine/km_type.h"
#include "properties/golden.h"

namespace highmem::golden {
namespace {

using fmt::format;

// What a machine flushes: its own TLB, or everybody's.
struct Maps {
  explicit Maps(const Profile& p) : profile(p) {}
  int inc() const { return profile.kmap_local_inc(); }
  // The slot of the k-th map nested, from 1.
  int slot(int k) const { return k * inc() - 1; }
  // migration_disabled after so many: one CPU alone does not count them.
  int mig(int n) const { return profile.smp != 0 ? n : 0; }
  bool flushes_all() const { return profile.local_flush_all != 0; }
  bool flushes_on_map() const { return profile.local_flush_on_map != 0; }
  // Outcomes of a call that makes so many maps and takes so many down.
  std::string Flushes(int maps, int unmaps) const {
    const int n = (flushes_on_map() ? maps : 0) + unmaps;
    return flushes_all() ? format("TL=0 GF={}", n) : format("TL={} GF=0", n);
  }

  const Profile& profile;
};

std::string NestAndIrq(const Maps& m) {
  const int cpu = m.profile.cpus - 1;
  return Head(m.profile, 2) + format(
                                  "task T1@{cpu}:\n"
                                  "  a = kmap_local_page a0 -> fix:{s1} idx={i1} mig={m1} {map}\n"
                                  "  store a+0 8\n"
                                  "  load a+0 -> 8 TL=0 GF=0\n"
                                  "  kunmap_local a -> ok idx=0 mig=0 {unmap}\n"
                                  "irq H1@{cpu}:\n"
                                  "  check pte({cpu},{s1})==0\n"
                                  "  b = kmap_local_page a1 -> fix:{s2} idx={i2} mig={m2} {map}\n"
                                  "  check pte({cpu},{s2})==1\n"
                                  "  kunmap_local b -> ok idx={i1} mig={m1} {unmap}\n"
                                  "  check pte({cpu},{s1})==0\n"
                                  "schedule:\n"
                                  "  at T1.3 load -> H1\n"
                                  "expect pass\n"
                                  "final idx(T1)==0, pte({cpu},{s1})==-1, pte({cpu},{s2})==-1\n",
                                  fmt::arg("cpu", cpu), fmt::arg("s1", m.slot(1)),
                                  fmt::arg("s2", m.slot(2)), fmt::arg("i1", m.inc()),
                                  fmt::arg("i2", 2 * m.inc()), fmt::arg("map", m.Flushes(1, 0)),
                                  fmt::arg("unmap", m.Flushes(0, 1)), fmt::arg("m1", m.mig(1)),
                                  fmt::arg("m2", m.mig(2)));
}

std::string Guards(const Maps& m) {
  return Head(m.profile, 2) +
         "task T1@0:\n"
         "  a = kmap_local_page a0 -> fix:1 idx=2 mig=1\n"
         "  b = kmap_local_page a1 -> fix:3 idx=4 mig=2\n"
         "  check pte(0,0)==-1\n"
         "  check pte(0,1)==0\n"
         "  check pte(0,2)==-1\n"
         "  check pte(0,3)==1\n"
         "  check pte(0,4)==-1\n"
         "  check pteval(T1,0)==-1\n"
         "  check pteval(T1,2)==-1\n"
         "  kunmap_local b -> ok idx=2\n"
         "  kunmap_local a -> ok idx=0\n"
         "expect pass\n"
         "final idx(T1)==0, mig(T1)==0, pte(0,1)==-1, pte(0,3)==-1\n";
}

std::string ContextSwitch(const Maps& m) {
  const int two = 2 * m.inc();
  return Head(m.profile, 3) + format(
                                  "task T1@0:\n"
                                  "  a = kmap_local_page a0 -> fix:{s1}\n"
                                  "  b = kmap_local_page a1 -> fix:{s2} idx={two} mig={m2}\n"
                                  "  store a+0 5\n"
                                  "  store b+0 6\n"
                                  "  yield -> SO=1 SI=1 idx={two} mig={m2} {flushes}\n"
                                  "  load a+0 -> 5\n"
                                  "  load b+0 -> 6\n"
                                  "  check pte(0,{s1})==0\n"
                                  "  check pte(0,{s2})==1\n"
                                  "  kunmap_local b -> ok idx={one}\n"
                                  "  kunmap_local a -> ok idx=0 mig=0\n"
                                  "task T2@0:\n"
                                  "  check pte(0,{s1})==-1\n"
                                  "  check pte(0,{s2})==-1\n"
                                  "  check idx(T1)=={two}\n"
                                  "  check pteval(T1,{s1})==0\n"
                                  "  check pteval(T1,{s2})==1\n"
                                  "  c = kmap_local_page a2 -> fix:{s1} idx={one}\n"
                                  "  kunmap_local c -> ok idx=0\n"
                                  "schedule order T1*5 T2*7 T1*7\n"
                                  "expect pass\n"
                                  "final idx(T1)==0, pinned(0)==0\n",
                                  fmt::arg("s1", m.slot(1)), fmt::arg("s2", m.slot(2)),
                                  fmt::arg("one", m.inc()), fmt::arg("two", two),
                                  fmt::arg("flushes", m.Flushes(2, 2)), fmt::arg("m2", m.mig(2)));
}

std::string PkmapHit(const Maps& m) {
  const int slot = 1 % m.profile.last_pkmap;
  return Head(m.profile, 1) + format(
                                  "task T1@0:\n"
                                  "  a = kmap a0 -> pkmap:{0}\n"
                                  "  store a+0 7\n"
                                  "  kunmap a -> ok count=1\n"
                                  "  b = kmap_local_page a0 -> pkmap:{0} count=2 idx=0 mig=0 TL=0\n"
                                  "  load b+0 -> 7\n"
                                  "  kunmap_local b -> ok count=1 idx=0 TL=0 CH=0 GF=0\n"
                                  "  c = kmap_atomic a0 -> pkmap:{0} count=2 mig=0\n"
                                  "  check preempt(T1)==1\n"
                                  "  kunmap_atomic c -> ok count=1\n"
                                  "expect pass\n"
                                  "final count(a0)==1\n",
                                  slot);
}

std::string NoRecord(const Maps& m) {
  return Head(m.profile, 1) +
         "task T1@0:\n"
         "  a = kmap_local_page a0 -> fix:0 TL=1 invlpg:0\n"
         "  store a+0 7\n"
         "  kunmap_local a -> ok TL=1 invlpg:0\n"
         "  check byte(a0,0)==7\n"
         "expect pass\n";
}

std::string OutOfOrder(const Maps& m) {
  return Head(m.profile, 3) +
         "lane misuse\n"
         "task T1@0:\n"
         "  a = kmap_local_page a0 -> fix:0\n"
         "  b = kmap_local_page a1 -> fix:1 idx=2\n"
         "  store a+0 5\n"
         "  store b+0 6\n"
         "  kunmap_local a -> ok WARN:kunmap_local_not_top idx=1 mig=1 TL=1 invlpg:0\n"
         "  check pte(0,0)==0\n"
         "  check pte(0,1)==-1\n"
         "  load b+0 -> 6\n"
         "  load a+0 -> 5\n"
         "  kunmap_local b -> ok quiet idx=0 mig=0 TL=1 invlpg:1\n"
         "  check pte(0,0)==-1\n"
         "  c = kmap_local_page a2 -> fix:0 idx=1\n"
         "  load c+0 -> 5\n"
         "  kunmap_local c -> ok idx=0 TL=1 invlpg:0\n"
         "expect WARN:kunmap_local_not_top\n";
}

std::string NonLinearLeak(const Maps& m) {
  return Head(m.profile, 4) +
         "lane misuse\n"
         "task T1@0:\n"
         "  a = kmap_local_page a0 -> fix:0\n"
         "  b = kmap_local_page a1 -> fix:1\n"
         "  store b+0 9\n"
         "  kunmap_local a -> ok WARN:kunmap_local_not_top TL=1 invlpg:0 idx=1\n"
         "  check pte(0,0)==-1\n"
         "  check pte(0,1)==1\n"
         "  yield\n"
         "task T2@0:\n"
         "  c = kmap_local_page a2 -> fix:0\n"
         "  check pte(0,1)==1\n"
         "  d = kmap_local_page a3 -> BUG:kmap_local_pfn_prot_pte\n"
         "schedule order T1*7 T2*3\n"
         "expect BUG:kmap_local_pfn_prot_pte\n";
}

std::string Depth(const Maps& m) {
  const int depth = m.profile.kmap_local_depth();
  std::string text = Head(m.profile, 1) + "page l low\nlane misuse\ntask T1@0:\n";
  const bool forced = m.profile.forces_map();
  for (int k = 1; k <= depth; k++) {
    text += format("  m{} = kmap_local_page a0 -> fix:{} idx={} mig={}\n", k, m.slot(k),
                   k * m.inc(), m.mig(k));
    if (!forced)
      text += format("  l{} = kmap_local_page l -> low idx={} mig={}\n", k, k * m.inc(), m.mig(k));
  }
  return text + format(
                    "  kmap_local_page a0 -> BUG:kmap_local_idx_push_depth\n"
                    "expect BUG:kmap_local_idx_push_depth\n"
                    "final idx(T1)=={}, mig(T1)=={}\n",
                    (depth + 1) * m.inc(), m.mig(depth + 1));
}

// Era E1. Where the fences of debugging are, slot n is number 2n+1.
int SlotOf(const Maps& m, KmType type) { return (static_cast<int>(type) + 1) * m.inc() - 1; }

std::string SlotMappedTwice(const Maps& m) {
  const int slot = SlotOf(m, KmType::KM_USER0);
  return Head(m.profile, 2) + format(
                                  "lane misuse\n"
                                  "task T1@0:\n"
                                  "  a = kmap_atomic a0 KM_USER0 -> fix:{0}\n"
                                  "  b = kmap_atomic a1 KM_USER0 -> BUG:kmap_atomic_pte\n"
                                  "expect BUG:kmap_atomic_pte\n"
                                  "final pte(0,{0})==0\n",
                                  slot);
}

std::string WrongSlotReleased(const Maps& m) {
  const int slot = SlotOf(m, KmType::KM_USER0);
  const std::string head = Head(m.profile, 2) + format(
                                                    "lane misuse\n"
                                                    "task T1@0:\n"
                                                    "  a = kmap_atomic a0 KM_USER0 -> fix:{}\n",
                                                    slot);
  if (m.profile.debug_highmem != 0)
    return head +
           "  kunmap_atomic a KM_USER1 -> BUG:kunmap_atomic_above_high_memory\n"
           "expect BUG:kunmap_atomic_above_high_memory\n";
  return head + format(
                    "  kunmap_atomic a KM_USER1 -> ok TL=0 quiet\n"
                    "  check pte(0,{})==0\n"
                    "  check preempt(T1)==0\n"
                    "  b = kmap_atomic a1 KM_USER0 -> BUG:kmap_atomic_pte\n"
                    "expect BUG:kmap_atomic_pte\n",
                    slot);
}

std::string EntryStays(const Maps& m) {
  const int slot = SlotOf(m, KmType::KM_USER0);
  return Head(m.profile, 2) + format(
                                  "lane misuse\n"
                                  "task T1@0:\n"
                                  "  a = kmap_atomic a0 KM_USER0 -> fix:{0} {1}\n"
                                  "  store a+0 8\n"
                                  "  kunmap_atomic a KM_USER0 -> ok TL=0 GF=0\n"
                                  "  check pte(0,{0})==0\n"
                                  "  load a+0 -> 8\n"
                                  "  b = kmap_atomic a1 KM_USER0 -> fix:{0} {1}\n"
                                  "  store b+0 9\n"
                                  "  load a+0 -> 9\n"
                                  "  kunmap_atomic b KM_USER0 -> ok TL=0 GF=0\n"
                                  "expect pass\n"
                                  "final pte(0,{0})==1, byte(a0,0)==8\n",
                                  slot, m.Flushes(1, 0));
}

std::string ElevenReports(const Maps& m) {
  const int slot = SlotOf(m, KmType::KM_IRQ0);
  std::string text = Head(m.profile, 1) + "page l low\nlane misuse\ntask T1@0:\n";
  for (int n = 1; n <= 20; n++)
    text += format(
        "  a = kmap_atomic a0 KM_IRQ0 -> fix:{} {}\n"
        "  kunmap_atomic a KM_IRQ0\n",
        slot, n <= 11 ? "WARN:debug_kmap_atomic_irqs" : "quiet");
  return text +
         "irq H1@0 x1:\n"
         "  b = kmap_atomic l KM_USER0 -> low quiet\n"
         "  kunmap_atomic b KM_USER0\n"
         "schedule:\n"
         "  at T1.1 preempt_disable -> H1\n"
         "expect WARN:debug_kmap_atomic_irqs\n";
}

}  // namespace

void AppendMapTraces(const Profile& p, std::vector<GoldenTrace>* traces) {
  const auto add = [&](const char* rule, const std::string& text) {
    traces->push_back({rule, p.name, text});
  };
  if (p.high_pages == 0) return;
  const Maps m(p);
  const bool guards = p.debug_kmap_local != 0;
  if (p.is_era(Era::kE3Local)) {
    const bool linear = p.nonlinear_pte == 0;
    const bool pins = p.high_get != 0 && (p.debug_highmem == 0 || p.cache_is_vivt());
    add("P8", NestAndIrq(m));
    if (guards) add("P9", Guards(m));
    add("P10", ContextSwitch(m));
    if (pins) add("P11", PkmapHit(m));
    if (pins && p.cache_is_vivt()) add("P12", NoRecord(m));
    if (linear && !guards && !m.flushes_on_map() && p.colours == 1) add("P13", OutOfOrder(m));
    if (!linear && !p.cache_is_vivt()) add("P14", NonLinearLeak(m));
    add("P15", Depth(m));
  }
  if (!p.is_era(Era::kE1Slots)) return;
  if (p.keeps_pte == 0) {
    add("P16", SlotMappedTwice(m));
    add("P16", WrongSlotReleased(m));
  } else if (p.leaves_pte()) {
    add("P17", EntryStays(m));
  }
  if (p.debug_highmem != 0) add("P18", ElevenReports(m));
}

std::string Head(const Profile& p, int pages) {
  std::string text = format("#hm 1\nprofile {}\n", p.name);
  for (int n = 0; n < pages; n++) {
    const std::string colour = p.colours > 1 ? format(" colour {}", n % p.colours) : "";
    text += format("page a{} high{}\n", n, colour);
  }
  return text;
}

std::vector<GoldenTrace> GoldenTraces() {
  std::vector<GoldenTrace> traces;
  for (const Profile& p : NamedProfiles()) {
    // What nobody may build stops at its first sweep. (SPEC D.1)
    if (p.high_get != 0 && p.cpus > 1 && p.shootdown == static_cast<int>(Shootdown::kIpi)) continue;
    AppendPoolTraces(p, &traces);
    AppendMapTraces(p, &traces);
  }
  return traces;
}

}  // namespace highmem::golden
