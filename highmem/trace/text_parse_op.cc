// Op lines of a text trace. (text_parser.h)
#include <algorithm>

#include "highmem/trace/check_trace.h"
#include "highmem/trace/helper_op.h"
#include "highmem/trace/text_parser.h"

namespace highmem {
namespace {

constexpr size_t kMaxExpects = 255;  // Op::expect_count

}  // namespace

bool TextParser::OpLine() {
  Op op;
  std::string_view variable;
  const Token first = lex_.token();
  Lexer ahead = lex_;
  ahead.Next();
  if (ahead.AtMark("=")) {
    if (!CheckNewName("a variable", {})) return false;
    if (pages_.contains(first.text))
      return FailFound("a variable name", Describe(first) + ", which is a page");
    variable = first.text;
    lex_ = ahead;
    lex_.Next();
    if (!TakeWord("an op", &op.code)) return false;
    if (Info(op.code).makes == Makes::none)
      return FailAt({line_number_, first.column},
                    Concat("expected no variable, found '", variable, "', though ", WordOf(op.code),
                           " makes no map"));
  } else if (FindWord(first.text, &op.code)) {
    lex_.Next();
  } else {
    return FailLine();
  }
  for (const char letter : Info(op.code).args)
    if (!Argument(letter, &op)) return false;
  if (lex_.AtMark("->") && !Expectations(&op)) return false;
  if (!TakeEnd(op.expect_count == 0 ? "'->' or end of line" : "an outcome or end of line"))
    return false;
  if (!variable.empty() && !MadeVariable(variable, &op)) return false;
  op_spots_.push_back(line_spot_);
  out_.ops.push_back(op);
  out_.actors.back().op_count++;
  return true;
}

bool TextParser::MadeVariable(std::string_view name, Op* op) {
  Actor& actor = out_.actors.back();
  const auto [place, fresh] = vars_.try_emplace(name, static_cast<int>(vars_.size()));
  op->var = static_cast<int16_t>(place->second);
  if (!fresh) return true;
  if (vars_.size() > kMaxVars)
    return FailAt(line_spot_, Concat("expected at most ", kMaxVars, " variables, found one more"));
  actor.vars.emplace_back();
  if (VarName(out_, static_cast<ActorId>(out_.actors.size() - 1), op->var) != name)
    actor.vars.back() = name;
  return true;
}

bool TextParser::Argument(char letter, Op* op) {
  switch (letter) {
    case 'p': return PageArgument(op);
    case 'm': return PageOrVariable(op);
    case 'v': return VariableArgument(op);
    case 'x': return PageOrVariable(op) && CastOffset(op);
    case 't': return AnyTask(/*in_condition=*/false, out_.ops.size());
    case 'a': return TaskArgument(op);
    case 'i': return NumberArgument(op);
    case 'k': return SlotType(op);
    case 'h': return HelperArguments(op);
    default: break;
  }
  op->value = static_cast<int32_t>(out_.conds.size());
  out_.conds.emplace_back();
  return Condition(&out_.conds.back());
}

bool TextParser::PageArgument(Op* op) {
  if (lex_.AtWord("any")) return AnyPages(&op->any);
  int page = 0;
  if (!TakeKnown("a page", pages_, &page, {"any(...)"})) return false;
  op->page = static_cast<int16_t>(page);
  return true;
}

bool TextParser::AnyPages(uint32_t* mask) {
  lex_.Next();
  if (!TakeMark("(")) return false;
  do {
    if (*mask != 0) lex_.Next();
    const Token token = lex_.token();
    const Spot spot = Here();
    int page = 0;
    if (!TakeKnown("a page", pages_, &page)) return false;
    if (static_cast<size_t>(page) >= kAnyPages)
      return FailAt(spot, Concat("expected one of the first ", kAnyPages,
                                 " pages in any(...), found ", Describe(token)));
    if ((*mask >> page & 1) != 0)
      return FailAt(spot,
                    Concat("expected another page in any(...), found ", Describe(token), " again"));
    *mask |= 1u << page;
  } while (lex_.AtMark(","));
  if (!lex_.AtMark(")")) return Fail("',' or ')'");
  lex_.Next();
  return true;
}

bool TextParser::AtForeignVariable(const Op& op) const {
  const bool may = Info(op.code).takes('v') || Info(op.code).takes('x');
  if (!may || TakesOwnVariable(op.code) || lex_.token().kind != TokenKind::word) return false;
  Lexer ahead = lex_;
  ahead.Next();
  return ahead.AtMark(".");
}

// ACTOR.VARIABLE. Resolved when all actors are known.
bool TextParser::ForeignVariable(Op* op) {
  const Spot spot = Here();
  const Token actor = lex_.token();
  lex_.Next();
  lex_.Next();
  if (lex_.token().kind != TokenKind::word) return Fail("a variable");
  later_vars_.push_back({out_.ops.size(), actor, lex_.token(), spot});
  op->ref = 0;
  lex_.Next();
  return true;
}

bool TextParser::LaterVariables() {
  all_vars_.push_back(vars_);
  for (const LaterVariable& later : later_vars_) {
    const auto actor = actors_.find(later.actor.text);
    if (actor == actors_.end())
      return FailAt(later.spot, Concat("expected an actor, found ", Describe(later.actor)));
    const Names& vars = all_vars_[static_cast<size_t>(actor->second)];
    const auto var = vars.find(later.name.text);
    if (var == vars.end())
      return FailAt(later.spot, Concat("expected a variable of ", later.actor.text, ", found ",
                                       Describe(later.name)));
    out_.ops[later.op].actor = static_cast<uint8_t>(actor->second + 1);
    out_.ops[later.op].ref = static_cast<int16_t>(var->second);
  }
  return true;
}

bool TextParser::PageOrVariable(Op* op) {
  if (AtForeignVariable(*op)) return ForeignVariable(op);
  const auto var = vars_.find(lex_.token().text);
  if (lex_.token().kind == TokenKind::word && var != vars_.end()) {
    op->ref = static_cast<int16_t>(var->second);
    lex_.Next();
    return true;
  }
  int page = 0;
  WordList variables;
  for (const auto& [name, unused] : vars_) variables.push_back(name);
  std::sort(variables.begin(), variables.end());
  if (!TakeKnown("a page or a variable made before", pages_, &page, variables)) return false;
  op->page = static_cast<int16_t>(page);
  return true;
}

bool TextParser::VariableArgument(Op* op) {
  if (AtForeignVariable(*op)) {
    if (!ForeignVariable(op)) return false;
  } else {
    int var = 0;
    if (!TakeKnown("a variable made before", vars_, &var)) return false;
    op->ref = static_cast<int16_t>(var);
  }
  return !TakesOffset(op->code) || Offset(out_.profile.page_size - 1, op);
}

// An address beyond the map's page is a mistake that can be made.
bool TextParser::CastOffset(Op* op) {
  return op->ref < 0 || Offset(2 * out_.profile.page_size - 1, op);
}

// +OFFSET, or nothing.
bool TextParser::Offset(int last, Op* op) {
  if (!lex_.AtMark("+")) return true;
  lex_.Next();
  uint64_t offset = 0;
  if (!TakeNumber("an offset", 0, static_cast<uint64_t>(last), &offset)) return false;
  op->offset = static_cast<uint16_t>(offset);
  return true;
}

// Resolved when all actors are known.
bool TextParser::AnyTask(bool in_condition, size_t index) {
  if (lex_.token().kind != TokenKind::word) return Fail("a task");
  later_tasks_.push_back({in_condition, index, lex_.token(), Here()});
  lex_.Next();
  return true;
}

bool TextParser::LaterTasks() {
  const Names tasks = Tasks(out_.actors.size());
  for (const LaterTask& later : later_tasks_) {
    const auto found = tasks.find(later.name.text);
    if (found == tasks.end()) {
      WordList words;
      for (const auto& [name, unused] : tasks) words.push_back(name);
      std::sort(words.begin(), words.end());
      return FailWordAt(later.spot, "a task", words, later.name);
    }
    const auto task = static_cast<ActorId>(found->second);
    (later.in_condition ? out_.conds[later.index].who : out_.ops[later.index].actor) = task;
  }
  return true;
}

bool TextParser::TaskArgument(Op* op) {
  int actor = 0;
  if (!TakeKnown("a task declared before this one", Tasks(out_.actors.size() - 1), &actor))
    return false;
  op->actor = static_cast<uint8_t>(actor);
  return true;
}

// In the era that has slots of fixed use; nothing elsewhere.
bool TextParser::SlotType(Op* op) {
  KmType type = KmType::kCount;
  if (!out_.profile.is_era(Era::kE1Slots)) return true;
  if (!TakeWord("a slot", &type)) return false;
  op->value = static_cast<int32_t>(type);
  return true;
}

// A page, and +OFFSET where the helper has one.
bool TextParser::HelperPage(bool has_offset, int* page, uint32_t* offset) {
  if (!TakeKnown("a page", pages_, page)) return false;
  if (!has_offset || !lex_.AtMark("+")) return true;
  lex_.Next();
  return HelperNumber("an offset", offset);
}

bool TextParser::HelperNumber(const char* what, uint32_t* number) {
  uint64_t value = 0;
  if (!TakeNumber(what, 0, 2 * static_cast<uint64_t>(out_.profile.page_size), &value)) return false;
  *number = static_cast<uint32_t>(value);
  return true;
}

bool TextParser::HelperArguments(Op* op) {
  const HelperForm form = HelperFormOf(op->code);
  int page = 0, source = 0;
  uint32_t offset = 0, source_offset = 0, length = 0;
  Segment first{}, second{};
  uint64_t byte = 0;
  if (!HelperPage(form.offset, &page, &offset)) return false;
  if (form.source && !HelperPage(form.source_offset, &source, &source_offset)) return false;
  if (form.byte && !TakeNumber("a byte", 0, 255, &byte)) return false;
  if (form.length && !HelperNumber("a length", &length)) return false;
  if (form.segments &&
      !(HelperNumber("a start", &first.start) && HelperNumber("an end", &first.end) &&
        HelperNumber("a start", &second.start) && HelperNumber("an end", &second.end)))
    return false;
  op->page = static_cast<int16_t>(page);
  op->offset = static_cast<uint16_t>(offset);
  SetSourcePage(op, source);
  SetSourceOffset(op, source_offset);
  SetLength(op, length);
  op->value = static_cast<int32_t>(byte);
  if (form.segments) SetSegments(op, first, second);
  return true;
}

bool TextParser::NumberArgument(Op* op) {
  const Profile& p = out_.profile;
  uint64_t value = 0;
  bool taken = false;
  if (op->code == OpCode::store || op->code == OpCode::device_store)
    taken = TakeNumber("a byte", 0, 255, &value);
  else if (op->code == OpCode::vmap || op->code == OpCode::vm_map_ram)
    taken = TakeNumber("a number of pages", 1, static_cast<uint64_t>(p.vmap_pages), &value);
  else if (op->code == OpCode::fill)
    taken = TakeNumber("a number of pages", 1, static_cast<uint64_t>(p.high_pages), &value);
  else if (op->code == OpCode::cpu_down || op->code == OpCode::cpu_up)
    taken = TakeNumber("a CPU", 0, static_cast<uint64_t>(p.cpus) - 1, &value);
  else
    taken = TakeNumber("a slot", 0, static_cast<uint64_t>(p.last_pkmap) - 1, &value);
  op->value = static_cast<int32_t>(value);
  return taken;
}

bool TextParser::Expectations(Op* op) {
  lex_.Next();
  op->expect_first = static_cast<uint32_t>(out_.expects.size());
  do {
    const bool alternative = op->expect_count > 0 && lex_.AtMark("|");
    if (alternative) lex_.Next();
    if (op->expect_count == kMaxExpects)
      return Fail(Concat("end of line after ", kMaxExpects, " outcomes"));
    if (!Expectation(*op, alternative)) return false;
    op->expect_count++;
  } while (!lex_.AtEnd());
  return true;
}

bool TextParser::FailOutcome() {
  WordList words;
  WordList forms;
  for (size_t k = 0; k < WordsOf<ExpectKind>().size(); k++) {
    const auto kind = static_cast<ExpectKind>(k);
    forms.push_back(FormText(kind));
    if (kind != ExpectKind::byte) words.push_back(WordOf(kind));
  }
  const bool word = lex_.token().kind == TokenKind::word;
  const bool guess = word && !NearestWord(lex_.token().text, words).empty();
  return FailWord("an outcome", guess ? words : forms);
}

bool TextParser::Expectation(const Op& op, bool alternative) {
  const Spot spot = Here();
  Expect expect;
  expect.alternative = alternative;
  if (lex_.token().kind == TokenKind::number) {
    expect.kind = ExpectKind::byte;
  } else if (lex_.token().kind != TokenKind::word || lex_.AtWord("byte") ||
             !FindWord(lex_.token().text, &expect.kind)) {
    return FailOutcome();
  } else {
    lex_.Next();
  }
  const ExpectForm form = FormOf(expect.kind);
  if (form == ExpectForm::slot && !(TakeMark(":") && TakeInt("a slot", &expect.value)))
    return false;
  if (form == ExpectForm::page && !(TakeMark(":") && TakeKnown("a page", pages_, &expect.value)))
    return false;
  if (form == ExpectForm::number && !(TakeMark("=") && TakeInt("a number", &expect.value)))
    return false;
  if (form == ExpectForm::byte && !TakeInt("a byte", &expect.value)) return false;
  if (form == ExpectForm::site) {
    Site site = Site::kCount;
    if (!TakeMark(":") || !TakeWord("a site", &site)) return false;
    expect.value = static_cast<int32_t>(site);
  }
  const std::string wrong = WrongExpectation(out_, op, expect);
  if (!wrong.empty()) return FailAt(spot, wrong);
  out_.expects.push_back(expect);
  return true;
}

bool TextParser::Condition(Cond* cond) {
  if (!TakeWord("a condition", &cond->quantity)) return false;
  if (FormOf(cond->quantity) != QuantityForm::plain) {
    if (!TakeMark("(") || !CondOperands(cond) || !TakeMark(")")) return false;
  }
  const bool compares = lex_.token().kind == TokenKind::mark &&
                        (lex_.AtMark("=") || FindWord(lex_.token().text, &cond->compare));
  if (!compares) return Fail(Concat("one of ", OneOf(WordsOf<Compare>())));
  lex_.Next();
  return TakeInt("a number", &cond->value);
}

bool TextParser::CondOperands(Cond* cond) {
  const Quantity q = cond->quantity;
  if (TakesPage(q)) {
    int page = 0;
    if (!TakeKnown("a page", pages_, &page)) return false;
    cond->page = static_cast<int16_t>(page);
  }
  if (TakesTask(q)) {
    const bool later = section_ == Section::actors;  // a check; verdicts stand behind all tasks
    if (!(later ? AnyTask(true, out_.conds.size() - 1) : TakeTask(&cond->who))) return false;
  }
  if (TakesCpu(q) && !TakeCpu(&cond->who)) return false;
  if (!TakesOffset(q) && !TakesSlot(q)) return true;
  const Profile& p = out_.profile;
  const bool compound = cond->page >= 0 && out_.pages[static_cast<size_t>(cond->page)].order != 0;
  const int bytes = p.page_size << (compound ? 1 : 0);
  const int last = (TakesSlot(q) ? p.km_max_idx : bytes) - 1;
  uint64_t number = 0;
  if (!TakeMark(",") ||
      !TakeNumber(TakesSlot(q) ? "a slot" : "an offset", 0, static_cast<uint64_t>(last), &number))
    return false;
  cond->offset = static_cast<uint16_t>(number);
  return true;
}

}  // namespace highmem
