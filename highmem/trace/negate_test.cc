#include "highmem/trace/negate.h"

#include <gtest/gtest.h>

#include "highmem/trace/text.h"
#include "highmem/trace/trace_gen_for_test.h"

namespace highmem {
namespace {

using Lines = std::vector<std::string>;

Trace Parse(const std::string& text) {
  Trace trace;
  ParseError error;
  EXPECT_TRUE(ParseTrace(text, "test", &trace, &error)) << error.Text();
  return trace;
}

Lines What(const std::string& text) {
  Lines what;
  ForEachNegation(Parse(text), [&](const Trace&, const std::string& w) { what.push_back(w); });
  return what;
}

constexpr char kHead[] = "#hm 1\nprofile x86_tiny\npage A high\npage B low\ntask T1@0:\n";

Lines WhatOfOps(const std::string& ops) { return What(kHead + ops); }

TEST(Negate, NumbersBecomeOtherNumbers) {
  EXPECT_EQ(WhatOfOps("  a = kmap A -> pkmap:3 count=2 cursor=1 SW=0 GF=0 CH=2147483647 wakes=8\n"
                      "  load a+0 -> 255\n"),
            (Lines{"T1.1 a = kmap A: '-> pkmap:3' becomes '-> pkmap:0'",
                   "T1.1 a = kmap A: '-> count=2' becomes '-> count=3'",
                   "T1.1 a = kmap A: '-> cursor=1' becomes '-> cursor=2'",
                   "T1.1 a = kmap A: '-> SW=0' becomes '-> SW=1'",
                   "T1.1 a = kmap A: '-> GF=0' becomes '-> GF=1'",
                   "T1.1 a = kmap A: '-> CH=2147483647' becomes '-> CH=0'",
                   "T1.1 a = kmap A: '-> wakes=8' becomes '-> wakes=0'",
                   "T1.2 load a+0: '-> 255' becomes '-> 0'"}));
}

TEST(Negate, AlternativesCountAsOne) {
  EXPECT_EQ(WhatOfOps("  kmap A -> pkmap:1 | pkmap:2 count=2 | count=3\n"
                      "  kmap A -> low | pkmap:3\n"
                      "  kmap A -> pkmap:0 | pkmap:1 | pkmap:2 | pkmap:3\n"
                      "  kmap A -> pkmap:1 | blocks\n"),
            (Lines{"T1.1 kmap A: '-> pkmap:1 | pkmap:2' becomes '-> pkmap:3'",
                   "T1.1 kmap A: '-> count=2 | count=3' becomes '-> count=4'",
                   "T1.2 kmap A: '-> low | pkmap:3' becomes '-> pkmap:0'",
                   "T1.3 kmap A: '-> pkmap:0 | pkmap:1 | pkmap:2 | pkmap:3' becomes '-> low'",
                   "T1.4 kmap A: '-> pkmap:1 | blocks' becomes '-> BUG:kmap_might_sleep'"}));
}

TEST(Negate, OutcomesBecomeOtherOutcomesOfTheOp) {
  EXPECT_EQ(WhatOfOps("  a = kmap B -> low\n"
                      "  page_address A -> null\n"
                      "  load a+0 -> FAULT\n"
                      "  store a+0 1 -> ok\n"
                      "  kunmap a -> ok\n"
                      "  kmap A -> blocks\n"
                      "  kmap A -> HANG\n"),
            (Lines{"T1.1 a = kmap B: '-> low' becomes '-> pkmap:0'",
                   "T1.2 page_address A: '-> null' becomes '-> pkmap:0'",
                   "T1.3 load a+0: '-> FAULT' becomes '-> 0'",
                   "T1.4 store a+0 1: '-> ok' becomes '-> FAULT'",
                   "T1.5 kunmap a: '-> ok' becomes '-> BUG:kmap_might_sleep'",
                   "T1.6 kmap A: '-> blocks' becomes '-> BUG:kmap_might_sleep'",
                   "T1.7 kmap A: '-> HANG' becomes '-> pkmap:0'"}));
}

TEST(Negate, OutcomesOfLocalMaps) {
  EXPECT_EQ(
      WhatOfOps("  a = kmap_local_page A -> fix:4 idx=6 mig=0\n"
                "  b = kmap_atomic_pfn A -> fix:0 | fix:1\n"
                "  c = kmap_local_page B -> low\n"
                "  kmap_to_page a -> page:A\n"
                "  kmap_to_page a -> page:A | page:B\n"
                "  kmap_to_page a -> garbage\n"
                "  get_user -> FAULT\n"
                "  yield -> SO=1 SI=0 TL=2 invlpg:0 invlpg:4\n"),
      (Lines{"T1.1 a = kmap_local_page A: '-> fix:4' becomes '-> fix:0'",
             "T1.1 a = kmap_local_page A: '-> idx=6' becomes '-> idx=-2'",
             "T1.1 a = kmap_local_page A: '-> mig=0' becomes '-> mig=1'",
             "T1.2 b = kmap_atomic_pfn A: '-> fix:0 | fix:1' becomes '-> fix:2'",
             "T1.3 c = kmap_local_page B: '-> low' becomes '-> fix:0'",
             "T1.4 kmap_to_page a+0: '-> page:A' becomes '-> page:B'",
             "T1.5 kmap_to_page a+0: '-> page:A | page:B' becomes '-> garbage'",
             "T1.6 kmap_to_page a+0: '-> garbage' becomes '-> page:A'",
             "T1.7 get_user: '-> FAULT' becomes '-> ok'", "T1.8 yield: '-> SO=1' becomes '-> SO=2'",
             "T1.8 yield: '-> SI=0' becomes '-> SI=1'", "T1.8 yield: '-> TL=2' becomes '-> TL=3'",
             "T1.8 yield: '-> invlpg:0' becomes '-> invlpg:1'",
             "T1.8 yield: '-> invlpg:4' becomes '-> invlpg:0'"}));
}

// Taken from an actor that never posts: a variable without any page.
TEST(Negate, ThereAreNoPages) {
  EXPECT_EQ(What("#hm 1\nprofile x86_tiny\ntask T1@0:\ntask T2@0:\n  a = take T1\n"
                 "  kmap_to_page a -> garbage\n"),
            (Lines{"T2.2 kmap_to_page a+0: '-> garbage' becomes '-> BUG:kmap_might_sleep'"}));
}

TEST(Negate, ThereIsOneSlotOnly) {
  EXPECT_EQ(
      What("#hm 1\nprofile x86_tiny1\npage A high\ntask T1@0:\n  kmap A -> pkmap:0 cursor=0\n"),
      (Lines{"T1.1 kmap A: '-> pkmap:0' becomes '-> low'",
             "T1.1 kmap A: '-> cursor=0' becomes '-> BUG:kmap_might_sleep'"}));
}

TEST(Negate, DiagnosesMoveToASiteThatNobodyNames) {
  EXPECT_EQ(What("#hm 1\nprofile x86_tiny\npage A high\nignore WARN:kmap_high_count\ntask T1@0:\n"
                 "  kmap A -> WARN:kmap_might_sleep BUG:kunmap_might_sleep\n"
                 "expect BUG:kunmap_high_vaddr\n"),
            (Lines{"T1.1 kmap A: '-> WARN:kmap_might_sleep' becomes '-> WARN:kunmap_high_count'",
                   "T1.1 kmap A: '-> BUG:kunmap_might_sleep' becomes '-> BUG:kunmap_high_count'",
                   "'expect BUG:kunmap_high_vaddr' becomes 'expect BUG:kunmap_high_count'"}));
}

TEST(Negate, ConditionsTurnRound) {
  EXPECT_EQ(WhatOfOps("  check cursor==1\n  check slot(A)<2\n  check GF>=3\n"
                      "final count(A)!=4, CH<=5, byte(B,3)>6\n"
                      "forbid cursor>1\nallow waiters==1\nfinal idx(T1)==0, pte(0,1)!=-1\n"),
            (Lines{"T1.1 'check cursor==1' becomes 'check cursor!=1'",
                   "T1.2 'check slot(A)<2' becomes 'check slot(A)>=2'",
                   "T1.3 'check GF>=3' becomes 'check GF<3'",
                   "'final count(A)!=4' becomes 'final count(A)==4'",
                   "'final CH<=5' becomes 'final CH>5'",
                   "'final byte(B,3)>6' becomes 'final byte(B,3)<=6'",
                   "'forbid cursor>1' becomes 'allow cursor>1'",
                   "'allow waiters==1' becomes 'forbid waiters==1'",
                   "'final idx(T1)==0' becomes 'final idx(T1)!=0'",
                   "'final pte(0,1)!=-1' becomes 'final pte(0,1)==-1'"}));
}

TEST(Negate, Verdicts) {
  EXPECT_EQ(WhatOfOps("expect pass\nforbid L1\nallow D1\n"),
            (Lines{"'expect pass' becomes 'expect I1'", "'forbid L1' becomes 'allow L1'",
                   "'allow D1' becomes 'forbid D1'"}));
  EXPECT_EQ(WhatOfOps("expect I14\n"), (Lines{"'expect I14' becomes 'expect pass'"}));
  EXPECT_EQ(WhatOfOps("expect HANG\n"), (Lines{"'expect HANG' becomes 'expect pass'"}));
  EXPECT_EQ(WhatOfOps("expect I1\nexpect HANG\n"),
            (Lines{"'expect I1' becomes 'expect I2'", "'expect HANG' becomes 'expect I2'"}));
}

TEST(Negate, NothingExpectedNothingNegated) {
  EXPECT_TRUE(What(std::string(kHead) + "  kmap A\nschedule any\n").empty());
}

size_t Expectations(const Trace& t) {
  size_t n = t.verdicts.size() + t.conds.size();
  for (const Expect& e : t.expects) n += !e.alternative;
  return n;
}

void ExpectSoundAndOther(const Trace& negated, const Trace& original, const std::string& what) {
  std::string error;
  EXPECT_TRUE(CheckTrace(negated, &error)) << error << ": " << what;
  EXPECT_FALSE(negated == original) << what;
  EXPECT_EQ(Expectations(negated), Expectations(original)) << what;
}

TEST(Negate, ArbitraryTraces) {
  for (uint64_t seed = 0; seed < 150; seed++) {
    const Trace t = TraceGenerator(seed).Next();
    size_t count = 0;
    ForEachNegation(t, [&](const Trace& negated, const std::string& what) {
      count++;
      ExpectSoundAndOther(negated, t, what);
    });
    ASSERT_EQ(count, Expectations(t));
  }
}

}  // namespace
}  // namespace highmem
