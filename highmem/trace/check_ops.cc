// The programs of a trace: operands, variables, expectations. (check_trace.h)
#include "highmem/trace/check_parts.h"
#include "highmem/trace/helper_op.h"

namespace highmem {
namespace {

using Where = TraceProblem::Where;

class OpChecker {
 public:
  OpChecker(const Trace& trace, TraceProblem* problem) : t_(trace), problem_(problem) {}

  bool Run();

 private:
  template <typename... Parts>
  bool Fail(const Parts&... parts) {
    const std::string name =
        op_ != nullptr && HasWord(op_->code) ? Concat(" ", WordOf(op_->code)) : std::string();
    return highmem::Fail(problem_, Where::op, t_.actors[actor_].first_op + index_,
                         ActorName(t_, actor_), ".", index_ + 1, name, ": ", parts...);
  }

  bool Program();
  bool OneOp();
  bool Available();
  bool Unused();
  bool Helper();
  bool PageOperand();
  bool Reference();
  bool ForeignReference();
  bool Number();
  bool Partner();
  bool Child();
  bool Condition();
  bool Place();
  bool Makes();
  bool Expects();

  bool TakesSlotType() const { return takes('k') && t_.profile.is_era(Era::kE1Slots); }
  bool takes(char letter) const { return Info(op_->code).takes(letter); }
  bool PageInRange(int page) const {
    return page >= 0 && static_cast<size_t>(page) < t_.pages.size();
  }

