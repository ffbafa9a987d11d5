// The parser behind ParseTrace, one member function a form. Each returns false after it has written
// the error. Definitions: text_parse.cc lines, declarations and actors; text_parse_op.cc ops;
// text_parse_run.cc schedule and verdicts; text_parse_pieces.cc what they share.
#ifndef HIGHMEM_TRACE_TEXT_PARSER_H_
#define HIGHMEM_TRACE_TEXT_PARSER_H_

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "highmem/trace/text.h"
#include "highmem/trace/text_lexer.h"
#include "highmem/trace/words.h"

namespace highmem {

class TextParser {
 public:
  TextParser(std::string_view text, std::string_view file_name, Trace* out, ParseError* error)
      : text_(text), out_(*out), error_(*error), lex_("") {
    error_.file = file_name;
  }

  bool Run();

 private:
  // What a line may belong to; sections follow each other.
  enum class Section : uint8_t { profile, declarations, actors, schedule, verdicts };
  struct Spot {
    int line = 1;
    int column = 1;
  };
  // A task named by an op or by the condition of a check, perhaps before its declaration.
  struct LaterTask {
    bool in_condition;
    size_t index;  // into the trace's ops or conditions
    Token name;
    Spot spot;
  };
  // A variable of another actor.
  struct LaterVariable {
    size_t op;
    Token actor;
    Token name;
    Spot spot;
  };
  using Names = std::unordered_map<std::string_view, int>;  // views into text_
  using WordList = std::vector<std::string_view>;

  // text_parse_pieces.cc. Errors stand at the token, or at a given place.
  bool FailAt(Spot spot, std::string sentence);
  bool Fail(std::string_view expected);
  bool FailFound(std::string_view expected, std::string_view found);
  bool FailWord(std::string_view expected, const WordList& words);
  bool FailWordAt(Spot spot, std::string_view expected, const WordList& words, Token token);
  static std::string ListWords(const WordList& words);
  Spot Here() const { return {line_number_, lex_.token().column}; }

  bool TakeMark(std::string_view mark);
  bool TakeEnd(std::string_view expected);
  bool TakeNumber(std::string_view what, uint64_t min, uint64_t max, uint64_t* value);
  bool TakeInt(std::string_view what, int32_t* value);
  bool TakeCpu(CpuId* cpu);
  bool TakeKnown(std::string_view what, const Names& names, int* index, const WordList& other = {});
  bool TakeActor(ActorId* actor);
  Names Tasks(size_t before) const;  // declared before this actor
  bool TakeTask(ActorId* task);
  bool CheckNewName(std::string_view what, const Names& taken);  // "a page"
  template <typename E>
  bool TakeWord(std::string_view what, E* value) {
    if (lex_.token().kind != TokenKind::word || !FindWord(lex_.token().text, value))
      return FailWord(what, {WordsOf<E>().begin(), WordsOf<E>().end()});
    lex_.Next();
    return true;
  }

  // text_parse.cc
  bool Line(std::string_view line);
  bool Declaration();
  bool Beginning(bool* done);
  bool FailLine();
  bool ProfileLine();
  bool ProfileValue();
  bool PageLine();
  bool LaneLine();
  bool IgnoreLine();
  bool ActorLine();
  bool CheckWhole();

  // text_parse_op.cc
  bool OpLine();
  bool MadeVariable(std::string_view name, Op* op);
  bool Argument(char letter, Op* op);
  bool PageArgument(Op* op);
  bool AnyPages(uint32_t* mask);
  bool PageOrVariable(Op* op);
  bool VariableArgument(Op* op);
  bool AtForeignVariable(const Op& op) const;
  bool ForeignVariable(Op* op);
  bool TaskArgument(Op* op);
  bool CastOffset(Op* op);
  bool Offset(int last, Op* op);
  bool AnyTask(bool in_condition, size_t index);
  bool LaterTasks();
  bool LaterVariables();
  bool SlotType(Op* op);
  bool HelperPage(bool has_offset, int* page, uint32_t* offset);
  bool HelperNumber(const char* what, uint32_t* number);
  bool HelperArguments(Op* op);
  bool NumberArgument(Op* op);
  bool Expectations(Op* op);
  bool Expectation(const Op& op, bool alternative);
  bool FailOutcome();
  bool Condition(Cond* cond);
  bool CondOperands(Cond* cond);

  // text_parse_run.cc
  bool ScheduleLine();
  bool Turns();
  bool RandomRuns();
  bool DecisionLine();
  bool Anchor(Decision* decision);
  bool TakeTarget(Target* target);
  bool TakeVirtualPage(uint32_t* vpn);
  bool TakeAddress(uint32_t* vpn);
  bool TakeDiagnosis(Diagnosis* diagnosis);
  bool VerdictLine();
  bool ExpectLine();
  bool ForbidOrAllow(VerdictKind of_id, VerdictKind of_cond);
  bool FinalLine();

  std::string_view text_;
  Trace& out_;
  ParseError& error_;
  Lexer lex_;
  int line_number_ = 0;
  Section section_ = Section::profile;
  bool lane_given_ = false;
  bool decisions_open_ = false;  // behind `schedule:`
  Names pages_;
  Names actors_;
  Names vars_;                   // of the actor at hand
  std::vector<Names> all_vars_;  // of those before it
  std::vector<LaterTask> later_tasks_;
  std::vector<LaterVariable> later_vars_;
  // Where the things lie that only CheckTrace can judge.
  Spot profile_spot_, schedule_spot_, line_spot_;
  std::vector<Spot> page_spots_, actor_spots_, op_spots_, decision_spots_, ignored_spots_,
      verdict_spots_;
};

}  // namespace highmem

#endif  // HIGHMEM_TRACE_TEXT_PARSER_H_
