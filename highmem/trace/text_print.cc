#include "highmem/trace/helper_op.h"
#include "highmem/trace/text.h"
#include "highmem/trace/words.h"

namespace highmem {
namespace {

constexpr size_t kWrapColumn = 100;

std::string PrintProfile(const Profile& p) {
  std::string text = Concat("profile ", p.name);
  const Profile* named = FindProfile(p.name);
  for (const ProfileField& f : ProfileFields())
    if (named == nullptr || p.*f.member != named->*f.member)
      text += Concat(" ", f.name, "=", p.*f.member);
  return text + "\n";
}

std::string PrintPage(const Trace& trace, int page) {
  const PageDecl& decl = trace.pages[static_cast<size_t>(page)];
  std::string text = Concat("page ", PageName(trace, page), decl.high ? " high" : " low");
  if (decl.colour != 0) text += Concat(" colour ", decl.colour);
  if (decl.order != 0) text += Concat(" order ", decl.order);
  return text + "\n";
}

std::string PrintActor(const Trace& trace, ActorId a) {
  const Actor& actor = trace.actors[a];
  std::string text = Concat(WordOf(actor.kind), " ", ActorName(trace, a), "@", actor.cpu);
  if (actor.kind != ActorKind::task) text += Concat(" x", actor.runs);
  text += ":\n";
  for (uint32_t i = 0; i < actor.op_count; i++) text += Concat("  ", PrintOp(trace, a, i), "\n");
  return text;
}

std::string PrintAny(const Trace& trace, uint32_t mask) {
  std::string pages;
  for (int i = 0; mask != 0; i++, mask >>= 1)
    if ((mask & 1) != 0) pages += Concat(pages.empty() ? "" : ",", PageName(trace, i));
  return Concat("any(", pages, ")");
}

std::string PrintVariable(const Trace& trace, ActorId actor, const Op& op) {
  if (!IsForeign(op)) return VarName(trace, actor, op.ref);
  const auto owner = static_cast<ActorId>(op.actor - 1);
  return Concat(ActorName(trace, owner), ".", VarName(trace, owner, op.ref));
}

std::string PrintSegment(Segment s) { return Concat(" ", s.start, " ", s.end); }

std::string PrintHelper(const Trace& trace, const Op& op) {
  const HelperForm form = HelperFormOf(op.code);
  std::string text = PageName(trace, op.page);
  if (form.offset) text += Concat("+", op.offset);
  if (form.source) text += " " + PageName(trace, SourcePageOf(op));
  if (form.source_offset) text += Concat("+", SourceOffsetOf(op));
  if (form.byte) text += Concat(" ", op.value);
  if (form.length) text += Concat(" ", LengthOf(op));
  if (form.segments) text += PrintSegment(FirstSegmentOf(op)) + PrintSegment(SecondSegmentOf(op));
  return text;
}

std::string PrintArgument(const Trace& trace, ActorId actor, const Op& op, char letter) {
  switch (letter) {
    case 'p': return op.any != 0 ? PrintAny(trace, op.any) : PageName(trace, op.page);
    case 'x':
      if (op.ref < 0) return PageName(trace, op.page);
      return op.offset == 0 ? PrintVariable(trace, actor, op)
                            : Concat(PrintVariable(trace, actor, op), "+", op.offset);
    case 't': return ActorName(trace, op.actor);
    case 'm': return op.ref >= 0 ? VarName(trace, actor, op.ref) : PageName(trace, op.page);
    case 'v':
      return !TakesOffset(op.code) ? VarName(trace, actor, op.ref)
                                   : Concat(PrintVariable(trace, actor, op), "+", op.offset);
    case 'a': return ActorName(trace, op.actor);
    case 'h': return PrintHelper(trace, op);
    case 'i': return std::to_string(op.value);
    case 'k': return std::string(WordOf(static_cast<KmType>(op.value)));
    default: return PrintCond(trace, trace.conds[static_cast<size_t>(op.value)]);
  }
}

std::string PrintExpect(const Trace& trace, const Expect& e) {
  const std::string_view word = WordOf(e.kind);
  switch (FormOf(e.kind)) {
    case ExpectForm::word: return std::string(word);
    case ExpectForm::slot: return Concat(word, ":", e.value);
    case ExpectForm::page: return Concat(word, ":", PageName(trace, e.value));
    case ExpectForm::byte: return std::to_string(e.value);
    case ExpectForm::number: return Concat(word, "=", e.value);
    case ExpectForm::site: return Concat(word, ":", WordOf(static_cast<Site>(e.value)));
  }
  return "?";
}

std::string PrintTarget(const Trace& trace, const Target& target) {
  const std::string_view word = WordOf(target.kind);
  switch (target.kind) {
    case TargetKind::actor: return ActorName(trace, target.actor);
    case TargetKind::fill:
    case TargetKind::evict:
      return Concat(word, " ", target.cpu, " ", PrintSlot(trace.profile, target.where));
    case TargetKind::writeback: return Concat(word, " ", target.cpu, " ", target.where);
    case TargetKind::migrate:
      return Concat(word, " ", ActorName(trace, target.actor), " ", target.cpu);
    case TargetKind::ipi: return Concat(word, " ", target.cpu);
  }
  return "?";
}

std::string PrintOrder(const Trace& trace) {
  std::string text;
  std::string line = "schedule order";
  for (const Turn& turn : trace.schedule.turns) {
    std::string word = Concat(" ", ActorName(trace, turn.actor));
    if (turn.ops != 1) word += Concat("*", turn.ops);
    if (line.size() + word.size() > kWrapColumn) {
      text += line + "\n";
      line = "schedule order";
    }
    line += word;
  }
  return text + line + "\n";
}

std::string PrintSchedule(const Trace& trace) {
  const Schedule& s = trace.schedule;
  switch (s.kind) {
    case ScheduleKind::decisions: {
      std::string text = s.decisions.empty() ? "" : "schedule:\n";
      for (const Decision& d : s.decisions) text += Concat("  ", PrintDecision(trace, d), "\n");
      return text;
    }
    case ScheduleKind::any: return "schedule any\n";
    case ScheduleKind::random: return Concat("schedule random ", s.runs, " seed ", s.seed, "\n");
    case ScheduleKind::all: return "schedule all\n";
    case ScheduleKind::order: return PrintOrder(trace);
  }
  return "";
}

// Final conditions that stand together share a line as long as they fit.
std::string PrintVerdicts(const Trace& trace) {
  std::string text;
  std::string line;
  bool final_line = false;
  for (const VerdictDecl& v : trace.verdicts) {
    const bool final_cond = v.kind == VerdictKind::final_cond;
    const std::string cond = final_cond ? PrintCond(trace, v.cond) : "";
    if (final_line && final_cond && line.size() + 2 + cond.size() <= kWrapColumn) {
      line += ", " + cond;
      continue;
    }
    if (!line.empty()) text += line + "\n";
    line = PrintVerdict(trace, v);
    final_line = final_cond;
  }
  return line.empty() ? text : text + line + "\n";
}

}  // namespace

std::string PrintCond(const Trace& trace, const Cond& cond) {
  std::string text(WordOf(cond.quantity));
  switch (FormOf(cond.quantity)) {
    case QuantityForm::plain: break;
    case QuantityForm::page: text += Concat("(", PageName(trace, cond.page), ")"); break;
    case QuantityForm::byte:
      text += Concat("(", PageName(trace, cond.page), ",", cond.offset, ")");
      break;
    case QuantityForm::task: text += Concat("(", ActorName(trace, cond.who), ")"); break;
    case QuantityForm::cpu: text += Concat("(", cond.who, ")"); break;
    case QuantityForm::cpu_slot: text += Concat("(", cond.who, ",", cond.offset, ")"); break;
    case QuantityForm::task_slot:
      text += Concat("(", ActorName(trace, cond.who), ",", cond.offset, ")");
      break;
  }
  return Concat(text, WordOf(cond.compare), cond.value);
}

std::string PrintExpects(const Trace& trace, std::span<const Expect> expects) {
  std::string text;
  for (const Expect& e : expects) {
    if (!text.empty()) text += e.alternative ? " | " : " ";
    text += PrintExpect(trace, e);
  }
  return text;
}

std::string PrintCall(const Trace& trace, ActorId actor, uint32_t index) {
  const Op& op = trace.op(actor, index);
  std::string text;
  if (op.var >= 0) text = VarName(trace, actor, op.var) + " = ";
  text += WordOf(op.code);
  for (const char letter : Info(op.code).args)
    if (letter != 'k' || trace.profile.is_era(Era::kE1Slots))
      text += " " + PrintArgument(trace, actor, op, letter);
  return text;
}

std::string PrintOp(const Trace& trace, ActorId actor, uint32_t index) {
  const Op& op = trace.op(actor, index);
  std::string call = PrintCall(trace, actor, index);
  if (op.expect_count == 0) return call;
  return Concat(call, " -> ",
                PrintExpects(trace, {trace.expects.data() + op.expect_first, op.expect_count}));
}

std::string PrintDecision(const Trace& trace, const Decision& d) {
  if (d.kind == DecisionKind::start) return "start " + ActorName(trace, d.actor);
  const std::string target = " -> " + PrintTarget(trace, d.target);
  if (d.kind == DecisionKind::after) return Concat("after ", d.steps, target);
  const std::string nth = d.nth == 1 ? "" : Concat("#", d.nth);
  return Concat("at ", ActorName(trace, d.actor), ".", d.op + 1, " ", WordOf(d.prim),
                d.behind ? "+" : "", nth, target);
}

std::string PrintSlot(const Profile& p, uint32_t vpn) {
  const auto slots = static_cast<uint32_t>(p.last_pkmap);
  const auto per_cpu = static_cast<uint32_t>(p.window_pages());
  if (vpn < slots) return Concat("pkmap:", vpn);
  const auto windows = per_cpu * static_cast<uint32_t>(p.cpus);
  if (vpn - slots >= windows) return Concat("vmap:", vpn - slots - windows);
  return Concat("fix:", (vpn - slots) / per_cpu, ":", (vpn - slots) % per_cpu);
}

std::string PrintDiagnosis(const Diagnosis& d) {
  return Concat(WordOf(d.kind), ":", WordOf(d.site));
}

std::string PrintVerdict(const Trace& trace, const VerdictDecl& v) {
  switch (v.kind) {
    case VerdictKind::expect_pass: return "expect pass";
    case VerdictKind::expect_id: return Concat("expect ", WordOf(v.id));
    case VerdictKind::expect_diagnosis: return "expect " + PrintDiagnosis(v.diagnosis);
    case VerdictKind::expect_hang: return "expect HANG";
    case VerdictKind::forbid_id: return Concat("forbid ", WordOf(v.id));
    case VerdictKind::forbid_cond: return "forbid " + PrintCond(trace, v.cond);
    case VerdictKind::allow_id: return Concat("allow ", WordOf(v.id));
    case VerdictKind::allow_cond: return "allow " + PrintCond(trace, v.cond);
    case VerdictKind::final_cond: return "final " + PrintCond(trace, v.cond);
  }
  return "?";
}

std::string PrintTrace(const Trace& trace) {
  std::string text = "#hm 1\n" + PrintProfile(trace.profile);
  for (size_t i = 0; i < trace.pages.size(); i++) text += PrintPage(trace, static_cast<int>(i));
  if (trace.misuse) text += "lane misuse\n";
  for (const Diagnosis& d : trace.ignored) text += Concat("ignore ", PrintDiagnosis(d), "\n");
  for (size_t a = 0; a < trace.actors.size(); a++)
    text += PrintActor(trace, static_cast<ActorId>(a));
  return text + PrintSchedule(trace) + PrintVerdicts(trace);
}

}  // namespace highmem
