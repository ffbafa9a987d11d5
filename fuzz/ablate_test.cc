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
  EXPECT_EQ(Parsed("swarm"), Ablation({.swarm = true}));
  EXPECT_EQ(Parsed("cells"), Ablation({.cells = true}));
  EXPECT_EQ(Parsed("cells,mutator"), Ablation({.mutator = true, .cells = true}));
  EXPECT_EQ(Parsed("swarm,cells,mutator"),
            Ablation({.mutator = true, .swarm = true, .cells = true}));
}

TEST(Ablate, OtherWordsAreRefused) {
  for (const auto& [list, word] :
       {std::pair("mutators", "mutators"), std::pair("swarm,cell", "cell"), std::pair(",swarm", ""),
        std::pair("swarm, cells", " cells")}) {
    Ablation ablation;
    std::string error;
    EXPECT_FALSE(ParseAblation(list, &ablation, &error)) << list;
    EXPECT_EQ(error, std::string("HIGHMEM_ABLATE: expected mutator, swarm or cells, with commas "
                                 "between, found '") +
                         word + "'");
  }
}

TEST(AblateDeathTest, TheProcessEndsWithOne) {
  setenv("HIGHMEM_ABLATE", "swam", 1);
  EXPECT_EXIT(Ablated(), testing::ExitedWithCode(1), "highmem: HIGHMEM_ABLATE: .* found 'swam'");
}

}  // namespace
}  // namespace highmem
