#include "highmem/report/regression.h"

#include <cctype>

#include "highmem/report/report.h"
#include "highmem/trace/text.h"

namespace highmem {
namespace {

Trace WithoutVerdicts(const Trace& trace) {
  Trace plain = trace;
  for (Op& op : plain.ops) op.expect_count = op.expect_first = 0;
  plain.expects.clear();
  plain.verdicts.clear();
  return plain;
}

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
  const std::string text = PrintTrace(WithoutVerdicts(trace));
  const size_t head = text.find('\n') + 1;
  return text.substr(0, head) + "# Failed as: " + Printable(Sentence(finding, trace)) + "\n" +
         text.substr(head) + "expect pass\n";
}

std::string RegressionGoogleTest(const Trace& trace, const Finding& finding) {
  return "// " + Printable(Sentence(finding, trace)) + "\nTEST(Regression, " +
         CamelCase(RegressionName(trace, finding)) +
         ") {\n"
         "  highmem::Trace trace;\n"
         "  highmem::ParseError error;\n"
         "  ASSERT_TRUE(highmem::ParseTrace(R\"hm(" +
         PrintTrace(WithoutVerdicts(trace)) +
         "expect pass\n)hm\",\n"
         "                                  \"regression\", &trace, &error))\n"
         "      << error.Text();\n"
         "  highmem::Executor executor;\n"
         "  const highmem::LitmusOutcome outcome = highmem::RunLitmus(executor, trace, {});\n"
         "  EXPECT_TRUE(outcome.holds) << outcome.why;\n"
         "}\n";
}

}  // namespace highmem
