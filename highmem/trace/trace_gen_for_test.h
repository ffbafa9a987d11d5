// Arbitrary valid traces for tests of the codecs: every op, form and kind that CheckTrace lets
// pass, with no regard to sense. The same seed gives the same traces.
#ifndef HIGHMEM_TRACE_TRACE_GEN_FOR_TEST_H_
#define HIGHMEM_TRACE_TRACE_GEN_FOR_TEST_H_

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "highmem/machine/cache.h"
#include "highmem/trace/check_trace.h"
#include "highmem/trace/helper_gen_for_test.h"
#include "highmem/trace/trace.h"
#include "highmem/trace/words.h"

namespace highmem {

class TraceGenerator {
 public:
  explicit TraceGenerator(uint64_t seed) : random_(seed) {}

  Trace Next() {
    t_ = Trace();
    MakeProfile();
    MakePages();
    t_.misuse = OneIn(2);
    for (size_t n = Below(4); n > 0; n--) t_.ignored.push_back(AnyDiagnosis());
    for (size_t n = 1 + Below(6); n > 0; n--) MakeActor();
    forked_ = 0;
    for (size_t a = 0; a < t_.actors.size(); a++) MakeProgram(static_cast<ActorId>(a));
    if (OneIn(3)) MakeForeign();
    MakeSchedule();
    MakeVerdicts();
    if (OneIn(2)) Rename();
    return t_;
  }

 private:
  size_t Below(size_t n) { return n == 0 ? 0 : random_() % n; }
  bool OneIn(size_t n) { return Below(n) == 0; }
  int Between(int min, int max) {
    return min + static_cast<int>(Below(static_cast<size_t>(max - min) + 1));
  }
  template <typename E>
  E AnyOf() {
    return static_cast<E>(Below(WordsOf<E>().size()));
  }
  int32_t AnyNumber() {
    switch (Below(4)) {
      case 0: return static_cast<int32_t>(random_());
      case 1: return std::numeric_limits<int32_t>::min();
      case 2: return -1;
      default: return static_cast<int32_t>(Below(10));
    }
  }

  void MakeProfile() {
    t_.profile = NamedProfiles()[Below(NamedProfiles().size())];
    std::string unused;
    for (size_t n = Below(5); n > 0; n--) {
      const ProfileField& field = ProfileFields()[Below(ProfileFields().size())];
      Profile changed = t_.profile;
      const long value = field.power_of_two ? 1L << Below(13) : Between(field.min, field.max);
      if (SetProfileField(&changed, field.name, value, &unused) && CheckProfile(changed, &unused))
        t_.profile = changed;
    }
  }

  void MakePages() {
    int low = 0;
    int high = 0;
    const size_t wanted = OneIn(10) ? 40 : Below(7);
    for (size_t i = 0; i < wanted; i++) {
      PageDecl page;
      page.high = !OneIn(3);
      int& count = page.high ? high : low;
      if (count == FramesOf(t_.profile, page)) continue;
      Frame(t_.profile, &count, OneIn(5), &page);
      t_.pages.push_back(page);
    }
    free_high_ = t_.profile.high_pages - high;
    rotates_ = false;
  }

  void MakeActor() {
    Actor actor;
    actor.cpu = static_cast<CpuId>(Below(static_cast<size_t>(t_.profile.cpus)));
    if (OneIn(3)) {
      actor.kind = static_cast<ActorKind>(1 + Below(WordsOf<ActorKind>().size() - 1));
      actor.runs = static_cast<uint16_t>(Between(1, OneIn(5) ? 65535 : 3));
    }
    t_.actors.push_back(actor);
  }

  void MakeProgram(ActorId a) {
    Actor& actor = t_.actors[a];
    const bool loops = actor.kind == ActorKind::task && OneIn(4);
    actor.first_op = static_cast<uint32_t>(t_.ops.size());
    for (size_t n = OneIn(20) ? 300 : Below(10); n > 0; n--) MakeOp(a, loops);
    Op loop;
    loop.code = OpCode::loop;
    if (loops) Append(a, loop);
  }

  void Append(ActorId a, const Op& op) {
    t_.ops.push_back(op);
    t_.actors[a].op_count++;
    if (OneIn(3)) MakeExpects(&t_.ops.back());
  }

