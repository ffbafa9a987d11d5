// P1 to P7: the pool. `flush` is what every kmap adds to the global flushes where it flushes its
// own page. (golden.h)
#include <fmt/format.h>

#include "properties/golden.h"

namespace highmem::golden {
namespace {

using fmt::format;

struct Pool {
  explicit Pool(const Profile& p)
      : profile(p), slots(p.last_pkmap), flush(p.kmap_flush_tlb), last_cpu(p.cpus - 1) {}
  // Where the n-th page mapped lands, counted from 1; the slots go round.
  int SlotOf(int n) const { return n % slots; }

  const Profile& profile;
  int slots;
  int flush;
  int last_cpu;
};

// All slots, each with a page of its own: a1 to a<slots>.
std::string FillPool(const Pool& pool) {
  std::string text;
  for (int n = 1; n <= pool.slots; n++) {
    const int sweeps = pool.SlotOf(n) == 0 ? 1 : 0;
    text += format("  kmap a{} -> pkmap:{} count=2 cursor={} SW={} CH={} GF={}\n", n,
                   pool.SlotOf(n), pool.SlotOf(n), sweeps, sweeps, pool.flush);
  }
  return text;
}

std::string FillAndWrap(const Pool& pool) {
  std::string text = Head(pool.profile, pool.slots + 2) + "task T1@0:\n" + FillPool(pool);
  for (int n = 1; n <= pool.slots; n++)
    text += format("  kunmap a{} -> ok count=1 cursor=0 SW=0 CH=0 GF=0 wakes=0\n", n);
  text += format("  kmap a{} -> pkmap:0 count=2 cursor=0 SW=1 CH=1 GF={}\n", pool.slots + 1,
                 1 + pool.flush);
  for (int n = 1; n <= pool.slots; n++) text += format("  page_address a{} -> null\n", n);
  return text + format("  kunmap a{} -> ok count=1\nexpect pass\nfinal CH==2, cursor==0\n",
                       pool.slots + 1);
}

std::string Revive(const Pool& pool) {
  const int swept = pool.SlotOf(2) == 0 ? 1 : 0;
  return Head(pool.profile, 3) + format(
                                     "task T1@0:\n"
                                     "  kmap a1 -> pkmap:1 count=2 cursor=1 CH=0 GF={0}\n"
                                     "  kunmap a1 -> ok count=1 cursor=1 CH=0 GF=0\n"
                                     "  kmap a1 -> pkmap:1 count=2 cursor=1 CH=0 GF={0}\n"
                                     "  kmap a2 -> pkmap:{1} count=2 cursor={1} CH={2} GF={0}\n"
                                     "  kunmap a2 -> ok count=1\n"
                                     "  kunmap a1 -> ok count=1\n"
                                     "expect pass\n",
                                     pool.flush, pool.SlotOf(2), swept);
}

// A page comes again when a sweep has been between.
std::string Stream(const Pool& pool) {
  const int rounds = pool.slots > 64 ? 2 : 5;
  std::string text = Head(pool.profile, pool.slots + 2) + "task T1@0:\n";
  for (int n = 1; n <= rounds * pool.slots; n++) {
    const int page = 1 + (n - 1) % (pool.slots + 1);
    const int slot = pool.SlotOf(n), sweeps = slot == 0 ? 1 : 0;
    // With one slot the first sweep finds nothing to take back.
    const int reclaims = sweeps != 0 && n > 1 ? 1 : 0;
    text += format("  kmap a{} -> pkmap:{} count=2 cursor={} CH={} GF={}\n", page, slot, slot,
                   sweeps, reclaims + pool.flush);
    text += format("  kunmap a{} -> ok count=1 cursor={} CH=0 GF=0\n", page, slot);
  }
  return text + format("expect pass\nfinal CH=={}\n", rounds);
}

// The task that finds every slot in use, and the page whose last user goes.
std::string SleepAndWake(const Pool& pool) {
  const int freed = pool.slots / 2 + 1, slot = pool.SlotOf(freed);
  std::string text = Head(pool.profile, pool.slots + 2) + "task T1@0:\n" + FillPool(pool);
  text += format(
      "  check waiters==1\n"
      "  check cursor=={}\n"
      "  check CH==2\n"
      "  kunmap a{} -> ok count=1 cursor={} CH=0 GF=0 wakes=1\n"
      "  check waiters==1\n"
      "  check waiters==0\n"
      "  check cursor=={}\n"
      "  check slot(a{})==-1\n",
      pool.slots - 1, freed, pool.slots - 1, slot, freed);
  text += format(
      "task T9@{0}:\n"
      "  kmap a{1} -> pkmap:{2} blocks count=2 cursor={2} SW=2 CH=2 GF={3}\n"
      "  kunmap a{1} -> ok count=1 wakes=0\n"
      "schedule order T1*{4} T9 T1*5 T9 T1*3 T9\n"
      "expect pass\n"
      "final CH==3, cursor=={2}, waiters==0\n",
      pool.last_cpu, pool.slots + 1, slot, 1 + pool.flush, pool.slots);
  return text;
}

// Two sleepers want one page. `newer`: the one that queued last gets the lock first.
std::string SamePage(const Pool& pool, bool newer) {
  const int freed = pool.slots / 2 + 1, slot = pool.SlotOf(freed);
  const int page = pool.slots + 1;
  std::string text = Head(pool.profile, pool.slots + 2) + "task T1@0:\n" + FillPool(pool);
  text += format(
      "  check waiters==2\n"
      "  check CH==3\n"
      "  kunmap a{} -> ok count=1 wakes=2\n"
      "  check waiters==0\n"
      "  check slot(a{})=={}\n"
      "  check count(a{})==3\n",
      freed, page, slot, page);
  const std::string first = format("count=2 SW=2 GF={}", 1 + pool.flush);
  const std::string second = format("count=3 SW=1 GF={}", pool.flush);
  text += format("task T9@{0}:\n  kmap a{1} -> pkmap:{2} blocks {3}\n  kunmap a{1}\n",
                 pool.last_cpu, page, slot, newer ? second : first);
  text += format("task T10@{0}:\n  kmap a{1} -> pkmap:{2} blocks {3}\n  kunmap a{1}\n",
                 pool.last_cpu, page, slot, newer ? first : second);
  const char* order = newer ? "T10 T9" : "T9 T10";
  return text + format(
                    "schedule order T1*{0} T9 T10 T1*3 {1} T1*3 {1}\n"
                    "expect pass\nfinal count(a{2})==1, slot(a{2})=={3}, waiters==0, CH==4\n",
                    pool.slots, order, page, slot);
}

std::string OneTooMany(const Pool& pool, bool swept) {
  const int slot = pool.SlotOf(1);
  std::string text =
      Head(pool.profile, 2) +
      format("lane misuse\ntask T1@0:\n  kmap a1 -> pkmap:{} count=2\n  kunmap a1 -> ok count=1\n",
             slot);
  if (swept) text += "  kmap_flush_unused -> ok SW=1 CH=1 GF=1\n  page_address a1 -> null\n";
  const char* site = swept ? "kunmap_high_vaddr" : "kunmap_high_count";
  return text + format("  kunmap a1 -> BUG:{0}\nexpect BUG:{0}\n", site);
}

// With colours: a page's colour is its number's, modulo the colours; each colour has its slots in
// the order of its own round, and the page that finds none waits though other colours have some.
std::string Coloured(const Profile& p) {
  const int colours = p.colours, rounds = p.last_pkmap / colours;
  std::string maps;
  for (int n = 0; n < p.last_pkmap; n++) {
    const int slot = (n + colours) % p.last_pkmap, sweeps = slot < colours ? 1 : 0;
    maps += format("  kmap a{} -> pkmap:{} SW={} CH={} GF=0\n", n, slot, sweeps, sweeps);
  }
  const int waits = p.last_pkmap;
  return Head(p, p.last_pkmap + 1) + "task T1@0:\n" + maps +
         format(
             "  check waiters==1\n"
             "  check CH=={0}\n"
             "  kunmap a1 -> ok count=1 wakes=0\n"
             "  kunmap a0 -> ok count=1 wakes=1\n"
             "  check slot(a0)==-1\n"
             "  check slot(a1)==-1\n"
             "  check slot(a{1})=={2}\n"
             "task T2@0:\n"
             "  kmap a{1} -> pkmap:{2} blocks count=2 SW=2 CH=2 GF=1\n"
             "  kunmap a{1} -> ok count=1\n"
             "schedule order T1*{3} T2 T1*4 T2 T1*3 T2\n"
             "expect pass\n"
             "final CH=={4}, GF==1, waiters==0\n",
             colours + 1, waits, rounds == 1 ? 0 : colours, p.last_pkmap, colours + 2);
}

}  // namespace

void AppendPoolTraces(const Profile& p, std::vector<GoldenTrace>* traces) {
  const auto add = [&](const char* rule, const std::string& text) {
    traces->push_back({rule, p.name, text});
  };
  if (p.high_pages == 0) return;
  if (p.colours > 1) return add("P7", Coloured(p));
  const Pool pool(p);
  add("P1", FillAndWrap(pool));
  if (pool.slots > 1) add("P2", Revive(pool));
  add("P3", Stream(pool));
  add("P4", SleepAndWake(pool));
  add("P5", SamePage(pool, /*newer=*/false));
  add("P5", SamePage(pool, /*newer=*/true));
  add("P6", OneTooMany(pool, /*swept=*/false));
  add("P6", OneTooMany(pool, /*swept=*/true));
}

}  // namespace highmem::golden
