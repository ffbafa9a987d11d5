// Which edits to try, in which order. (shrinker.h)
#include <algorithm>
#include <utility>

#include "highmem/shrink/anchor.h"
#include "highmem/shrink/edit.h"
#include "highmem/shrink/shrinker.h"

namespace highmem {
namespace {

bool IsMachineNumber(const ProfileField& field) {
  return std::find(std::begin(kMachineNumbers), std::end(kMachineNumbers), field.member) !=
         std::end(kMachineNumbers);
}

// Where an op begins is the plainest moment for a decision, then whatever has an anchor.
int Rank(const Moment& m) {
  if (!m.has_anchor) return 2;
  return m.anchor.prim == PrimKind::op ? 0 : 1;
}

}  // namespace

bool Shrinker::Machine() {
  bool any = false;
  for (const ProfileField& field : ProfileFields())
    if (options_.machine && IsMachineNumber(field)) any |= Number(field);
  return any;
}

// To the next smaller legal value (RULINGS 19), by way of bigger leaps.
bool Shrinker::Number(const ProfileField& field) {
  bool any = false;
  for (bool smaller = true; smaller;) {
    const int now = best_.profile.*field.member;
    const int next = field.power_of_two ? now / 2 : now - 1;
    if (now <= field.min) break;
    const auto to = [&](int value) {
      return Try(
          [&](Trace* t) {
            t->profile.*field.member = value;
            return Tidy(t);
          },
          /*removal=*/value == next);
    };
    smaller = (next > field.min && to(field.min)) ||
              (next > field.min + 1 && to((now + field.min) / 2)) || to(next);
    any |= smaller;
  }
  return any;
}

bool Shrinker::Decisions() {
  thorough_ = !quick_ && static_cast<int>(size_.decisions) > options_.max_decisions;
  // No edit at all looks for a schedule of fewer decisions.
  bool any = size_.decisions > 0 && Try([](Trace*) { return true; });
  const auto actors = static_cast<int>(best_.actors.size());
  for (int a = 0; a < actors && size_.starts + size_.decisions > 0; a++)
    for (int b = a + 1; b < actors; b++)
      any |= Try([&](Trace* t) {
        return SwapActors(t, static_cast<ActorId>(a), static_cast<ActorId>(b));
      });
  thorough_ = false;
  // On another CPU a task may need fewer: none that moves it there.
  for (int a = 0; a < actors; a++)
    for (int cpu = 0; cpu < best_.profile.cpus && size_.decisions > 0; cpu++)
      any |= cpu != best_.actors[static_cast<size_t>(a)].cpu &&
             best_.actors[static_cast<size_t>(a)].kind == ActorKind::task && Try([&](Trace* t) {
               t->actors[static_cast<size_t>(a)].cpu = static_cast<CpuId>(cpu);
               return Tidy(t);
             });
  for (size_t chunk = (best_.schedule.decisions.size() + 1) / 2; chunk > 0; chunk /= 2) {
    for (size_t end = best_.schedule.decisions.size(); end > 0 && !Stopped();) {
      const size_t begin = end > chunk ? end - chunk : 0;
      any |= Try([&](Trace* t) { return DropDecisions(t, begin, end); }, chunk == 1);
      end = std::min(begin, best_.schedule.decisions.size());
    }
  }
  return any;
}

bool Shrinker::Actors() {
  bool any = false;
  for (int a = static_cast<int>(best_.actors.size()) - 1; a >= 0; a--) {
    const auto actor = static_cast<ActorId>(a);
    any |= ActorAway(actor) || ActorSimpler(actor);
  }
  return any;
}

// By itself, or into another one: behind it, before it or, as it may have interrupted it, between.
bool Shrinker::ActorAway(ActorId actor) {
  if (Try([&](Trace* t) { return DropActor(t, actor); }, /*removal=*/true)) return true;
  for (ActorId to = 0; to < best_.actors.size(); to++)
    for (uint32_t at = best_.actors[to].op_count + 1; to != actor && at-- > 0;) {
      const bool between = at > 0 && at < best_.actors[to].op_count;
      if (between && size_.ops > kFewOps) continue;
      if (Try([&](Trace* t) { return MergeActors(t, to, actor, at); })) return true;
    }
  return false;
}

bool Shrinker::ActorSimpler(ActorId actor) {
  bool any = false;
  const auto change = [&](auto edit) {
    any |= Try([&](Trace* t) {
      edit(&t->actors[actor]);
      return Tidy(t);
    });
  };
  for (CpuId cpu = 0; cpu < best_.actors[actor].cpu; cpu++) change([&](Actor* a) { a->cpu = cpu; });
  if (best_.actors[actor].runs > 1) change([](Actor* a) { a->runs = 1; });
  if (best_.actors[actor].runs > 2) change([](Actor* a) { a->runs--; });
  if (best_.actors[actor].kind != ActorKind::task)
    change([](Actor* a) {
      a->kind = ActorKind::task;
      a->runs = 1;
    });
  return any;
}

// `chunk` at a time, from the end: what comes behind the failure goes first.
bool Shrinker::Ops(uint32_t chunk) {
  bool any = false;
  for (auto end = static_cast<uint32_t>(best_.ops.size()); end > 0 && !Stopped();) {
    const uint32_t begin = end > chunk ? end - chunk : 0;
    std::vector<uint8_t> keep(best_.ops.size(), 1);
    std::fill(keep.begin() + begin, keep.begin() + end, 0);
    const bool makes = chunk == 1 && best_.ops[begin].var >= 0;
    any |= Try([&](Trace* t) { return KeepOps(t, keep); }, chunk == 1) ||
           (makes && Try([&](Trace* t) { return KeepOps(t, keep, /*retarget=*/true); }));
    end = std::min(begin, static_cast<uint32_t>(best_.ops.size()));
  }
  return any;
}

// Whoever only occupies slots can do it in one op.
bool Shrinker::Fills() {
  bool any = false;
  for (auto op = static_cast<uint32_t>(best_.ops.size()); op-- > 0;) {
    if (op >= best_.ops.size()) continue;
    any |= best_.ops[op].code == OpCode::kmap && Try([&](Trace* t) { return FillInstead(t, op); });
    any |= op < best_.ops.size() && best_.ops[op].code == OpCode::fill &&
           Try([&](Trace* t) { return JoinFills(t, op); });
    for (uint32_t fill = 0; fill < best_.ops.size() && op < best_.ops.size(); fill++)
      any |= best_.ops[op].code == OpCode::kmap && best_.ops[fill].code == OpCode::fill &&
             Try([&](Trace* t) { return FillMoreInstead(t, op, fill); });
  }
  return any;
}

// Out of local minima: two ops at once, or one or two and half of the slots, or with a second CPU.
bool Shrinker::PairsOfOps() {
  const auto ops = static_cast<uint32_t>(best_.ops.size());
  quick_ = true;
  bool gone = false;
  for (uint32_t i = 0; i < ops && !gone; i++) {
    std::vector<uint8_t> keep(ops, 1);
    keep[i] = 0;
    gone = OpsAndHalfTheSlots(keep) || OpsOnASecondCpu(keep);
    for (uint32_t j = i + 1; j < ops && !gone; j++) {
      keep[j] = 0;
      gone = Try([&](Trace* t) { return KeepOps(t, keep); }) || OpsAndHalfTheSlots(keep) ||
             OpsOnASecondCpu(keep);
      keep[j] = 1;
    }
  }
  quick_ = false;
  return gone;
}

bool Shrinker::OpsAndHalfTheSlots(const std::vector<uint8_t>& keep) {
  return options_.machine && best_.profile.last_pkmap > 1 && Try([&](Trace* t) {
           t->profile.last_pkmap /= 2;
           return KeepOps(t, keep);
         });
}

bool Shrinker::OpsOnASecondCpu(const std::vector<uint8_t>& keep) {
  for (size_t a = 0; options_.machine && a < best_.actors.size(); a++)
    if (best_.actors[a].cpu == 0 && Try([&](Trace* t) {
          t->profile.cpus = std::max(t->profile.cpus, 2);
          t->actors[a].cpu = 1;
          return KeepOps(t, keep);
        }))
      return true;
  return false;
}

bool Shrinker::Operands() {
  bool any = false;
  for (int from = static_cast<int>(best_.pages.size()) - 1; from > 0; from--)
    for (int to = 0; to < from && from < static_cast<int>(best_.pages.size()); to++)
      any |= Try([&](Trace* t) { return MergePages(t, from, to) && DropUnusedPages(t); });
  any |= Try([](Trace* t) { return DropUnusedPages(t); });
  for (size_t op = 0; op < best_.ops.size(); op++) any |= OpOperands(op);
  return any;
}

bool Shrinker::OpOperands(size_t op) {
  bool any = false;
  const auto set = [&](auto Op::* field, auto value) {
    any |= best_.ops[op].*field > value && Try([&](Trace* t) {
             t->ops[op].*field = value;
             return Tidy(t);
           });
  };
  for (int16_t page = 0; page < best_.ops[op].page; page++) set(&Op::page, page);
  set(&Op::offset, uint16_t{0});
  const OpInfo& info = Info(best_.ops[op].code);
  if (!info.takes('i')) return any;
  const int least = best_.ops[op].code == OpCode::fill;
  set(&Op::value, least);
  if (best_.ops[op].value / 2 >= least) set(&Op::value, best_.ops[op].value / 2);
  if (best_.ops[op].value > least) set(&Op::value, best_.ops[op].value - 1);
  return any;
}

// Expectations and verdict lines.
bool Shrinker::Extras() {
  bool any = false;
  for (size_t i = best_.verdicts.size(); i-- > 0;)
    any |= Try([&](Trace* t) {
      t->verdicts.erase(t->verdicts.begin() + static_cast<std::ptrdiff_t>(i));
      return Tidy(t);
    });
  for (size_t i = best_.ops.size(); i-- > 0;)
    any |= best_.ops[i].expect_count > 0 && Try([&](Trace* t) {
             t->ops[i].expect_count = 0;
             t->ops[i].expect_first = 0;
             return Tidy(t);
           });
  return any;
}

bool Shrinker::Moments() {
  bool any = false;
  for (size_t i = 0; i < anchored_.schedule.decisions.size() && !Stopped(); i++) any |= MomentOf(i);
  return any;
}

// Moves a decision to the plainest moment that will do, the first of them.
bool Shrinker::MomentOf(size_t decision) {
  const Decision now = anchored_.schedule.decisions[decision];
  if (now.kind == DecisionKind::start) return false;
  Trace prefix = anchored_;
  prefix.schedule.decisions.resize(decision);
  std::vector<Moment> moments = MomentsBehind(lab_.executor(), prefix);
  std::sort(moments.begin(), moments.end(), [](const Moment& a, const Moment& b) {
    return std::pair(Rank(a), a.steps) < std::pair(Rank(b), b.steps);
  });
  const uint64_t since =
      moments.empty()
          ? 0
          : std::min_element(moments.begin(), moments.end(), [](const Moment& a, const Moment& b) {
              return a.steps < b.steps;
            })->steps;
  for (const Moment& moment : moments) {
    Decision moved;
    if (moment.has_anchor)
      moved = moment.anchor;
    else
      moved.steps = static_cast<uint32_t>(moment.steps - (decision == 0 ? 0 : since));
    moved.target = now.target;
    if (moved == now || Stopped()) return false;
    Trace candidate = anchored_;
    candidate.schedule.decisions[decision] = moved;
    tries_++;
    if (!lab_.Fails(&candidate) || SizeOf(candidate) > size_) continue;
    SetBest(std::move(candidate));
    return true;
  }
  return false;
}

}  // namespace highmem
