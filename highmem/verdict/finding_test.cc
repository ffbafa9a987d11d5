#include "highmem/verdict/finding.h"

#include <gtest/gtest.h>

#include "highmem/check/local_balance.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

class FindingTest : public testing::Test {
 protected:
  FindingTest() {
    trace_.profile = *FindProfile("x86_tiny");
    trace_.pages.resize(2);
    trace_.actors.resize(2);
    trace_.actors[1].cpu = 1;
    trace_.actors[1].vars.resize(1);
    trace_.actors[1].op_count = 2;
    Op map;
    map.code = OpCode::kmap;
    map.var = 0;
    map.page = 0;
    Op load;
    load.code = OpCode::load;
    load.ref = 0;
    load.offset = 3;
    trace_.ops = {map, load};
    trace_.conds.resize(1);
    trace_.verdicts.resize(1);
    trace_.verdicts[0].cond.quantity = Quantity::kCursor;
    trace_.expects.resize(1);

    finding_.op = OpCode::load;
    finding_.actor = 1;
    finding_.op_index = 1;
    finding_.cpu = 1;
    finding_.ctx = 1;
    finding_.page = PfnOf(trace_, 0);
  }

  Trace trace_;
  Finding finding_;
};

TEST_F(FindingTest, SaysWhoReadWhatWhereAndWhatWasRight) {
  finding_.id = FindingId::D1;
  finding_.role = Role::byte;
  finding_.object = kPkmapAbove + 32 + 3;
  finding_.expected = 0x5a;
  finding_.actual = 0x13;
  EXPECT_EQ(Sentence(finding_, trace_),
            "CPU1 T2 in `load a+3` read 0x13 from page A at pkmap:1+3, where 0x5a was stored last: "
            "a load returns the byte stored last (D1)");
}

TEST_F(FindingTest, NamesTheCpuWhoseTlbIsStale) {
  finding_.id = FindingId::I4;
  finding_.role = Role::slot;
  finding_.object = 1;
  finding_.expected = 0;
  finding_.actual = PfnOf(trace_, 1);
  EXPECT_EQ(Sentence(finding_, trace_),
            "CPU0's TLB still translates pkmap:1 to page B when CPU1 T2 in `load a+3` has made the "
            "slot free: no TLB holds the address of a free slot (I4)");
}

TEST_F(FindingTest, NamesTheSlotOfTheWindowAndWhoHoldsIt) {
  finding_.id = FindingId::I25;
  finding_.role = Role::window;
  finding_.object = 5 * 1 + 0;
  finding_.expected = PfnOf(trace_, 0);
  finding_.actual = kNoPfn;
  finding_.whose = 0;
  EXPECT_EQ(Sentence(finding_, trace_),
            "CPU1 T2 in `load a+3` left fix:1:0 empty, where T1 holds page A: a CPU's window holds "
            "current's local maps and nothing else (I25)");
}

TEST_F(FindingTest, SaysWhoseMapIsVisibleToOthers) {
  finding_.id = FindingId::I32;
  finding_.role = Role::window;
  finding_.object = 5 * 1 + 2;
  finding_.expected = kNoPfn;
  finding_.actual = PfnOf(trace_, 1);
  finding_.whose = 0;
  EXPECT_EQ(Sentence(finding_, trace_),
            "CPU1 T2 in `load a+3` left fix:1:2 with page B in page table or TLB, where nobody but "
            "T1 may see its local map: a switched-out task's local maps are invisible to others "
            "(I32)");
}

TEST_F(FindingTest, NamesTheCounterThatIsOff) {
  finding_.id = FindingId::I28;
  finding_.role = Role::none;
  finding_.object = LocalBalanceCheck::kMigrationDisabled;
  finding_.expected = 0;
  finding_.actual = 1;
  EXPECT_EQ(Sentence(finding_, trace_),
            "CPU1 T2 in `load a+3` left migration_disabled at 1, where 0 was owed: map and unmap "
            "leave index, counters, PTE and TLB as they were (I28)");
}

TEST_F(FindingTest, NamesTheMapThatLeaked) {
  finding_.id = FindingId::B1;
  finding_.role = Role::window;
  finding_.object = 5 * 1 + 1;
  EXPECT_EQ(Sentence(finding_, trace_),
            "CPU1 T2 in `load a+3` ended with page A still mapped at fix:1:1: an actor leaves "
            "counters, locks and flags as it found them (B1)");
}

TEST_F(FindingTest, AddressesInTheWindowAreSlots) {
  finding_.id = FindingId::D1;
  finding_.role = Role::byte;
  finding_.object = FixKmapBegin(trace_.profile) - 32 * 6 + 3;
  finding_.expected = 1;
  finding_.actual = 2;
  EXPECT_NE(Sentence(finding_, trace_).find("page A at fix:1:1+3,"), std::string::npos);
}

// Every id has words of its own, ends with its meaning and its name, and fits one line; inside an
// op and outside.
TEST_F(FindingTest, EveryIdHasASentence) {
  for (int i = 0; i < static_cast<int>(FindingId::kNone); i++) {
    for (const ActorId actor : {ActorId{1}, kNoActor}) {
      finding_.id = static_cast<FindingId>(i);
      finding_.actor = actor;
      finding_.op = actor == kNoActor ? OpCode::kCount : OpCode::load;
      finding_.ctx = actor == kNoActor ? kContextIpi : actor;
      const std::string sentence = Sentence(finding_, trace_);
      const std::string tail =
          std::string(Info(finding_.id).meaning) + " (" + std::string(Info(finding_.id).name) + ")";
      EXPECT_GT(sentence.size(), tail.size() + 10) << sentence;
      EXPECT_EQ(sentence.substr(sentence.size() - tail.size()), tail);
      EXPECT_EQ(sentence.find('\n'), std::string::npos);
    }
  }
}

TEST_F(FindingTest, SameFailureIsIdOpAndRole) {
  Finding other = finding_;
  other.object = 77;
  other.actor = 0;
  EXPECT_TRUE(SameFailure(finding_, other));
  other.role = Role::lock;
  EXPECT_FALSE(SameFailure(finding_, other));
}

}  // namespace
}  // namespace highmem
