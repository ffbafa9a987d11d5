#include "highmem/check/helpers.h"

#include <gmock/gmock.h>

#include <vector>

#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"

namespace highmem {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// One task on CPU0 with one helper, whose doings the tests make up.
class HelpersTest : public testing::Test, private Reporter {
 protected:
  void Starts(OpCode code, const char* profile = "x86_tiny") {
    trace_.Clear();
    trace_.profile = *FindProfile(profile);
    trace_.pages.resize(2);
    trace_.actors.resize(1);
    trace_.ops.resize(1);
    trace_.ops[0].code = code;
    trace_.ops[0].page = 0;
    SetSourcePage(&trace_.ops[0], HelperFormOf(code).source ? 1 : 0);
    if (HelperFormOf(code).length) SetLength(&trace_.ops[0], 4);
    trace_.actors[0].op_count = 1;
    executor_.Load(trace_, nullptr);
    check_.Begin(executor_, this);
    See(EventKind::op_begin, 0, static_cast<uint32_t>(code), A());
  }
  void Ends() { See(EventKind::op_end, 0, static_cast<uint32_t>(trace_.ops[0].code)); }
  void Pte(int slot, Pfn page) {
    const int vpn = FixKmapVpn(slot);
    const Pfn before = PteGet(vpn).pfn();
    machine.page_table[vpn] = page == kNoPfn ? highmem::Pte{} : highmem::Pte::Of(page);
    See(EventKind::pte_set, static_cast<uint32_t>(vpn), before, page);
  }
  void Flushes() { See(EventKind::flush_dcache_page, A()); }
  std::vector<FindingId> Fired() {
    std::vector<FindingId> fired;
    fired.swap(fired_);
    return fired;
  }
  Pfn A() const { return PfnOf(trace_, 0); }
  Pfn B() const { return PfnOf(trace_, 1); }

 private:
  void See(EventKind kind, uint32_t obj, uint32_t old_value = 0, uint32_t new_value = 0) {
    Event e{};
    e.kind = kind;
    e.obj = obj;
    e.old_value = old_value;
    e.new_value = new_value;
    check_.OnEvent(e);
  }
  void Report(const Event& /*event*/, const Breach& breach) override {
    fired_.push_back(breach.id);
  }

  Trace trace_;
  Executor executor_;
  HelpersCheck check_;
  std::vector<FindingId> fired_;
};

TEST_F(HelpersTest, CopyMapsTheSourceFirstAndReleasesItLast) {
  Starts(OpCode::copy_highpage);
  Pte(0, B());
  Pte(1, A());
  Pte(1, kNoPfn);
  Pte(0, kNoPfn);
  Ends();
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(HelpersTest, I47CopyMapsTheDestinationFirst) {
  Starts(OpCode::copy_highpage);
  Pte(0, A());
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I47));
}

TEST_F(HelpersTest, I47MemcpyReleasesInTheWrongOrder) {
  Starts(OpCode::memcpy_page);
  Pte(0, A());
  Pte(1, B());
  EXPECT_THAT(Fired(), IsEmpty()) << "the destination first";
  Pte(0, kNoPfn);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I47));
}

TEST_F(HelpersTest, CopyOfTheEraOfSlotsIsFifo) {
  Starts(OpCode::copy_highpage, "x86_tiny_e1");
  Pte(3, B());
  Pte(4, A());
  Pte(3, kNoPfn);
  Pte(4, kNoPfn);
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(HelpersTest, I47AFlushTooFewAndTooMany) {
  Starts(OpCode::memcpy_to_page);
  Ends();
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I47));
  Starts(OpCode::memset_page);
  Pte(0, A());
  Flushes();
  Pte(0, kNoPfn);
  Ends();
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I47)) << "quirk Q9: it has none";
}

TEST_F(HelpersTest, I47AFlushOnTheWrongSideOfTheUnmap) {
  Starts(OpCode::memcpy_to_page);
  Pte(0, A());
  Flushes();
  Pte(0, kNoPfn);
  Ends();
  EXPECT_THAT(Fired(), IsEmpty());
  Starts(OpCode::memcpy_to_page);
  Pte(0, A());
  Pte(0, kNoPfn);
  Flushes();
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I47));
}

}  // namespace
}  // namespace highmem
