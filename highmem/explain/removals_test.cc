#include "highmem/explain/removals.h"

#include <gtest/gtest.h>

#include <string>

#include "highmem/trace/text.h"

namespace highmem {
namespace {

RemovalResult Of(const std::string& text) {
  Trace trace;
  ParseError error;
  EXPECT_TRUE(ParseTrace("#hm 1\n" + text, "test", &trace, &error)) << error.Text();
  return TryRemovals(trace);
}

bool Has(const RemovalResult& result, const std::string& how) {
  for (const std::string& text : result.still_fail)
    if (text == how) return true;
  return false;
}

const char kMinimal[] =
    "profile x86_tiny1 cpus=1 low_pages=1 high_pages=1 page_size=8 line_size=4 km_max_idx=3 "
    "hash_buckets=1 spec_fills=0 cache_evicts=0 tlb_evicts=0\npage A high\nlane misuse\n"
    "task T1@0:\n  a = kmap A\nirq H2@0 x1:\n  kunmap A\n"
    "schedule:\n  at T1.1 unlock -> H2\n";

TEST(Removals, NothingToTakeAway) {
  const RemovalResult result = Of(kMinimal);
  EXPECT_EQ(result.finding.id, FindingId::L1);
  EXPECT_EQ(result.still_fail, std::vector<std::string>());
  EXPECT_GE(result.tried, 5u);
}

// One of each kind too many.
TEST(Removals, WhatIsTooMuchIsFound) {
  const RemovalResult result =
      Of("profile x86_tiny1 cpus=1 low_pages=2 high_pages=1 page_size=8 line_size=4 km_max_idx=3 "
         "hash_buckets=1 spec_fills=0 cache_evicts=0 tlb_evicts=0\npage A high\nlane misuse\n"
         "task T1@0:\n  yield\n  a = kmap A\nirq H2@0 x2:\n  kunmap A\ntask T3@0:\n  yield\n"
         "schedule:\n  at T1.1 op -> T1\n  at T1.2 unlock -> H2\n");
  EXPECT_EQ(result.finding.id, FindingId::L1);
  EXPECT_TRUE(Has(result, "without line 6, `  yield`"));
  EXPECT_TRUE(Has(result, "without line 10, `task T3@0:`"));
  EXPECT_TRUE(Has(result, "without line 13, `  at T1.1 op -> T1`"));
  EXPECT_TRUE(Has(result, "with one run less of H2"));
  EXPECT_TRUE(Has(result, "with low_pages=1"));
  EXPECT_FALSE(Has(result, "without line 7, `  a = kmap A`"));
}

// What names a variable goes with the op that makes it.
TEST(Removals, UsersGoWithTheirVariable) {
  const RemovalResult result =
      Of("profile x86_tiny cpus=1\npage A high\npage B high\n"
         "task T1@0:\n  a = kmap A\n  b = kmap B\n  load b+1\n  check count(A)==7\n  kunmap b\n"
         "  kunmap a\n");
  EXPECT_EQ(result.finding.id, FindingId::CHECK);
  EXPECT_TRUE(Has(result, "without line 7, `  b = kmap B`"));
}

TEST(Removals, APassHasNone) {
  const RemovalResult result =
      Of("profile x86_tiny cpus=1\npage A high\ntask T1@0:\n  a = kmap A\n  kunmap a\n");
  EXPECT_FALSE(result.finding);
  EXPECT_EQ(result.tried, 0u);
}

}  // namespace
}  // namespace highmem
