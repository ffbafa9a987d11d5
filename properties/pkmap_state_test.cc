// The pkmap pool against a model of a dozen lines: which slot a kmap gets, what counts, cursor,
// sweeps and flushes become. (SPEC C.3 to C.5, C.7; one task, so nobody sleeps)

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <rapidcheck/state.h>

#include <array>

#include "properties/one_task.h"

namespace highmem::properties {
namespace {

constexpr int kSlots = 4;  // of x86_tiny
constexpr int kPages = 7;  // high; page kPages is low

struct Pool {
  std::array<int, kSlots> count{};
  std::array<int, kSlots> page{};
  int cursor = 0;
  int sweeps = 0;
  int flushes = 0;

  int SlotOf(int p) const {
    for (int s = 0; s < kSlots; s++)
      if (count[static_cast<size_t>(s)] != 0 && page[static_cast<size_t>(s)] == p) return s;
    return -1;
  }
  int Users(int p) const {
    const int slot = SlotOf(p);
    return slot < 0 ? 0 : count[static_cast<size_t>(slot)] - 1;
  }
  bool AllBusy() const {
    for (const int c : count)
      if (c < 2) return false;
    return true;
  }
  void Sweep() {
    sweeps++;
    bool any = false;
    for (int& c : count) {
      any |= c == 1;
      if (c == 1) c = 0;
    }
    flushes += any;
  }
  // The slot of a page that has none yet.
  int Take(int p) {
    for (;;) {
      cursor = (cursor + 1) % kSlots;
      if (cursor == 0) Sweep();
      if (count[static_cast<size_t>(cursor)] != 0) continue;
      page[static_cast<size_t>(cursor)] = p;
      count[static_cast<size_t>(cursor)] = 1;
      return cursor;
    }
  }
};

using Command = rc::state::Command<Pool, OneTask>;

struct Kmap : Command {
  int page = *rc::gen::inRange(0, kPages + 1);

  void checkPreconditions(const Pool& s) const override {
    RC_PRE(page == kPages || s.SlotOf(page) >= 0 || !s.AllBusy());
  }
  void apply(Pool& s) const override {
    if (page == kPages) return;
    int slot = s.SlotOf(page);
    if (slot < 0) slot = s.Take(page);
    s.count[static_cast<size_t>(slot)]++;
  }
  void run(const Pool& before, OneTask& sut) const override {
    Pool after = before;
    apply(after);
    Op op;
    op.code = OpCode::kmap;
    op.page = static_cast<int16_t>(page);
    const int sweeps = after.sweeps - before.sweeps;
    std::vector<Expect> expects = {{ExpectKind::sweeps, false, sweeps},
                                   {ExpectKind::hooks, false, sweeps},
                                   {ExpectKind::flushes, false, after.flushes - before.flushes},
                                   {ExpectKind::cursor, false, after.cursor}};
    if (page == kPages) {
      expects.push_back({ExpectKind::low, false, 0});
    } else {
      expects.push_back({ExpectKind::pkmap, false, after.SlotOf(page)});
      expects.push_back({ExpectKind::count, false, after.Users(page) + 1});
    }
    sut.Append(op, expects);
  }
  void show(std::ostream& os) const override { os << "kmap " << page; }
};

struct Kunmap : Command {
  int page = *rc::gen::inRange(0, kPages);

  void checkPreconditions(const Pool& s) const override { RC_PRE(s.Users(page) > 0); }
  void apply(Pool& s) const override { s.count[static_cast<size_t>(s.SlotOf(page))]--; }
  void run(const Pool& before, OneTask& sut) const override {
    Op op;
    op.code = OpCode::kunmap;
    op.page = static_cast<int16_t>(page);
    sut.Append(op, {{ExpectKind::ok, false, 0},
                    {ExpectKind::count, false, before.Users(page)},
                    {ExpectKind::sweeps, false, 0},
                    {ExpectKind::wakes, false, 0}});
  }
  void show(std::ostream& os) const override { os << "kunmap " << page; }
};

struct Flush : Command {
  void apply(Pool& s) const override { s.Sweep(); }
  void run(const Pool& before, OneTask& sut) const override {
    Pool after = before;
    apply(after);
    Op op;
    op.code = OpCode::kmap_flush_unused;
    sut.Append(op, {{ExpectKind::sweeps, false, 1},
                    {ExpectKind::flushes, false, after.flushes - before.flushes},
                    {ExpectKind::cursor, false, before.cursor}});
  }
  void show(std::ostream& os) const override { os << "kmap_flush_unused"; }
};

RC_GTEST_PROP(PkmapState, SlotsCountsAndFlushesAreTheModels, ()) {
  const Pool pool;
  const auto commands = *rc::state::gen::commands(
      pool, rc::state::gen::execOneOfWithArgs<Kmap, Kmap, Kunmap, Flush>());
  OneTask task("x86_tiny", kPages, 1);
  rc::state::runAll(commands, pool, task);
  const std::string verdict = task.Verdict();
  if (!verdict.empty()) RC_FAIL(verdict);
}

}  // namespace
}  // namespace highmem::properties
