// The stack of local maps against a model of a dozen lines: slot, index, migration count, flushes,
// and the byte every map reads. (SPEC G.1 to G.4, G.6)

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <rapidcheck/state.h>

#include <map>
#include <vector>

#include "highmem/machine/page.h"
#include "properties/one_task.h"

namespace highmem::properties {
namespace {

constexpr int kHigh = 3;  // pages 0 .. 2; page 3 is low

struct Map {
  int page;
  bool atomic;
  int var;
};

struct Stack {
  int inc;    // index per map
  int depth;  // maps of high pages that fit
  std::vector<Map> maps;
  std::map<int, int> stored;  // page -> byte 0, where it is not the initial one
  int vars = 0;

  int Real() const {
    int n = 0;
    for (const Map& m : maps) n += m.page < kHigh;
    return n;
  }
};

using Command = rc::state::Command<Stack, OneTask>;

std::vector<Expect> State(const Stack& s, int flushes) {
  return {{ExpectKind::idx, false, s.Real() * s.inc},
          {ExpectKind::mig, false, s.Real()},
          {ExpectKind::local_flushes, false, flushes},
          {ExpectKind::flushes, false, 0}};
}

struct MapPage : Command {
  int page = *rc::gen::inRange(0, kHigh + 1);
  bool atomic = *rc::gen::arbitrary<bool>();

  void checkPreconditions(const Stack& s) const override {
    RC_PRE(page == kHigh || s.Real() < s.depth);
  }
  void apply(Stack& s) const override { s.maps.push_back({page, atomic, s.vars++}); }
  void run(const Stack& before, OneTask& sut) const override {
    Stack after = before;
    apply(after);
    Op op;
    op.code = atomic ? OpCode::kmap_atomic : OpCode::kmap_local_page;
    op.page = static_cast<int16_t>(page);
    op.var = sut.NewVar();
    std::vector<Expect> expects = State(after, 0);
    if (page == kHigh)
      expects.push_back({ExpectKind::low, false, 0});
    else
      expects.push_back({ExpectKind::fix, false, after.Real() * after.inc - 1});
    sut.Append(op, expects);
  }
  void show(std::ostream& os) const override {
    os << (atomic ? "kmap_atomic " : "kmap_local_page ") << page;
  }
};

struct Unmap : Command {
  int offset = *rc::gen::inRange(0, 32);

  void checkPreconditions(const Stack& s) const override { RC_PRE(!s.maps.empty()); }
  void apply(Stack& s) const override { s.maps.pop_back(); }
  void run(const Stack& before, OneTask& sut) const override {
    Stack after = before;
    apply(after);
    const Map& top = before.maps.back();
    const bool real = top.page < kHigh;
    Op op;
    op.code = top.atomic ? OpCode::kunmap_atomic : OpCode::kunmap_local;
    op.ref = static_cast<int16_t>(top.var);
    op.offset = static_cast<uint16_t>(offset);
    std::vector<Expect> expects = State(after, real ? 1 : 0);
    if (real) expects.push_back({ExpectKind::invlpg, false, before.Real() * before.inc - 1});
    sut.Append(op, expects);
  }
  void show(std::ostream& os) const override { os << "unmap +" << offset; }
};

// Stores through one live map, or loads: whatever map of the page stored last is what all read.
struct Access : Command {
  int which = *rc::gen::inRange(0, 8);
  int value = *rc::gen::inRange(0, 2) == 0 ? -1 : *rc::gen::inRange(1, 256);

  void checkPreconditions(const Stack& s) const override { RC_PRE(!s.maps.empty()); }
  const Map& Target(const Stack& s) const {
    return s.maps[static_cast<size_t>(which) % s.maps.size()];
  }
  void apply(Stack& s) const override {
    if (value >= 0) s.stored[Target(s).page] = value;
  }
  void run(const Stack& before, OneTask& sut) const override {
    const Map& map = Target(before);
    Op op;
    op.code = value >= 0 ? OpCode::store : OpCode::load;
    op.ref = static_cast<int16_t>(map.var);
    if (value >= 0) {
      op.value = value;
      sut.Append(op, {{ExpectKind::ok, false, 0}});
      return;
    }
    const auto stored = before.stored.find(map.page);
    const int byte = stored != before.stored.end() ? stored->second
                                                   : InitialByte(PfnOf(sut.trace(), map.page), 0);
    sut.Append(op, {{ExpectKind::byte, false, byte}});
  }
  void show(std::ostream& os) const override { os << (value >= 0 ? "store " : "load ") << which; }
};

void StackIsTheModels(const char* profile) {
  const Profile& p = *FindProfile(profile);
  const Stack stack = {p.kmap_local_inc(), p.kmap_local_depth(), {}, {}, 0};
  const auto commands = *rc::state::gen::commands(
      stack, rc::state::gen::execOneOfWithArgs<MapPage, MapPage, Unmap, Access>());
  OneTask task(profile, kHigh, 1);
  rc::state::runAll(commands, stack, task);
  const std::string verdict = task.Verdict();
  if (!verdict.empty()) RC_FAIL(verdict);
}

RC_GTEST_PROP(LocalState, WithoutGuards, ()) { StackIsTheModels("x86_tiny"); }
RC_GTEST_PROP(LocalState, WithGuards, ()) { StackIsTheModels("x86_tiny_debug"); }

}  // namespace
}  // namespace highmem::properties
