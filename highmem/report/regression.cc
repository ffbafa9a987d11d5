#include "highmem/report/regression.h"

#include <cctype>

#include "highmem/report/report.h"
#include "highmem/trace/text.h"

namespace highmem {
namespace {

// What is not the failure itself is left out.
Trace AsTest(const Trace& trace, const Finding& finding) {
  Trace plain = trace;
  if (finding.id == FindingId::CHECK) return plain;
  for (Op& op : plain.ops) op.expect_count = op.expect_first = 0;
  plain.expects.clear();
  plain.verdicts.clear();
  return plain;
}

// The trace's own verdict lines stand for it, if they are kept.
std::string Verdict(const Trace& test) { return test.verdicts.empty() ? "expect pass\n" : ""; }

// "I7_kmap_x86_tiny1" -> "I7KmapX86Tiny1"
std::string CamelCase(const std::string& name) {
  std::string out;
  bool upper = true;
  for (const char c : name) {
    if (c == '_') {
      upper = true;
      continue;
    }
    out += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = false;
  }
  return out;
}

}  // namespace

std::string RegressionName(const Trace& trace, const Finding& finding) {
  std::string name(Info(finding.id).name);
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (finding.op != OpCode::kCount) name += "_" + std::string(Info(finding.op).name);
  return name + "_" + trace.profile.name;
}

std::string RegressionLitmus(const Trace& trace, const Finding& finding) {
  const Trace test = AsTest(trace, finding);
  const std::string text = PrintTrace(test);
  const size_t head = text.find('\n') + 1;
  return text.substr(0, head) + "# Failed as: " + Printable(Sentence(finding, trace)) + "\n" +
         text.substr(head) + Verdict(test);
}

std::string RegressionGoogleTest(const Trace& trace, const Finding& finding) {
  const Trace test = AsTest(trace, finding);
  return "// " + Printable(Sentence(finding, trace)) + "\nTEST(Regression, " +
         CamelCase(RegressionName(trace, finding)) +
         ") {\n"
         "  highmem::Trace trace;\n"
         "  highmem::ParseError error;\n"
         "  ASSERT_TRUE(highmem::ParseTrace(R\"hm(" +
         PrintTrace(test) + Verdict(test) +
         ")hm\",\n"
         "                                  \"regression\", &trace, &error))\n"
         "      << error.Text();\n"
         "  highmem::Executor executor;\n"
         "  const highmem::LitmusOutcome outcome = highmem::RunLitmus(executor, trace, {});\n"
         "  EXPECT_TRUE(outcome.holds) << outcome.why;\n"
         "}\n";
}

}  // namespace highmem
