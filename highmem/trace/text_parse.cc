#include <algorithm>
#include <cstdint>
#include <utility>

#include "highmem/trace/check_trace.h"
#include "highmem/trace/text_parser.h"

namespace highmem {
namespace {

constexpr std::string_view kFirstLine = "#hm 1";

}  // namespace

std::string ParseError::Text() const {
  return Concat(file, ":", line, ":", column, ": ", sentence);
}

bool ParseTrace(std::string_view text, std::string_view file_name, Trace* out, ParseError* error) {
  out->Clear();
  if (TextParser(text, file_name, out, error).Run()) return true;
  out->Clear();
  return false;
}

bool TextParser::Run() {
  for (size_t begin = 0; begin <= text_.size();) {
    const size_t end = std::min(text_.find('\n', begin), text_.size());
    line_number_++;
    if (!Line(text_.substr(begin, end - begin))) return false;
    begin = end + 1;
  }
  if (section_ == Section::profile) return FailFound("a 'profile' line", "end of file");
  if (out_.actors.empty()) return FailFound("an actor", "end of file");
  return LaterTasks() && LaterVariables() && CheckWhole();
}

bool TextParser::Line(std::string_view line) {
  if (line_number_ == 1) {
    const std::string_view head = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    if (head == kFirstLine) return true;
    const std::string found = text_.empty() ? "an empty file" : Quote(head);
    return FailAt({1, 1}, Concat("expected '", kFirstLine, "', found ", found));
  }
  lex_ = Lexer(line);
  line_spot_ = Here();
  if (lex_.AtEnd()) return true;
  bool done = false;
  if (lex_.token().kind == TokenKind::word && (!Beginning(&done) || done)) return done;
  if (section_ == Section::actors && lex_.token().kind == TokenKind::word) return OpLine();
  return FailLine();
}

// Lines that begin with a keyword. False after an error; *done if the line was one of them.
bool TextParser::Beginning(bool* done) {
  struct Form {
    std::string_view word;
    Section first, last;  // sections after which it may stand
    bool (TextParser::*parse)();
  };
  using S = Section;
  static constexpr Form forms[] = {
      {"profile", S::profile, S::profile, &TextParser::ProfileLine},
      {"page", S::declarations, S::declarations, &TextParser::PageLine},
      {"lane", S::declarations, S::declarations, &TextParser::LaneLine},
      {"ignore", S::declarations, S::declarations, &TextParser::IgnoreLine},
      {"task", S::declarations, S::actors, &TextParser::ActorLine},
      {"softirq", S::declarations, S::actors, &TextParser::ActorLine},
      {"irq", S::declarations, S::actors, &TextParser::ActorLine},
      {"nmi", S::declarations, S::actors, &TextParser::ActorLine},
      {"fault", S::declarations, S::actors, &TextParser::ActorLine},
      {"schedule", S::actors, S::schedule, &TextParser::ScheduleLine},
      {"start", S::schedule, S::schedule, &TextParser::DecisionLine},
      {"at", S::schedule, S::schedule, &TextParser::DecisionLine},
      {"after", S::schedule, S::schedule, &TextParser::DecisionLine},
      {"expect", S::actors, S::verdicts, &TextParser::VerdictLine},
      {"forbid", S::actors, S::verdicts, &TextParser::VerdictLine},
      {"allow", S::actors, S::verdicts, &TextParser::VerdictLine},
      {"final", S::actors, S::verdicts, &TextParser::VerdictLine},
  };
  for (const Form& form : forms) {
    if (lex_.token().text != form.word || section_ < form.first || section_ > form.last) continue;
    if (form.parse == &TextParser::DecisionLine && !decisions_open_) continue;
    *done = (this->*form.parse)();
    return *done;
  }
  return true;
}

// The line begins with nothing that may stand here.
bool TextParser::FailLine() {
  WordList words;
  switch (section_) {
    case Section::profile: words = {"profile"}; break;
    case Section::declarations: words = {"page", "lane", "ignore"}; break;
    case Section::actors: words = {"schedule", "expect", "forbid", "allow", "final"}; break;
    case Section::schedule:
      words = {"expect", "forbid", "allow", "final"};
      if (decisions_open_) words.insert(words.begin(), {"start", "at", "after"});
      if (out_.schedule.kind == ScheduleKind::order) words.insert(words.begin(), "schedule order");
      break;
    case Section::verdicts: words = {"expect", "forbid", "allow", "final"}; break;
  }
  if (section_ == Section::declarations || section_ == Section::actors)
    words.insert(section_ == Section::actors ? words.begin() : words.end(),
                 WordsOf<ActorKind>().begin(), WordsOf<ActorKind>().end());
  std::string expected = OneOf(words);
  DecisionKind unused = DecisionKind::start;
  if (section_ == Section::actors && FindWord(lex_.token().text, &unused))
    return Fail("'schedule:' before the first decision");
  if (section_ == Section::actors) {
    const WordList keywords = words;
    const std::span<const std::string_view> ops = WordsOf<OpCode>();
    words.insert(words.end(), ops.begin(), ops.end());
    const bool guess =
        lex_.token().kind == TokenKind::word && !NearestWord(lex_.token().text, words).empty();
    expected = Concat("an op", guess ? "" : Concat(" (", ListWords({ops.begin(), ops.end()}), ")"),
                      ", ", OneOf(keywords));
  }
  std::string found = Describe(lex_.token());
  const bool word = lex_.token().kind == TokenKind::word;
  const std::string_view nearest = word ? NearestWord(lex_.token().text, words) : "";
  if (!nearest.empty()) found += Concat("; did you mean '", nearest, "'?");
  return FailFound(expected, found);
}

bool TextParser::ProfileLine() {
  profile_spot_ = Here();
  lex_.Next();
  const Profile* named = FindProfile(lex_.token().text);
  if (lex_.token().kind != TokenKind::word || named == nullptr) {
    WordList names;
    for (const Profile& p : NamedProfiles()) names.emplace_back(p.name);
    return FailWord("a profile", names);
  }
  out_.profile = *named;
  lex_.Next();
  while (!lex_.AtEnd())
    if (!ProfileValue()) return false;
  section_ = Section::declarations;
  std::string error;
  return CheckProfile(out_.profile, &error) || FailAt(profile_spot_, error);
}

bool TextParser::ProfileValue() {
  const auto& fields = ProfileFields();
  const auto field = std::find_if(fields.begin(), fields.end(),
                                  [this](const ProfileField& f) { return lex_.AtWord(f.name); });
  if (field == fields.end()) {
    WordList names;
    for (const ProfileField& f : fields) names.push_back(f.name);
    return FailWord("a profile field or end of line", names);
  }
  lex_.Next();
  if (!TakeMark("=")) return false;
  const Token token = lex_.token();
  std::string unused;
  const bool number = token.kind == TokenKind::number && token.number <= INT32_MAX;
  if (!number ||
      !SetProfileField(&out_.profile, field->name, static_cast<long>(token.number), &unused))
    return Fail(Concat(field->power_of_two ? "a power of two" : "a number", " from ", field->min,
                       " to ", field->max));
  lex_.Next();
  return true;
}

bool TextParser::PageLine() {
  lex_.Next();
  if (!CheckNewName("a page", pages_)) return false;
  const std::string_view name = lex_.token().text;
  const int index = static_cast<int>(out_.pages.size());
  pages_[name] = index;
  page_spots_.push_back(line_spot_);
  out_.pages.emplace_back();
  PageDecl& page = out_.pages.back();
  if (PageName(out_, index) != name) page.name = name;
  lex_.Next();
  if (!lex_.AtWord("high") && !lex_.AtWord("low"))
    return FailWord("a kind of page", {"high", "low"});
  page.high = lex_.AtWord("high");
  lex_.Next();
  if (lex_.AtWord("colour")) {
    lex_.Next();
    uint64_t colour = 0;
    const auto last = static_cast<uint64_t>(out_.profile.colours) - 1;
    if (!TakeNumber("a colour", 0, last, &colour)) return false;
    page.colour = static_cast<uint8_t>(colour);
  }
  if (lex_.AtWord("order")) {
    lex_.Next();
    uint64_t order = 0;
    if (!TakeNumber("an order", 0, 1, &order)) return false;
    page.order = static_cast<uint8_t>(order);
  }
  return TakeEnd("'colour', 'order' or end of line");
}

bool TextParser::LaneLine() {
  if (lane_given_) return FailFound("one 'lane' line", "a second one");
  lane_given_ = true;
  lex_.Next();
  if (!lex_.AtWord("valid") && !lex_.AtWord("misuse"))
    return FailWord("a lane", {"valid", "misuse"});
  out_.misuse = lex_.AtWord("misuse");
  lex_.Next();
  return TakeEnd("end of line");
}

bool TextParser::IgnoreLine() {
  lex_.Next();
  ignored_spots_.push_back(line_spot_);
  out_.ignored.emplace_back();
  return TakeDiagnosis(&out_.ignored.back()) && TakeEnd("end of line");
}

bool TextParser::ActorLine() {
  Actor actor;
  FindWord(lex_.token().text, &actor.kind);
  lex_.Next();
  if (!CheckNewName("an actor", actors_)) return false;
  const std::string_view name = lex_.token().text;
  lex_.Next();
  if (!TakeMark("@") || !TakeCpu(&actor.cpu)) return false;
  const Token runs = lex_.token();
  if (actor.kind != ActorKind::task && runs.kind == TokenKind::word && runs.text[0] == 'x') {
    Lexer digits(runs.text.substr(1));
    const uint64_t number = digits.token().number;
    if (digits.token().kind != TokenKind::number || number == 0 || number > 0xffff)
      return Fail("a number of runs from x1 to x65535");
    actor.runs = static_cast<uint16_t>(number);
    lex_.Next();
  }
  if (!TakeMark(":") || !TakeEnd("end of line")) return false;
  section_ = Section::actors;
  if (!out_.actors.empty()) all_vars_.push_back(std::exchange(vars_, {}));
  const auto index = static_cast<int>(out_.actors.size());
  if (index == kMaxActors)
    return FailAt(line_spot_, Concat("expected at most ", kMaxActors, " actors, found one more"));
  actors_[name] = index;
  actor_spots_.push_back(line_spot_);
  actor.first_op = static_cast<uint32_t>(out_.ops.size());
  out_.actors.push_back(actor);
  if (ActorName(out_, static_cast<ActorId>(index)) != name) out_.actors.back().name = name;
  return true;
}

bool TextParser::CheckWhole() {
  TraceProblem problem;
  if (!FindProblem(out_, &problem)) return true;
  using Where = TraceProblem::Where;
  const auto spot = [&problem](const std::vector<Spot>& spots) {
    return problem.index < spots.size() ? spots[problem.index] : Spot();
  };
  switch (problem.where) {
    case Where::trace:
    case Where::profile: return FailAt(profile_spot_, problem.sentence);
    case Where::page: return FailAt(spot(page_spots_), problem.sentence);
    case Where::actor: return FailAt(spot(actor_spots_), problem.sentence);
    case Where::op: return FailAt(spot(op_spots_), problem.sentence);
    case Where::schedule: return FailAt(schedule_spot_, problem.sentence);
    case Where::decision: return FailAt(spot(decision_spots_), problem.sentence);
    case Where::ignored: return FailAt(spot(ignored_spots_), problem.sentence);
    case Where::verdict: return FailAt(spot(verdict_spots_), problem.sentence);
  }
  return false;
}

}  // namespace highmem