  bool HasPlace(ActorId a, OpCode code, bool loops) const {
    const OpInfo& info = Info(code);
    const Actor& actor = t_.actors[a];
    const bool adds_up = code == OpCode::post || code == OpCode::take || code == OpCode::fork;
    const bool tasks_only = adds_up || code == OpCode::cpu_down || code == OpCode::cpu_up;
    if (code == OpCode::loop || (tasks_only && actor.kind != ActorKind::task)) return false;
    if (code == OpCode::iret && actor.kind == ActorKind::task) return false;
    if (loops && (adds_up || code == OpCode::fill)) return false;
    if (NamesPage(info) && t_.pages.empty()) return false;
    if (code == OpCode::set_page_address && PagesOf(false).empty()) return false;
    if (!OpNeeds(t_.profile, code).empty()) return false;
    const bool wants_high = IsHighGet(code) || code == OpCode::decrease_reservation;
    if (wants_high && PagesOf(true).empty()) return false;
    if (info.takes('v') && actor.vars.empty()) return false;
    if (info.takes('t') && Children(a).empty()) return false;
    return !info.takes('a') || (a > 0 && t_.actors[a - 1].kind == ActorKind::task);
  }

  static bool NamesPage(const OpInfo& info) {
    return info.takes('p') || info.takes('m') || info.takes('x') || info.takes('h');
  }

  static bool IsHighGet(OpCode code) {
    return code == OpCode::kmap_high_get || code == OpCode::kunmap_high;
  }

  std::vector<int> PagesOf(bool high) const {
    std::vector<int> pages;
    for (size_t p = 0; p < t_.pages.size(); p++)
      if (t_.pages[p].high == high) pages.push_back(static_cast<int>(p));
    return pages;
  }

  std::vector<ActorId> Tasks() const {
    std::vector<ActorId> tasks;
    for (size_t a = 0; a < t_.actors.size(); a++)
      if (t_.actors[a].kind == ActorKind::task) tasks.push_back(static_cast<ActorId>(a));
    return tasks;
  }

  // Whom the task may still fork.
  std::vector<ActorId> Children(ActorId parent) const {
    std::vector<ActorId> tasks = Tasks();
    std::erase_if(tasks, [&](ActorId a) { return a == parent || (forked_ >> a & 1) != 0; });
    return tasks;
  }

  template <typename T>
  T OneOf(const std::vector<T>& list) {
    return list[Below(list.size())];
  }

  // Does nothing where the op has no place.
  void MakeOp(ActorId a, bool loops) {
    Op op;
    op.code = AnyOf<OpCode>();
    const OpInfo& info = Info(op.code);
    Actor& actor = t_.actors[a];
    if (!HasPlace(a, op.code, loops)) return;
    if (NamesPage(info)) PickPage(actor, &op);
    if (info.takes('h'))
      PickHelper(t_, [this](int from, int to) { return Between(from, to); }, &op);
    if (info.takes('v')) op.ref = static_cast<int16_t>(Below(actor.vars.size()));
    if (info.takes('v') && TakesOffset(op.code))
      op.offset = static_cast<uint16_t>(Below(static_cast<size_t>(t_.profile.page_size)));
    if (info.takes('x') && op.ref >= 0 && OneIn(2))
      op.offset = static_cast<uint16_t>(Below(2 * static_cast<size_t>(t_.profile.page_size)));
    if (info.takes('a')) op.actor = static_cast<uint8_t>(a - 1);
    if (info.takes('t')) {
      op.actor = OneOf(Children(a));
      forked_ |= 1u << op.actor;
    }
    if (info.takes('i') && !PickNumber(&op)) return;
    if (info.takes('k') && t_.profile.is_era(Era::kE1Slots)) op.value = Between(0, kKmTypes - 1);
    if (info.takes('c')) MakeCond(&op);
    if (info.makes != Makes::none && !OneIn(4)) {
      op.var = static_cast<int16_t>(Below(actor.vars.size() + 1));
      if (static_cast<size_t>(op.var) == actor.vars.size()) actor.vars.emplace_back();
    }
    Append(a, op);
  }

  // Some ops name a variable of another actor instead.
  void MakeForeign() {
    for (size_t a = 0; a < t_.actors.size(); a++)
      for (uint32_t i = 0; i < t_.actors[a].op_count; i++) {
        Op& op = t_.ops[t_.actors[a].first_op + i];
        const size_t owner = Below(t_.actors.size());
        const OpInfo& info = Info(op.code);
        const bool may = op.ref >= 0 && (info.takes('v') || info.takes('x'));
        if (!may || TakesOwnVariable(op.code) || owner == a || t_.actors[owner].vars.empty())
          continue;
        op.actor = static_cast<uint8_t>(owner + 1);
        op.ref = static_cast<int16_t>(Below(t_.actors[owner].vars.size()));
      }
  }

