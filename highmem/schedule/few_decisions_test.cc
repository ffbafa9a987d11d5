#include "highmem/schedule/few_decisions.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "highmem/schedule/programs_for_test.h"

namespace highmem {
namespace {

TEST(FewDecisions, ARecordHasNoMore) {
  Executor executor;
  Programs programs(4);
  std::set<size_t> counts;
  for (uint64_t seed = 0; seed < 1000; seed++) {
    const Trace trace = programs.Make();
    std::string error;
    if (!CheckTrace(trace, &error)) continue;
    FewDecisionsChooser few(seed, 3, 200);
    HashSink sink;
    const Trace recorded = RecordRun(executor, trace, &sink, few);
    ASSERT_LE(recorded.schedule.decisions.size(), 3u) << "seed " << seed;
    counts.insert(recorded.schedule.decisions.size());
    int dropped = 0;
    ASSERT_EQ(HashOfReplay(executor, recorded, &dropped), sink.hash()) << "seed " << seed;
  }
  EXPECT_EQ(counts, std::set<size_t>({0, 1, 2, 3}));
}

}  // namespace
}  // namespace highmem