  const Trace& t_;
  TraceProblem* problem_;
  ActorId actor_ = 0;
  uint32_t index_ = 0;
  const Op* op_ = nullptr;
  int made_ = 0;          // variables of the actor made so far
  uint32_t expects_ = 0;  // of the trace, so far
  int32_t conds_ = 0;
  uint32_t forked_ = 0;  // mask of actors
};

bool OpChecker::Run() {
  for (size_t a = 0; a < t_.actors.size(); a++) {
    actor_ = static_cast<ActorId>(a);
    if (!Program()) return false;
  }
  if (expects_ != t_.expects.size())
    return highmem::Fail(problem_, Where::trace, 0, "the ops have ", expects_,
                         " expectations, the trace ", t_.expects.size());
  if (static_cast<size_t>(conds_) != t_.conds.size())
    return highmem::Fail(problem_, Where::trace, 0, "the ops have ", conds_,
                         " conditions, the trace ", t_.conds.size());
  return true;
}

bool OpChecker::Program() {
  const Actor& actor = t_.actors[actor_];
  made_ = 0;
  for (index_ = 0; index_ < actor.op_count; index_++) {
    op_ = &t_.op(actor_, index_);
    if (!OneOp()) return false;
  }
  if (static_cast<size_t>(made_) == actor.vars.size()) return true;
  return highmem::Fail(problem_, Where::actor, actor_, ActorName(t_, actor_), " makes ", made_,
                       " of its ", actor.vars.size(), " variables");
  return false;
}

bool OpChecker::OneOp() {
  if (!HasWord(op_->code))
    return Fail("expected an op, found number ", static_cast<int>(op_->code));
  return Available() && Unused() && PageOperand() && Reference() && Number() && Partner() &&
         Condition() && Place() && Makes() && Expects();
}

bool OpChecker::Available() {
  const std::string_view needs = OpNeeds(t_.profile, op_->code);
  return needs.empty() ||
         Fail("expected a profile with ", needs, ", found '", t_.profile.name, "' without");
}

// Fields that this op does not use must not tell two equal traces apart.
bool OpChecker::Unused() {
  const Op plain;
  if (takes('h')) return Helper();
  const bool page = takes('p') || takes('m') || takes('x');
  const bool offset = (takes('v') && TakesOffset(op_->code)) || (takes('x') && op_->ref >= 0);
  if ((!page && op_->page != plain.page) || (!takes('p') && op_->any != plain.any) ||
      (!takes('v') && !takes('m') && !takes('x') && op_->ref != plain.ref) ||
      (!takes('a') && !takes('t') && !IsForeign(*op_) && op_->actor != plain.actor) ||
      (!takes('i') && !takes('c') && !TakesSlotType() && op_->value != plain.value) ||
      (!offset && op_->offset != plain.offset) ||
      (op_->expect_count == 0 && op_->expect_first != 0) || op_->reserved != 0)
    return Fail("a field that it does not use is set");
  return true;
}

bool OpChecker::Helper() {
  const HelperForm form = HelperFormOf(op_->code);
  Op plain;
  plain.code = op_->code;
  plain.page = op_->page;
  plain.expect_count = op_->expect_count;
  plain.expect_first = op_->expect_first;
  if (form.offset) plain.offset = op_->offset;
  if (form.source) SetSourcePage(&plain, SourcePageOf(*op_));
  if (form.source_offset) SetSourceOffset(&plain, SourceOffsetOf(*op_));
  if (form.length) SetLength(&plain, LengthOf(*op_));
  if (form.byte) plain.value = op_->value;
  if (form.segments) SetSegments(&plain, FirstSegmentOf(*op_), SecondSegmentOf(*op_));
  if (!(plain == *op_) || (op_->expect_count == 0 && op_->expect_first != 0))
    return Fail("a field that it does not use is set");
  for (const int page : {static_cast<int>(op_->page), form.source ? SourcePageOf(*op_) : 0})
    if (!PageInRange(page))
      return Fail("expected a page from 0 to ", static_cast<int>(t_.pages.size()) - 1, ", found ",
                  page);
  if (form.byte && (op_->value < 0 || op_->value > kMaxByte))
    return Fail("expected a byte from 0 to ", kMaxByte, ", found ", op_->value);
  const auto most = 2 * static_cast<uint32_t>(t_.profile.page_size);
  for (const uint32_t n : {static_cast<uint32_t>(plain.offset), plain.any >> 16, plain.any & 0xffff,
                           form.segments ? static_cast<uint32_t>(plain.value) : 0})
    if (n > most) return Fail("expected at most ", most, " bytes, found ", n);
  return true;
}

bool OpChecker::PageOperand() {
  if (!takes('p') && !takes('m') && !takes('x')) return true;
  if (!takes('p') && op_->ref >= 0)
    return op_->page == -1 || Fail("expected a page or a variable, found both");
  if (takes('p') && op_->any != 0) {
    if (op_->page != -1) return Fail("expected a page or any(...), found both");
    if (op_->code == OpCode::set_page_address) return Fail("expected a low page, found any(...)");
    if (op_->code == OpCode::decrease_reservation) return Fail("expected a page, found any(...)");
    const size_t pages = t_.pages.size();
    if (pages < kAnyPages && (op_->any >> pages) != 0)
      return Fail("expected any(...) of the ", pages, " pages declared, found another");
    if (op_->code == OpCode::kmap_high_get)
      for (size_t p = 0; p < pages && p < kAnyPages; p++)
        if ((op_->any >> p & 1) != 0 && !t_.pages[p].high)
          return Fail("expected high pages, found '", PageName(t_, static_cast<int>(p)), "'");
    return true;
  }
  if (PageInRange(op_->page)) {
    const bool high = t_.pages[op_->page].high;
    const bool wants_high = op_->code == OpCode::kmap_high_get ||
                            op_->code == OpCode::kunmap_high ||
                            op_->code == OpCode::decrease_reservation;
    if (wants_high && !high)
      return Fail("expected a high page, found '", PageName(t_, op_->page), "'");
    if (op_->code != OpCode::set_page_address || !high) return true;
    return Fail("expected a low page, found '", PageName(t_, op_->page), "'");
  }
  if (t_.pages.empty()) return Fail("expected a page, found none declared");
  return Fail("expected a page from 0 to ", t_.pages.size() - 1, ", found ", op_->page);
}

bool OpChecker::Reference() {
  if (takes('h') || (!takes('v') && op_->ref < 0)) return true;
  if (IsForeign(*op_)) {
    if (!ForeignReference()) return false;
  } else if (op_->ref < 0 || op_->ref >= made_) {
    return Fail("expected a variable made before, found number ", op_->ref, " of ", made_);
  }
  const int end = takes('x') ? 2 * t_.profile.page_size : t_.profile.page_size;
  if (op_->offset >= end)
    return Fail("expected an offset from 0 to ", end - 1, ", found ", op_->offset);
  return true;
}

// When it is made, and whether, is up to the schedule.
bool OpChecker::ForeignReference() {
  const size_t owner = op_->actor - 1u;
  if (TakesOwnVariable(op_->code) || owner == actor_ || owner >= t_.actors.size())
    return Fail("expected a variable of ",
                TakesOwnVariable(op_->code) ? "its own" : "another actor", ", found one of ",
                DescribeActor(t_, owner));
  const size_t vars = t_.actors[owner].vars.size();
  return static_cast<size_t>(op_->ref) < vars ||
         Fail("expected a variable of ", ActorName(t_, static_cast<ActorId>(owner)),
              ", found number ", op_->ref, " of ", vars);
}

bool OpChecker::Number() {
  if (TakesSlotType())
    return (op_->value >= 0 && op_->value < kKmTypes) ||
           Fail("expected a slot, found number ", op_->value);
  if (!takes('i')) return true;
  const Profile& p = t_.profile;
  const char* what = "a slot";
  int min = 0;
  int max = p.last_pkmap - 1;
  if (op_->code == OpCode::store || op_->code == OpCode::device_store) {
    what = "a byte";
    max = kMaxByte;
  } else if (op_->code == OpCode::vmap || op_->code == OpCode::vm_map_ram) {
    what = "a number of pages";
    min = 1;
    max = p.vmap_pages;
  } else if (op_->code == OpCode::fill) {
    what = "a number of pages";
    min = 1;
    max = p.high_pages;
  } else if (op_->code == OpCode::cpu_down || op_->code == OpCode::cpu_up) {
    what = "a CPU";
    max = p.cpus - 1;
  }
  return (op_->value >= min && op_->value <= max) ||
         Fail("expected ", what, " from ", min, " to ", max, ", found ", op_->value);
}

bool OpChecker::Partner() {
  if (takes('t')) return Child();
  if (!takes('a')) return true;
  if (op_->actor < actor_ && t_.actors[op_->actor].kind == ActorKind::task) return true;
  const std::string found = DescribeActor(t_, op_->actor);
  return Fail("expected a task declared before ", ActorName(t_, actor_), ", found ", found);
}

// A task is forked once, and not by itself.
bool OpChecker::Child() {
  const uint8_t child = op_->actor;
  const std::string found = DescribeActor(t_, child);
  if (child >= t_.actors.size() || child == actor_ || t_.actors[child].kind != ActorKind::task)
    return Fail("expected another task, found ", found);
  if ((forked_ >> child & 1) != 0)
    return Fail("expected a task that nobody has forked, found ", found, " again");
  forked_ |= 1u << child;
  return true;
}

bool OpChecker::Condition() {
  if (!takes('c')) return true;
  if (op_->value != conds_ || static_cast<size_t>(conds_) >= t_.conds.size())
    return Fail("expected condition number ", conds_, ", found ", op_->value);
  const std::string wrong = WrongCond(t_, t_.conds[static_cast<size_t>(conds_++)]);
  return wrong.empty() || Fail(wrong);
}

// Where in which program the op may stand.
bool OpChecker::Place() {
  const Actor& actor = t_.actors[actor_];
  const bool hands_over = op_->code == OpCode::post || op_->code == OpCode::take;
  const bool handler = actor.kind != ActorKind::task;
  const bool tasks_only = hands_over || op_->code == OpCode::loop || op_->code == OpCode::fork ||
                          op_->code == OpCode::cpu_down || op_->code == OpCode::cpu_up;
  if (handler && tasks_only) return Fail("expected it in a task, found it in a handler");
  if (!handler && op_->code == OpCode::iret)
    return Fail("expected it in a handler, found it in a task");
  if (op_->code == OpCode::loop && index_ + 1 != actor.op_count)
    return Fail("expected it as the last op, found another op behind it");
  const bool loops = actor.op_count > 0 && t_.op(actor_, actor.op_count - 1).code == OpCode::loop;
  if (loops && (hands_over || op_->code == OpCode::fill || op_->code == OpCode::fork))
    return Fail("expected a program without 'loop', found one that repeats it");
  return true;
}

bool OpChecker::Makes() {
  if (op_->var < 0) return op_->var == -1 || Fail("expected a variable, found ", op_->var);
  if (Info(op_->code).makes == Makes::none)
    return Fail("expected no variable, found one, though it makes no map");
  const auto vars = t_.actors[actor_].vars.size();
  if (op_->var > made_ || static_cast<size_t>(op_->var) >= vars)
    return Fail("expected variable number ", made_, " next, found ", op_->var);
  if (op_->var == made_) made_++;
  return true;
}

bool OpChecker::Expects() {
  if (op_->expect_count == 0) return true;
  if (op_->expect_first != expects_ || t_.expects.size() - expects_ < op_->expect_count)
    return Fail("its expectations do not follow those of the op before it");
  for (uint32_t i = 0; i < op_->expect_count; i++) {
    const Expect& expect = t_.expects[expects_ + i];
    if (i == 0 && expect.alternative)
      return Fail("expected an expectation before the first '|', found none");
    const std::string wrong = WrongExpectation(t_, *op_, expect);
    if (!wrong.empty()) return Fail(wrong);
  }
  expects_ += op_->expect_count;
  return true;
}

}  // namespace

bool CheckPrograms(const Trace& trace, TraceProblem* problem) {
  return OpChecker(trace, problem).Run();
}

std::string_view OpNeeds(const Profile& profile, OpCode code) {
  if (IsHelper(code))
    return profile.high_get == 0 && profile.high_pages != 0 ? "" : "highmem and high_get=0";
  switch (code) {
    case OpCode::kmap_high_get:
    case OpCode::kunmap_high: return profile.high_get != 0 ? "" : "high_get=1";
    case OpCode::kmap_atomic_pfn: return profile.high_pages != 0 ? "" : "highmem";
    case OpCode::kmap_local_pfn:
      if (profile.high_pages == 0) return "highmem";
      [[fallthrough]];
    case OpCode::kmap_local_page:
    case OpCode::kunmap_local:
    case OpCode::is_kmap_addr: return profile.is_era(Era::kE3Local) ? "" : "era=2";
    case OpCode::kmap_to_page: return profile.is_era(Era::kE1Slots) ? "era=1 or era=2" : "";
    case OpCode::vmap:
    case OpCode::vunmap:
    case OpCode::vm_map_ram:
    case OpCode::vm_unmap_ram:
    case OpCode::vm_unmap_aliases:
    case OpCode::drain_vmap_area_work: return profile.vmap_pages != 0 ? "" : "vmap_pages above 0";
    case OpCode::vm_insert_page: return profile.cache_is_vivt() ? "cache other than 3" : "";
    case OpCode::arch_enter_lazy_mmu_mode:
    case OpCode::arch_leave_lazy_mmu_mode: return profile.paravirt != 0 ? "" : "paravirt=1";
    case OpCode::flush_dcache_page: return profile.setter_hook != 0 ? "" : "setter_hook=1";
    default: return "";
  }
}

std::string DescribeActor(const Trace& trace, size_t actor) {
  return actor < trace.actors.size()
             ? Concat("'", ActorName(trace, static_cast<ActorId>(actor)), "'")
             : Concat("number ", actor);
}

std::string WrongCond(const Trace& trace, const Cond& cond) {
  if (!HasWord(cond.quantity) || !HasWord(cond.compare)) return "the condition is of no known kind";
  const Quantity q = cond.quantity;
  const Profile& p = trace.profile;
  if (!TakesPage(q) && cond.page != -1)
    return Concat("expected no page behind ", WordOf(q), ", found ", cond.page);
  if (TakesPage(q) && (cond.page < 0 || static_cast<size_t>(cond.page) >= trace.pages.size()))
    return Concat("expected a declared page in ", WordOf(q), "(...), found ", cond.page);
  if (!TakesTask(q) && !TakesCpu(q) && cond.who != 0)
    return Concat("expected no actor or CPU behind ", WordOf(q), ", found ", cond.who);
  if (TakesTask(q) &&
      (cond.who >= trace.actors.size() || trace.actors[cond.who].kind != ActorKind::task))
    return Concat("expected a task in ", WordOf(q), "(...), found ",
                  DescribeActor(trace, cond.who));
  if (TakesCpu(q) && cond.who >= p.cpus)
    return Concat("expected a CPU from 0 to ", p.cpus - 1, ", found ", cond.who);
  if (!TakesOffset(q) && !TakesSlot(q) && cond.offset != 0)
    return Concat("expected no offset behind ", WordOf(q), ", found ", cond.offset);
  const int bytes =
      cond.page < 0 ? 0 : p.page_size << trace.pages[static_cast<size_t>(cond.page)].order;
  if (TakesOffset(q) && cond.offset >= bytes)
    return Concat("expected an offset from 0 to ", bytes - 1, ", found ", cond.offset);
  if (TakesSlot(q) && cond.offset >= p.km_max_idx)
    return Concat("expected a slot from 0 to ", p.km_max_idx - 1, ", found ", cond.offset);
  return {};
}

}  // namespace highmem