  void PickPage(const Actor& actor, Op* op) {
    const bool map = !Info(op->code).takes('p');
    if (map && !actor.vars.empty() && OneIn(2)) {
      op->ref = static_cast<int16_t>(Below(actor.vars.size()));
      return;
    }
    op->page = static_cast<int16_t>(Below(t_.pages.size()));
    const bool high = IsHighGet(op->code) || op->code == OpCode::decrease_reservation;
    if (high || op->code == OpCode::set_page_address) {
      op->page = static_cast<int16_t>(OneOf(PagesOf(high)));
      return;
    }
    if (map || !OneIn(3)) return;
    const size_t pages = std::min<size_t>(t_.pages.size(), 32);
    op->any = static_cast<uint32_t>(1 + Below((uint64_t{1} << pages) - 1));
    op->page = -1;
  }

  bool PickNumber(Op* op) {
    if (op->code == OpCode::store) op->value = Between(0, 255);
    if (op->code == OpCode::cpu_down || op->code == OpCode::cpu_up)
      op->value = Between(0, t_.profile.cpus - 1);
    if (op->code == OpCode::vmap || op->code == OpCode::vm_map_ram)
      op->value = Between(1, t_.profile.vmap_pages);
    if (op->code == OpCode::fill) {
      if (free_high_ <= 0) return false;
      op->value = Between(1, std::min(free_high_, 3));
      free_high_ -= op->value;
    }
    if (op->code == OpCode::rotate) {
      const int cost = rotates_ ? 0 : t_.profile.last_pkmap + t_.profile.colours;
      if (free_high_ < cost) return false;
      free_high_ -= cost;
      rotates_ = true;
      op->value = Between(0, t_.profile.last_pkmap - 1);
    }
    return true;
  }

  Cond AnyCond() {
    Cond cond;
    do {
      cond.quantity = AnyOf<Quantity>();
    } while ((TakesPage(cond.quantity) && t_.pages.empty()) ||
             (TakesTask(cond.quantity) && Tasks().empty()));
    cond.compare = AnyOf<Compare>();
    if (TakesPage(cond.quantity)) cond.page = static_cast<int16_t>(Below(t_.pages.size()));
    if (TakesOffset(cond.quantity))
      cond.offset = static_cast<uint16_t>(Below(static_cast<size_t>(t_.profile.page_size)));
    if (TakesTask(cond.quantity)) cond.who = OneOf(Tasks());
    if (TakesCpu(cond.quantity)) cond.who = static_cast<uint8_t>(Between(0, t_.profile.cpus - 1));
    if (TakesSlot(cond.quantity))
      cond.offset = static_cast<uint16_t>(Between(0, t_.profile.km_max_idx - 1));
    cond.value = AnyNumber();
    return cond;
  }

  void MakeCond(Op* op) {
    op->value = static_cast<int32_t>(t_.conds.size());
    t_.conds.push_back(AnyCond());
  }

  void MakeExpects(Op* op) {
    op->expect_first = static_cast<uint32_t>(t_.expects.size());
    for (size_t n = 1 + Below(4); n > 0; n--) {
      Expect e;
      e.kind = AnyOf<ExpectKind>();
      const NumberRange range = RangeOf(t_.profile, e.kind);
      if (FormOf(e.kind) == ExpectForm::site)
        e.value = static_cast<int32_t>(AnyOf<Site>());
      else if (FormOf(e.kind) == ExpectForm::page)
        e.value = static_cast<int32_t>(Below(t_.pages.size()));
      else
        e.value = OneIn(4) ? range.max : Between(range.min, std::min(range.max, 1000));
      e.alternative = op->expect_count > 0 && OneIn(3);
      if (!WrongExpectation(t_, *op, e).empty()) continue;
      t_.expects.push_back(e);
      op->expect_count++;
    }
    if (op->expect_count == 0) op->expect_first = 0;
  }

  Diagnosis AnyDiagnosis() {
    static constexpr ExpectKind kinds[] = {ExpectKind::bug, ExpectKind::warn, ExpectKind::splat};
    return {kinds[Below(3)], AnyOf<Site>()};
  }

  ActorId AnyActor() { return static_cast<ActorId>(Below(t_.actors.size())); }

