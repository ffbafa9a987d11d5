#include "highmem/trace/negate.h"

#include <algorithm>
#include <span>

#include "highmem/trace/check_trace.h"
#include "highmem/trace/text.h"
#include "highmem/trace/words.h"

namespace highmem {
namespace {

using Group = std::span<const Expect>;  // an expectation and its alternatives

// What an expectation speaks about: two of the same aspect cannot both hold unless they are equal.
ExpectKind AspectOf(ExpectKind kind) { return kind <= kLastResult ? ExpectKind::pkmap : kind; }

bool Holds(Group group, ExpectKind kind, int32_t value) {
  return std::any_of(group.begin(), group.end(),
                     [=](const Expect& e) { return e.kind == kind && e.value == value; });
}

// The number after one that the group names (behind the last comes the first) that it does not
// name.
bool OtherNumber(const Trace& trace, Group group, Expect* other) {
  for (const Expect& e : group) {
    NumberRange range = RangeOf(trace.profile, e.kind);
    if (e.kind == ExpectKind::page) range.max = static_cast<int32_t>(trace.pages.size()) - 1;
    *other = {e.kind, false, e.value};
    for (size_t i = 0; range.max > 0 && i < group.size(); i++) {
      other->value = other->value == range.max ? range.min : other->value + 1;
      if (!Holds(group, other->kind, other->value)) return true;
    }
  }
  return false;
}

// A result of another kind.
bool OtherResult(const Trace& trace, OpCode code, Group group, Expect* other) {
  for (int k = 0; k <= static_cast<int>(kLastResult); k++) {
    const auto kind = static_cast<ExpectKind>(k);
    const bool named =
        std::any_of(group.begin(), group.end(), [=](const Expect& e) { return e.kind == kind; });
    if (named || !ResultIsLegal(trace.profile, code, kind)) continue;
    if (kind == ExpectKind::page && trace.pages.empty()) continue;
    *other = {kind, false, 0};
    return true;
  }
  return false;
}

// A site that the trace names nowhere, or else one that the op does not; kCount if there is none.
Site UnusedSite(const Trace& trace, Group all) {
  const auto names = [](Group expects, Site site) {
    return std::any_of(expects.begin(), expects.end(), [=](const Expect& e) {
      return FormOf(e.kind) == ExpectForm::site && e.value == static_cast<int32_t>(site);
    });
  };
  Site second = Site::kCount;
  for (int i = 0; i < static_cast<int>(Site::kCount); i++) {
    const Site site = static_cast<Site>(i);
    if (names(all, site)) continue;
    if (second == Site::kCount) second = site;
    const bool expected =
        std::any_of(trace.verdicts.begin(), trace.verdicts.end(), [=](const VerdictDecl& v) {
          return v.kind == VerdictKind::expect_diagnosis && v.diagnosis.site == site;
        });
    const bool ignored = std::any_of(trace.ignored.begin(), trace.ignored.end(),
                                     [=](const Diagnosis& d) { return d.site == site; });
    if (!expected && !ignored && !names(trace.expects, site)) return site;
  }
  return second;
}

Expect OtherDiagnosis(const Trace& trace, ExpectKind kind, Group all) {
  const Site site = UnusedSite(trace, all);
  if (site == Site::kCount) return {ExpectKind::hang, false, 0};
  return {kind, false, static_cast<int32_t>(site)};
}

// An expectation that cannot hold where one of the group holds, given all of the op's.
Expect Opposite(const Trace& trace, OpCode code, Group group, Group all) {
  const ExpectKind first = group[0].kind;
  const bool one_aspect = std::all_of(group.begin(), group.end(), [=](const Expect& e) {
    return AspectOf(e.kind) == AspectOf(first);
  });
  const bool result = AspectOf(first) == ExpectKind::pkmap;
  const bool diagnosis = FormOf(first) == ExpectForm::site;
  Expect other;
  if (!one_aspect || diagnosis)
    return OtherDiagnosis(trace, one_aspect ? first : ExpectKind::bug, all);
  if (OtherNumber(trace, group, &other)) return other;
  if (result && OtherResult(trace, code, group, &other)) return other;
  // An op that hangs has no result.
  if (first == ExpectKind::hang && OtherResult(trace, code, {}, &other)) return other;
  return OtherDiagnosis(trace, ExpectKind::bug, all);
}

void ReplaceGroup(Trace* trace, size_t op, size_t first, size_t count, const Expect& other) {
  const auto begin = trace->expects.begin() + static_cast<std::ptrdiff_t>(first);
  trace->expects.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
  trace->expects.insert(trace->expects.begin() + static_cast<std::ptrdiff_t>(first), other);
  const auto fewer = static_cast<uint32_t>(count - 1);
  trace->ops[op].expect_count = static_cast<uint8_t>(trace->ops[op].expect_count - fewer);
  for (Op& later : std::span(trace->ops).subspan(op + 1))
    if (later.expect_count != 0) later.expect_first -= fewer;
}

Compare Opposite(Compare compare) {
  switch (compare) {
    case Compare::kEq: return Compare::kNe;
    case Compare::kNe: return Compare::kEq;
    case Compare::kLt: return Compare::kGe;
    case Compare::kLe: return Compare::kGt;
    case Compare::kGt: return Compare::kLe;
    case Compare::kGe: return Compare::kLt;
  }
  return compare;
}

// An id that nobody expects.
FindingId OtherId(const Trace& trace) {
  const auto expected = [&trace](FindingId id) {
    return std::any_of(trace.verdicts.begin(), trace.verdicts.end(), [=](const VerdictDecl& v) {
      return v.kind == VerdictKind::expect_id && v.id == id;
    });
  };
  for (int i = 0; i < static_cast<int>(FindingId::kNone); i++)
    if (!expected(static_cast<FindingId>(i))) return static_cast<FindingId>(i);
  return FindingId::kNone;
}

Site OtherSite(const Trace& trace, Site site) {
  const Site unused = UnusedSite(trace, {});
  if (unused != site) return unused;
  return site == Site{0} ? Site{1} : Site{0};
}

void NegateVerdict(const Trace& trace, bool only_expect, VerdictDecl* v) {
  switch (v->kind) {
    case VerdictKind::expect_pass:
      v->kind = VerdictKind::expect_id;
      v->id = OtherId(trace);
      break;
    case VerdictKind::expect_id:
    case VerdictKind::expect_hang:
      v->kind = only_expect ? VerdictKind::expect_pass : VerdictKind::expect_id;
      v->id = only_expect ? FindingId::kNone : OtherId(trace);
      break;
    case VerdictKind::expect_diagnosis:
      v->diagnosis.site = OtherSite(trace, v->diagnosis.site);
      break;
    case VerdictKind::forbid_id: v->kind = VerdictKind::allow_id; break;
    case VerdictKind::forbid_cond: v->kind = VerdictKind::allow_cond; break;
    case VerdictKind::allow_id: v->kind = VerdictKind::forbid_id; break;
    case VerdictKind::allow_cond: v->kind = VerdictKind::forbid_cond; break;
    case VerdictKind::final_cond: v->cond.compare = Opposite(v->cond.compare); break;
  }
}

using Sink = std::function<void(const Trace&, const std::string&)>;

class Negator {
 public:
  Negator(const Trace& trace, const Sink& sink) : t_(trace), sink_(sink) {}

