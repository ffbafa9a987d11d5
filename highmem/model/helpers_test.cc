#include "highmem/model/helpers.h"

#include <gtest/gtest.h>

#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"

namespace highmem::model {
namespace {

// copy_highpage A B, and memset_page A+4 7 2, of one actor.
class HelpersTest : public testing::Test {
 protected:
  static constexpr FindingId kFine = FindingId::kNone;

  HelpersTest() {
    arena.Reset(1);
    MachineReset(*FindProfile("x86_tiny"));
    trace_.pages.resize(2);
    trace_.actors.resize(1);
    trace_.ops.resize(2);
    trace_.actors[0].op_count = 2;
    trace_.ops[0].code = OpCode::copy_highpage;
    SetSourcePage(&trace_.ops[0], 1);
    trace_.ops[1].code = OpCode::memset_page;
    trace_.ops[1].offset = 4;
    trace_.ops[1].value = 7;
    SetLength(&trace_.ops[1], 2);
    data_.Begin(trace_);
    helpers_.Begin(trace_, &data_);
  }

  void Starts(uint32_t op) {
    call_ = {trace_.ops[op].code, true, A(), B(), KmType::KM_USER0, false, {}};
    Event e{};
    e.obj = op;
    helpers_.OpBegin(e, call_);
  }
  FindingId Access(EventKind kind, Pfn page, uint32_t offset, int byte) {
    Event e{};
    e.kind = kind;
    e.obj = FixKmapAddr(0) + offset;
    e.new_value = static_cast<uint32_t>(byte);
    e.aux = page;
    return helpers_.Access(e, call_).id;
  }
  FindingId Load(Pfn page, uint32_t offset, int byte) {
    return Access(EventKind::load, page, offset, byte);
  }
  FindingId Store(Pfn page, uint32_t offset, int byte) {
    return Access(EventKind::store, page, offset, byte);
  }
  FindingId Ends() { return helpers_.OpEnd(Event{}, call_).id; }
  Pfn A() const { return PfnOf(trace_, 0); }
  Pfn B() const { return PfnOf(trace_, 1); }

  Trace trace_;
  Data data_;
  Helpers helpers_;
  Actors::Call call_;
};

TEST_F(HelpersTest, ACopyReadsAndWritesEveryByteOnce) {
  Starts(0);
  for (uint32_t i = 0; i < 32; i++) {
    EXPECT_EQ(Load(B(), i, InitialByte(B(), i)), kFine);
    EXPECT_EQ(Store(A(), i, InitialByte(B(), i)), kFine);
  }
  EXPECT_EQ(Ends(), kFine);
  EXPECT_EQ(data_.Byte(A(), 31), InitialByte(B(), 31));
}

TEST_F(HelpersTest, D1ReadsAStaleByte) {
  Starts(0);
  EXPECT_EQ(Load(B(), 0, InitialByte(A(), 0)), FindingId::D1);
}

TEST_F(HelpersTest, I47StopsShort) {
  Starts(0);
  Load(B(), 0, InitialByte(B(), 0));
  Store(A(), 0, InitialByte(B(), 0));
  EXPECT_EQ(Ends(), FindingId::I47);
}

TEST_F(HelpersTest, I47AnotherByteOrPlace) {
  Starts(1);
  EXPECT_EQ(Store(A(), 4, 8), FindingId::I47) << "another byte";
  Starts(1);
  EXPECT_EQ(Store(A(), 5, 7), FindingId::I47) << "not the first one";
  Starts(1);
  EXPECT_EQ(Store(B(), 4, 7), FindingId::I47) << "another page";
  Starts(1);
  EXPECT_EQ(Store(A(), 4, 7), kFine);
  EXPECT_EQ(Store(A(), 5, 7), kFine);
  EXPECT_EQ(Store(A(), 6, 7), FindingId::I47) << "one too many";
}

TEST_F(HelpersTest, D2AFault) {
  Starts(1);
  EXPECT_EQ(Access(EventKind::fault, A(), 4, 0), FindingId::D2);
}

}  // namespace
}  // namespace highmem::model
