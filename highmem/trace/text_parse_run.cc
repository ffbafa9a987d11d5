// Schedule and verdicts of a text trace. (text_parser.h)
#include <limits>

#include "highmem/machine/layout.h"
#include "highmem/trace/text_parser.h"

namespace highmem {
namespace {

constexpr uint64_t kMax16 = std::numeric_limits<uint16_t>::max();
constexpr uint64_t kMax32 = std::numeric_limits<uint32_t>::max();
constexpr uint64_t kMax64 = std::numeric_limits<uint64_t>::max();

}  // namespace

bool TextParser::ScheduleLine() {
  const bool again = section_ == Section::schedule;
  section_ = Section::schedule;
  lex_.Next();
  if (again) {
    if (out_.schedule.kind != ScheduleKind::order) return FailFound("one schedule", "a second one");
    if (!lex_.AtWord("order")) return Fail("'order', to go on with the order");
    return Turns();
  }
  schedule_spot_ = line_spot_;
  if (lex_.AtMark(":")) {
    lex_.Next();
    decisions_open_ = true;
    return TakeEnd("end of line, and a decision on the next");
  }
  ScheduleKind& kind = out_.schedule.kind;
  if (lex_.token().kind != TokenKind::word || lex_.AtWord("decisions") ||
      !FindWord(lex_.token().text, &kind))
    return FailWord("':' or a schedule", {"any", "random", "all", "order"});
  if (kind == ScheduleKind::order) return Turns();
  lex_.Next();
  if (kind == ScheduleKind::random) return RandomRuns();
  return TakeEnd("end of line");
}

bool TextParser::RandomRuns() {
  uint64_t runs = 0;
  if (!TakeNumber("a number of runs", 1, kMax32, &runs)) return false;
  out_.schedule.runs = static_cast<uint32_t>(runs);
  if (!lex_.AtWord("seed")) return Fail("'seed'");
  lex_.Next();
  return TakeNumber("a seed", 0, kMax64, &out_.schedule.seed) && TakeEnd("end of line");
}

bool TextParser::Turns() {
  lex_.Next();
  while (!lex_.AtEnd()) {
    Turn turn;
    if (!TakeActor(&turn.actor)) return false;
    if (lex_.AtMark("*")) {
      lex_.Next();
      uint64_t ops = 0;
      if (!TakeNumber("a number of ops", 1, kMax32, &ops)) return false;
      turn.ops = static_cast<uint32_t>(ops);
    }
    out_.schedule.turns.push_back(turn);
  }
  return true;
}

bool TextParser::DecisionLine() {
  Decision d;
  FindWord(lex_.token().text, &d.kind);
  if (d.kind == DecisionKind::at) lex_.AllowOccurrences();
  lex_.Next();
  if (d.kind == DecisionKind::start && !TakeActor(&d.actor)) return false;
  if (d.kind == DecisionKind::at && !Anchor(&d)) return false;
  if (d.kind == DecisionKind::after) {
    uint64_t steps = 0;
    if (!TakeNumber("a number of steps", 0, kMax32, &steps)) return false;
    d.steps = static_cast<uint32_t>(steps);
  }
  if (d.kind != DecisionKind::start && (!TakeMark("->") || !TakeTarget(&d.target))) return false;
  decision_spots_.push_back(line_spot_);
  out_.schedule.decisions.push_back(d);
  return TakeEnd("end of line");
}

// ACTOR.OP PRIM[+][#K]
bool TextParser::Anchor(Decision* d) {
  if (!TakeActor(&d->actor) || !TakeMark(".")) return false;
  const uint32_t ops = out_.actors[d->actor].op_count;
  if (ops == 0)
    return FailFound("an actor with ops",
                     Concat("'", ActorName(out_, d->actor), "', which has none"));
  uint64_t number = 0;
  if (!TakeNumber("an op number", 1, ops, &number)) return false;
  d->op = static_cast<uint16_t>(number - 1);
  const bool none = lex_.AtWord(WordOf(PrimKind::none));
  if (none || lex_.token().kind != TokenKind::word || !FindWord(lex_.token().text, &d->prim)) {
    WordList words(WordsOf<PrimKind>().begin() + 1, WordsOf<PrimKind>().end());
    return FailWord("a primitive", words);
  }
  lex_.Next();
  if (lex_.AtMark("+")) {
    if (!Info(d->prim).after)
      return FailFound("'->' or '#K'", Concat("'+', though ", WordOf(d->prim), " opens no window"));
    d->behind = true;
    lex_.Next();
  }
  if (!lex_.AtMark("#"))
    return lex_.AtMark("->") || Fail("'->', or '#K' right behind the primitive");
  lex_.Next();
  if (!TakeNumber("an occurrence", 1, kMax16, &number)) return false;
  d->nth = static_cast<uint16_t>(number);
  return true;
}

bool TextParser::TakeTarget(Target* target) {
  if (lex_.token().kind != TokenKind::word || !FindWord(lex_.token().text, &target->kind) ||
      target->kind == TargetKind::actor) {
    target->kind = TargetKind::actor;
    int actor = 0;
    if (!TakeKnown("a target", actors_, &actor, {"fill", "evict", "writeback", "ipi", "migrate"}))
      return false;
    target->actor = static_cast<ActorId>(actor);
    return true;
  }
  lex_.Next();
  if (target->kind == TargetKind::migrate && !TakeTask(&target->actor)) return false;
  if (!TakeCpu(&target->cpu)) return false;
  uint64_t line = 0;
  switch (target->kind) {
    case TargetKind::fill:
    case TargetKind::evict: return TakeVirtualPage(&target->where);
    case TargetKind::writeback:
      if (!TakeNumber("a cache line", 0, kMax32, &line)) return false;
      target->where = static_cast<uint32_t>(line);
      return true;
    default: return true;
  }
}

// pkmap:N, fix:CPU:SLOT or an address.
bool TextParser::TakeVirtualPage(uint32_t* vpn) {
  const Profile& p = out_.profile;
  const auto slots = static_cast<uint64_t>(p.last_pkmap);
  const auto per_cpu = static_cast<uint64_t>(p.window_pages());
  if (lex_.token().kind == TokenKind::number) return TakeAddress(vpn);
  const bool pkmap = lex_.AtWord("pkmap");
  const bool vmap = lex_.AtWord("vmap");
  if (!pkmap && !vmap && !lex_.AtWord("fix"))
    return Fail("pkmap:N, fix:CPU:SLOT, vmap:N or an address");
  lex_.Next();
  uint64_t slot = 0;
  CpuId cpu = 0;
  if (!TakeMark(":")) return false;
  if (pkmap) {
    if (!TakeNumber("a slot", 0, slots - 1, &slot)) return false;
    *vpn = static_cast<uint32_t>(slot);
    return true;
  }
  if (vmap) {
    const auto last = static_cast<uint64_t>(p.vmap_pages) - 1;
    if (p.vmap_pages == 0) return Fail("a profile with vmap_pages above 0");
    if (!TakeNumber("a page", 0, last, &slot)) return false;
    *vpn = static_cast<uint32_t>(slots + per_cpu * static_cast<uint64_t>(p.cpus) + slot);
    return true;
  }
  if (!TakeCpu(&cpu) || !TakeMark(":") || !TakeNumber("a slot", 0, per_cpu - 1, &slot))
    return false;
  *vpn = static_cast<uint32_t>(slots + per_cpu * cpu + slot);
  return true;
}

bool TextParser::TakeAddress(uint32_t* vpn) {
  const Profile& p = out_.profile;
  const uint64_t address = lex_.token().number;
  const auto size = static_cast<uint64_t>(p.page_size);
  const auto slots = static_cast<uint64_t>(p.last_pkmap);
  const uint64_t fix_slots =
      static_cast<uint64_t>(p.window_pages()) * static_cast<uint64_t>(p.cpus);
  const uint64_t page = address - address % size;
  const uint64_t base = PkmapBase(p);
  const uint64_t top = FixKmapBegin(p);
  if (address >= base && address < base + slots * size) {
    *vpn = static_cast<uint32_t>((address - base) / size);
  } else if (page <= top && page > top - fix_slots * size) {
    *vpn = static_cast<uint32_t>(slots + (top - page) / size);
  } else {
    return Fail("an address in the pkmap or fixmap window");
  }
  lex_.Next();
  return true;
}

bool TextParser::TakeDiagnosis(Diagnosis* diagnosis) {
  const bool known = lex_.token().kind == TokenKind::word &&
                     FindWord(lex_.token().text, &diagnosis->kind) &&
                     FormOf(diagnosis->kind) == ExpectForm::site;
  if (!known) return FailWord("a diagnosis", {"BUG", "WARN", "SPLAT"});
  lex_.Next();
  return TakeMark(":") && TakeWord("a site", &diagnosis->site);
}

bool TextParser::VerdictLine() {
  section_ = Section::verdicts;
  const std::string_view word = lex_.token().text;
  lex_.Next();
  if (word == "final") return FinalLine();
  verdict_spots_.push_back(line_spot_);
  out_.verdicts.emplace_back();
  bool taken = false;
  if (word == "expect")
    taken = ExpectLine();
  else if (word == "forbid")
    taken = ForbidOrAllow(VerdictKind::forbid_id, VerdictKind::forbid_cond);
  else
    taken = ForbidOrAllow(VerdictKind::allow_id, VerdictKind::allow_cond);
  return taken && TakeEnd("end of line");
}

bool TextParser::ExpectLine() {
  VerdictDecl& verdict = out_.verdicts.back();
  if (lex_.AtWord("BUG") || lex_.AtWord("WARN") || lex_.AtWord("SPLAT")) {
    verdict.kind = VerdictKind::expect_diagnosis;
    return TakeDiagnosis(&verdict.diagnosis);
  }
  if (lex_.AtWord("pass") || lex_.AtWord("HANG")) {
    verdict.kind = lex_.AtWord("pass") ? VerdictKind::expect_pass : VerdictKind::expect_hang;
    lex_.Next();
    return true;
  }
  verdict.kind = VerdictKind::expect_id;
  if (lex_.token().kind == TokenKind::word && FindWord(lex_.token().text, &verdict.id)) {
    lex_.Next();
    return true;
  }
  WordList words = {"pass", "HANG", "BUG", "WARN", "SPLAT"};
  words.insert(words.end(), WordsOf<FindingId>().begin(), WordsOf<FindingId>().end());
  return FailWord("a verdict", words);
}

bool TextParser::ForbidOrAllow(VerdictKind of_id, VerdictKind of_cond) {
  VerdictDecl& verdict = out_.verdicts.back();
  Quantity quantity = Quantity::kPageCount;
  const Token& token = lex_.token();
  if (token.kind == TokenKind::word && FindWord(token.text, &quantity)) {
    verdict.kind = of_cond;
    return Condition(&verdict.cond);
  }
  verdict.kind = of_id;
  if (token.kind == TokenKind::word && FindWord(token.text, &verdict.id)) {
    lex_.Next();
    return true;
  }
  WordList words(WordsOf<Quantity>().begin(), WordsOf<Quantity>().end());
  words.insert(words.end(), WordsOf<FindingId>().begin(), WordsOf<FindingId>().end());
  return FailWord("a condition or a finding id", words);
}

bool TextParser::FinalLine() {
  for (bool first = true; first || lex_.AtMark(","); first = false) {
    if (!first) lex_.Next();
    verdict_spots_.push_back(line_spot_);
    out_.verdicts.emplace_back();
    out_.verdicts.back().kind = VerdictKind::final_cond;
    if (!Condition(&out_.verdicts.back().cond)) return false;
  }
  return TakeEnd("',' or end of line");
}

}  // namespace highmem
