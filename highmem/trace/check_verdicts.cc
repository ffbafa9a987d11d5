// What is expected of the runs as a whole. (check_trace.h)
#include <algorithm>

#include "highmem/trace/check_parts.h"

namespace highmem {
namespace {

using Where = TraceProblem::Where;

bool IsDiagnosis(const Diagnosis& d) {
  return FormOf(d.kind) == ExpectForm::site && HasWord(d.site);
}

bool IgnoredAreSound(const Trace& t, TraceProblem* problem) {
  for (size_t i = 0; i < t.ignored.size(); i++)
    if (!IsDiagnosis(t.ignored[i]))
      return Fail(problem, Where::ignored, i, "expected BUG, WARN or SPLAT and a site to ignore");
  return true;
}

std::string WrongVerdict(const Trace& t, const VerdictDecl& v, size_t expects) {
  if (!HasWord(v.kind)) return "the verdict is of no known kind";
  const bool id = v.kind == VerdictKind::expect_id || v.kind == VerdictKind::forbid_id ||
                  v.kind == VerdictKind::allow_id;
  const bool cond = v.kind == VerdictKind::final_cond || v.kind == VerdictKind::forbid_cond ||
                    v.kind == VerdictKind::allow_cond;
  const bool diagnosis = v.kind == VerdictKind::expect_diagnosis;
  VerdictDecl plain;
  plain.kind = v.kind;
  if (id) plain.id = v.id;
  if (cond) plain.cond = v.cond;
  if (diagnosis) plain.diagnosis = v.diagnosis;
  if (!(plain == v)) return Concat("a field that '", WordOf(v.kind), "' does not use is set");
  if (id && !HasWord(v.id)) return "expected a finding id, found none";
  if (diagnosis && !IsDiagnosis(v.diagnosis)) return "expected BUG, WARN or SPLAT and a site";
  if (v.kind == VerdictKind::expect_pass && expects > 1)
    return "expected 'expect pass' to stand alone, found another 'expect'";
  return cond ? WrongCond(t, v.cond) : std::string();
}

}  // namespace

bool CheckVerdicts(const Trace& t, TraceProblem* problem) {
  if (!IgnoredAreSound(t, problem)) return false;
  const auto expects = static_cast<size_t>(
      std::count_if(t.verdicts.begin(), t.verdicts.end(),
                    [](const VerdictDecl& v) { return v.kind <= VerdictKind::expect_hang; }));
  for (size_t i = 0; i < t.verdicts.size(); i++) {
    const std::string wrong = WrongVerdict(t, t.verdicts[i], expects);
    if (!wrong.empty()) return Fail(problem, Where::verdict, i, wrong);
  }
  return true;
}

}  // namespace highmem
