#include "highmem/report/origin.h"

#include <gtest/gtest.h>

#include <string>

#include "highmem/machine/layout.h"
#include "highmem/machine/machine.h"
#include "highmem/schedule/replay.h"
#include "highmem/trace/text.h"

namespace highmem {
namespace {

// Keeps the step of the last event of a kind.
class LastOf : public EventSink {
 public:
  explicit LastOf(EventKind kind) : kind_(kind) {}
  void Begin(const Executor& /*executor*/) override {}
  bool OnStep(const Executor& /*executor*/, std::span<const Event> events) override {
    for (const Event& e : events)
      if (e.kind == kind_) event = e;
    return true;
  }
  Event event = {};

 private:
  EventKind kind_;
};

// The implementation as it is reads nothing wrong: what a caller's mistake reads is taken for a
// finding here.
class OriginTest : public ::testing::Test {
 protected:
  Origin Of(const std::string& text, FindingId id, int page, EventKind where = EventKind::load,
            int expected = 9) {
    ParseError error;
    EXPECT_TRUE(ParseTrace("#hm 1\n" + text, "test", &trace_, &error)) << error.Text();
    Executor executor;
    LastOf last(where);
    ReplayChooser replay;
    executor.Load(trace_, &last);
    executor.Run(replay);
    Finding finding;
    finding.id = id;
    finding.role = Role::byte;
    finding.step = last.event.step;
    finding.cpu = last.event.cpu;
    finding.object = last.event.obj;
    finding.page = PfnOf(trace_, page);
    finding.actual = last.event.new_value;
    finding.expected = expected;
    return FindOrigin(executor, trace_, finding);
  }
  Trace trace_;
};

// Another CPU uses the address, and keeps the translation when the slot becomes another page's.
TEST_F(OriginTest, AStaleTlbEntry) {
  const Origin origin =
      Of("profile x86_tiny cpus=2 spec_fills=0 tlb_evicts=0\nlane misuse\n"
         "page A high\npage B high\n"
         "task T1@0:\n  a = kmap_local_page A\n  store a 9\n  kunmap_local a\n"
         "  b = kmap_local_page B\n  store b 4\n  kunmap_local b\n"
         "task T2@1:\n  load T1.a\n  load T1.a\n"
         "schedule:\n  at T1.3 op -> T2\n  at T2.2 op -> T1\n  at T1.6 op -> T2\n",
         FindingId::D1, 1, EventKind::load, 4);
  EXPECT_EQ(origin.came.rfind("0x09 is of page A, stored by T1's `store a+0 9` in step ", 0), 0u)
      << origin.came;
  EXPECT_NE(origin.came.find(": in memory; the TLB of CPU1 has had fix:0:0 at page A since step "),
            std::string::npos)
      << origin.came;
  EXPECT_NE(origin.came.find(", while the PTE has been at page B since step "), std::string::npos)
      << origin.came;
  EXPECT_EQ(origin.right.rfind("0x04 of page B, stored by T1's `store b+0 4` in step ", 0), 0u)
      << origin.right;
}

// What was meant for A went to B, with which nobody compares it there.
TEST_F(OriginTest, AStoreThatWentElsewhere) {
  const Origin origin =
      Of("profile x86_tiny cpus=1 spec_fills=0 tlb_evicts=0\nlane misuse\npage A high\n"
         "page B high\ntask T1@0:\n  b = kmap_local_page B\n  store b 9\n  kunmap_local b\n"
         "  a = kmap_local_page A\n  load a\n  kunmap_local a\n",
         FindingId::D1, 0);
  EXPECT_EQ(origin.right.rfind(
                "0x09 of page A lies nowhere; page B got such a byte there, stored by ", 0),
            0u)
      << origin.right;
}

// The address outlives its map; behind it the slot becomes another page's.
TEST_F(OriginTest, ASlotOfAnotherPage) {
  const Origin origin =
      Of("profile x86_tiny cpus=2 flush_threshold=0 spec_fills=0 tlb_evicts=0\nlane misuse\n"
         "page A high\npage B high\n"
         "task T1@0:\n  a = kmap_local_page A\n  store a 9\n  kunmap_local a\n"
         "  b = kmap_local_page B\n  store b 4\n  load a\n  kunmap_local b\n",
         FindingId::D1, 0);
  EXPECT_EQ(origin.came.rfind("0x04 is of page B, stored by T1's `store b+0 4` in step ", 0), 0u)
      << origin.came;
  EXPECT_NE(origin.came.find(": in memory; the PTE of fix:0:0 has been at page B since step "),
            std::string::npos)
      << origin.came;
  EXPECT_EQ(origin.right.rfind("0x09 of page A, stored by T1's `store a+0 9` in step ", 0), 0u)
      << origin.right;
  EXPECT_TRUE(origin.right.ends_with(", lies in memory")) << origin.right;
}

TEST_F(OriginTest, AFaultNamesThePte) {
  const Origin origin =
      Of("profile x86_tiny cpus=1 spec_fills=0 tlb_evicts=0\nlane misuse\npage A high\n"
         "task T1@0:\n  a = kmap_local_page A\n  kunmap_local a\n  load a\n",
         FindingId::D2, 0, EventKind::fault);
  EXPECT_EQ(origin.came.rfind("the PTE of fix:0:0 has been empty since step ", 0), 0u)
      << origin.came;
  EXPECT_EQ(origin.right, "");
}

// Two colours of one page: what was stored through one lies dirty in its line.
TEST_F(OriginTest, ADirtyLine) {
  const Origin origin =
      Of("profile armv5_vivt cache_evicts=0\nlane misuse\npage A high\n"
         "task T1@0:\n  a = kmap A\n  store a 9\n  b = kmap_local_page A\n  load b\n"
         "  kunmap_local b\n  kunmap a\n",
         FindingId::D1, 0);
  EXPECT_NE(origin.right.find(", stored by T1's `store a+0 9` in step "), std::string::npos)
      << origin.right;
  EXPECT_TRUE(origin.right.ends_with(", dirty")) << origin.right;
}

// A caller writes to a page that it has handed to a device; maintenance drops the line.
TEST_F(OriginTest, ALostLine) {
  const Origin origin =
      Of("profile armv5_vivt cache_evicts=0\nlane misuse\npage A high\n"
         "task T1@0:\n  a = kmap A\n  d = dma_map_from A\n  store a 9\n  dma_unmap d\n  load a\n"
         "  kunmap a\n",
         FindingId::D1, 0);
  EXPECT_NE(origin.right.find(", lies nowhere: cache line "), std::string::npos) << origin.right;
  EXPECT_NE(origin.right.find(" was dropped dirty in step "), std::string::npos) << origin.right;
}

TEST_F(OriginTest, NothingForOtherFindings) {
  const Origin origin =
      Of("profile x86_tiny cpus=1\npage A high\ntask T1@0:\n  a = kmap A\n  load a\n  kunmap a\n",
         FindingId::I7, 0);
  EXPECT_EQ(origin.came + origin.right, "");
}

}  // namespace
}  // namespace highmem
