#include "fuzz/ablate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace highmem {
namespace {

Ablation Parsed(std::string_view list) {
  Ablation ablation;
  std::string error;
  EXPECT_TRUE(ParseAblation(list, &ablation, &error)) << error;
  return ablation;
}

TEST(Ablate, WordsWithCommasBetween) {
  EXPECT_EQ(Parsed(""), Ablation());
  EXPECT_EQ(Parsed("mutator"), Ablation({.mutator = true}));
  EXPECT_EQ(Parsed("mutator,mutator"), Ablation({.mutator = true}));
}

TEST(Ablate, OtherWordsAreRefused) {
  for (const auto& [list, word] :
       {std::pair("mutators", "mutators"), std::pair("mutator,cell", "cell"),
        std::pair(",mutator", ""), std::pair("mutator, mutator", " mutator")}) {
    Ablation ablation;
    std::string error;
    EXPECT_FALSE(ParseAblation(list, &ablation, &error)) << list;
    EXPECT_EQ(error, std::string("HIGHMEM_ABLATE: expected mutator, found '") + word + "'");
  }
}

TEST(AblateDeathTest, TheProcessEndsWithOne) {
  setenv("HIGHMEM_ABLATE", "mutant", 1);
  EXPECT_EXIT(Ablated(), testing::ExitedWithCode(1), "highmem: HIGHMEM_ABLATE: .* found 'mutant'");
}

}  // namespace
}  // namespace highmem