  void Run() {
    for (size_t a = 0; a < t_.actors.size(); a++)
      for (uint32_t i = 0; i < t_.actors[a].op_count; i++) OneOp(static_cast<ActorId>(a), i);
    for (size_t v = 0; v < t_.verdicts.size(); v++) OneVerdict(v);
  }

 private:
  void OneOp(ActorId actor, uint32_t index) {
    const Op& op = t_.op(actor, index);
    const std::string place = Concat(ActorName(t_, actor), ".", index + 1, " ");
    const size_t flat = t_.actors[actor].first_op + index;
    const Group all(t_.expects.data() + op.expect_first, op.expect_count);
    for (size_t first = 0; first < all.size();) {
      size_t end = first + 1;
      while (end < all.size() && all[end].alternative) end++;
      const Group group = all.subspan(first, end - first);
      const Expect other = Opposite(t_, op.code, group, all);
      Trace negated = t_;
      ReplaceGroup(&negated, flat, op.expect_first + first, group.size(), other);
      sink_(negated, Concat(place, PrintCall(t_, actor, index), ": '-> ", PrintExpects(t_, group),
                            "' becomes '-> ", PrintExpects(t_, {&other, 1}), "'"));
      first = end;
    }
    if (op.code != OpCode::check) return;
    Trace negated = t_;
    Compare& compare = negated.conds[static_cast<size_t>(op.value)].compare;
    compare = Opposite(compare);
    const std::string after = PrintCall(negated, actor, index);
    sink_(negated, Concat(place, "'", PrintCall(t_, actor, index), "' becomes '", after, "'"));
  }

  void OneVerdict(size_t index) {
    const auto expects =
        std::count_if(t_.verdicts.begin(), t_.verdicts.end(),
                      [](const VerdictDecl& v) { return v.kind <= VerdictKind::expect_hang; });
    Trace negated = t_;
    NegateVerdict(t_, expects == 1, &negated.verdicts[index]);
    const std::string after = PrintVerdict(negated, negated.verdicts[index]);
    sink_(negated, Concat("'", PrintVerdict(t_, t_.verdicts[index]), "' becomes '", after, "'"));
  }

  const Trace& t_;
  const Sink& sink_;
};

}  // namespace

void ForEachNegation(const Trace& trace, const Sink& negated) { Negator(trace, negated).Run(); }

}  // namespace highmem