  Target AnyTarget() {
    static constexpr TargetKind kinds[] = {TargetKind::fill, TargetKind::evict, TargetKind::ipi,
                                           TargetKind::migrate, TargetKind::writeback};
    const auto lines = static_cast<size_t>(CacheLineCount(t_.profile));
    Target target;
    target.kind = OneIn(6) ? TargetKind::actor : kinds[Below(lines == 0 ? 4 : 5)];
    if (target.kind == TargetKind::migrate && Tasks().empty()) target.kind = TargetKind::actor;
    if (target.kind == TargetKind::actor) target.actor = AnyActor();
    if (target.kind == TargetKind::migrate) target.actor = OneOf(Tasks());
    if (target.kind == TargetKind::actor) return target;
    target.cpu = static_cast<CpuId>(Below(static_cast<size_t>(t_.profile.cpus)));
    if (target.kind == TargetKind::fill || target.kind == TargetKind::evict)
      target.where = static_cast<uint32_t>(Below(VpnCount(t_.profile)));
    if (target.kind == TargetKind::writeback) target.where = static_cast<uint32_t>(Below(lines));
    return target;
  }

  void MakeDecision() {
    Decision d;
    d.kind = AnyOf<DecisionKind>();
    if (d.kind != DecisionKind::after) d.actor = AnyActor();
    if (d.kind != DecisionKind::start) d.target = AnyTarget();
    if (d.kind == DecisionKind::after) d.steps = static_cast<uint32_t>(AnyNumber());
    if (d.kind == DecisionKind::at) {
      const uint32_t ops = t_.actors[d.actor].op_count;
      if (ops == 0) return;
      d.op = static_cast<uint16_t>(Below(ops));
      d.prim = static_cast<PrimKind>(1 + Below(WordsOf<PrimKind>().size() - 1));
      d.behind = Info(d.prim).after && OneIn(2);
      d.nth = static_cast<uint16_t>(OneIn(2) ? 1 : Between(1, 65535));
    }
    t_.schedule.decisions.push_back(d);
  }

  void MakeSchedule() {
    Schedule& s = t_.schedule;
    s.kind = AnyOf<ScheduleKind>();
    if (s.kind == ScheduleKind::decisions)
      for (size_t n = Below(8); n > 0; n--) MakeDecision();
    if (s.kind == ScheduleKind::random) {
      s.runs = static_cast<uint32_t>(std::max<uint64_t>(1, random_() >> (32 + Below(32))));
      s.seed = random_();
    }
    if (s.kind == ScheduleKind::order)
      for (size_t n = OneIn(3) ? 100 : Below(5); n > 0; n--)
        s.turns.push_back({AnyActor(), OneIn(2) ? 1 : static_cast<uint32_t>(Between(1, 1 << 30))});
  }

  void MakeVerdicts() {
    bool expects = false;
    for (size_t n = Below(6); n > 0; n--) {
      VerdictDecl v;
      v.kind = AnyOf<VerdictKind>();
      const bool expect = v.kind <= VerdictKind::expect_hang;
      if (v.kind == VerdictKind::expect_pass && (expects || n != 1)) continue;
      expects |= expect;
      switch (v.kind) {
        case VerdictKind::expect_id:
        case VerdictKind::forbid_id:
        case VerdictKind::allow_id: v.id = AnyOf<FindingId>(); break;
        case VerdictKind::expect_diagnosis: v.diagnosis = AnyDiagnosis(); break;
        case VerdictKind::forbid_cond:
        case VerdictKind::allow_cond:
        case VerdictKind::final_cond: v.cond = AnyCond(); break;
        default: break;
      }
      t_.verdicts.push_back(v);
    }
  }

  std::string AnyName() {
    if (OneIn(2)) return std::string(kGenWords[Below(std::size(kGenWords))]);
    std::string name = "n";
    for (size_t n = Below(31); n > 0; n--) name += "aZ_09"[Below(5)];
    return name;
  }

  void TryName(std::string* name) {
    if (OneIn(2)) *name = AnyName();
    if (std::string unused; !CheckTrace(t_, &unused)) name->clear();
  }

  void Rename() {
    for (PageDecl& page : t_.pages) TryName(&page.name);
    for (Actor& actor : t_.actors) {
      TryName(&actor.name);
      if (actor.vars.size() > 20) continue;
      for (std::string& var : actor.vars) TryName(&var);
    }
  }

  std::mt19937_64 random_;
  Trace t_;
  int free_high_ = 0;  // high frames that fill and rotate may still take
  bool rotates_ = false;
  uint32_t forked_ = 0;  // mask of actors
};

}  // namespace highmem

#endif  // HIGHMEM_TRACE_TRACE_GEN_FOR_TEST_H_
