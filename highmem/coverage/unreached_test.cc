#include "highmem/coverage/unreached.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "highmem/coverage/cells.h"

namespace highmem {
namespace {

// The words of a list, each as a list of one.
std::vector<std::string> Words(std::string_view list) {
  std::vector<std::string> words;
  for (size_t end; !list.empty(); list.remove_prefix(std::min(end + 2, list.size()))) {
    end = std::min(list.find(", "), list.size());
    words.emplace_back(list.substr(0, end));
  }
  return words;
}

// A word that names nothing is a slip of the pen, or what it named is gone.
TEST(Unreached, EachWordNamesACellThatNoEarlierRuleTook) {
  const std::vector<std::string> cells = AllCellNames();
  std::set<std::string> taken;
  for (const UnreachedRule& rule : UnreachedRules()) {
    std::set<std::string> now;
    const auto names_some = [&](UnreachedRule part) {
      bool some = false;
      for (const std::string& cell : cells) {
        if (taken.count(cell) != 0 || !Fits(part, cell)) continue;
        some = true;
        now.insert(cell);
      }
      return some;
    };
    for (const std::string& word : Words(rule.rows)) {
      UnreachedRule part = rule;
      part.rows = word;
      EXPECT_TRUE(names_some(part)) << rule.group << "/" << word << ": " << rule.sentence;
    }
    for (const std::string& word : Words(rule.columns)) {
      UnreachedRule part = rule;
      part.columns = word;
      EXPECT_TRUE(names_some(part)) << rule.group << ": " << word << ": " << rule.sentence;
    }
    taken.insert(now.begin(), now.end());
  }
}

TEST(Unreached, SaysWhy) {
  const UnreachedRule* const lock =
      WhyNotReached(WindowCell(PrimKind::queue_test, ContextKind::kPreempt));
  ASSERT_NE(lock, nullptr);
  EXPECT_EQ(lock->why, Why::cannot);
  EXPECT_EQ(WhyNotReached(WindowCell(PrimKind::pte_set, ContextKind::kPreempt)), nullptr);
  EXPECT_EQ(WhyNotReached(MomentCell(Moment::cpu_goes)), nullptr);
  const auto reasons = UnreachedReasons();
  EXPECT_EQ(reasons.at("window/queue_test/preemption"), lock->sentence);
  EXPECT_EQ(reasons.count("context/task/kmap"), 0u);
}

}  // namespace
}  // namespace highmem
