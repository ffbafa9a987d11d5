#include "ci/conformance/conformance.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace highmem {
namespace {

TEST(Conformance, ThePageIsUpToDate) {
  std::ifstream in("docs/CONFORMANCE.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(ConformancePage("."), page) << "bazel run //ci/conformance > docs/CONFORMANCE.md";
}

TEST(Conformance, EveryRuleHasATestOrAReasonAndNotBoth) {
  EXPECT_EQ(ConformancePage(".").find("**nothing**"), std::string::npos);
  EXPECT_EQ(ConformancePage(".").find("**although**"), std::string::npos);
  EXPECT_EQ(ConformancePage(".").find("**unknown**"), std::string::npos);
}

}  // namespace
}  // namespace highmem
