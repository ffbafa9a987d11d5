#include "highmem/trace/container.h"

#include <gtest/gtest.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <random>

#include "highmem/trace/text.h"
#include "highmem/trace/trace_gen_for_test.h"

namespace highmem {
namespace {

Trace Sample() {
  Trace trace;
  ParseError error;
  EXPECT_TRUE(
      ParseTrace("#hm 1\n"
                 "profile x86_tiny cpus=1\n"
                 "page buffer high\n"
                 "task T1@0:\n"
                 "  a = kmap buffer -> pkmap:1 | BUG:kmap_high_count\n"
                 "  check count(buffer)==2\n"
                 "schedule:\n"
                 "  at T1.1 unlock+#2 -> evict 0 pkmap:1\n"
                 "expect I14\n",
                 "test", &trace, &error))
      << error.Text();
  return trace;
}

void FixHeader(std::string* bytes) { FitContainerHeader(bytes->data(), bytes->size()); }

std::string ErrorOf(std::string_view bytes) {
  Trace trace = Sample();
  std::string error;
  EXPECT_FALSE(DecodeContainer(bytes, &trace, &error));
  EXPECT_EQ(trace, Trace());
  return error;
}

// A message goes to a terminal.
TEST(Container, WordsThatCannotBePrintedAreQuoted) {
  std::string other = EncodeContainer(Sample());
  other.replace(other.find("x86_tiny"), 8, "x86\n\033[2J");
  FixHeader(&other);
  EXPECT_EQ(ErrorOf(other),
            "damaged payload, profile record 0: unknown profile 'x86\\x0a\\x1b[2J'");
  other = EncodeContainer(Sample());
  other.replace(other.find("cpus"), 4, "cp\tu");
  FixHeader(&other);
  EXPECT_EQ(ErrorOf(other), "damaged payload, profile record 0: unknown profile field 'cp\\x09u'");
  other = EncodeContainer(Sample());
  other.replace(other.find("buffer"), 6, "buff\x7fr");
  FixHeader(&other);
  EXPECT_NE(ErrorOf(other).find("found 'buff\\x7fr'"), std::string::npos);
}

TEST(Container, RoundTripOfArbitraryTraces) {
  for (uint64_t seed = 0; seed < 300; seed++) {
    const Trace t = TraceGenerator(seed).Next();
    Trace back;
    std::string error;
    ASSERT_TRUE(DecodeContainer(EncodeContainer(t), &back, &error)) << seed << ": " << error;
    ASSERT_EQ(back, t) << seed;
  }
}

// Files live long: these bytes must be read for ever. Another layout needs another version.
TEST(Container, LayoutOfVersion3) {
  const std::string bytes = EncodeContainer(Sample());
  EXPECT_EQ(bytes.substr(0, 6), std::string("HMT1\3\0", 6));
  EXPECT_EQ(bytes.size(), 386u);
  EXPECT_EQ(XXH64(bytes.data(), bytes.size(), 0), 12174821334411832847u);
}

// Pages had no order, which stands behind the colour.
std::string SampleOfVersion2() {
  std::string bytes = EncodeContainer(Sample());
  // The list of pages: their number, the name's word, high, colour.
  const std::string page("\1\0\0\0\2\0\0\0\1\0", 10);
  bytes.erase(bytes.find(page) + page.size(), 1);
  bytes[4] = 2;
  FixHeader(&bytes);
  return bytes;
}

void IsSample(const std::string& bytes) {
  Trace trace;
  std::string error;
  EXPECT_TRUE(DecodeContainer(bytes, &trace, &error)) << error;
  EXPECT_EQ(trace, Sample());
}

TEST(Container, LayoutOfVersion2) {
  const std::string bytes = SampleOfVersion2();
  EXPECT_EQ(bytes.size(), 385u);
  EXPECT_EQ(XXH64(bytes.data(), bytes.size(), 0), 4316025504039999455u);
  IsSample(bytes);
}

// Conditions had no actor or CPU: the sample has one in a check and one in its verdict.
std::string SampleOfVersion1() {
  std::string bytes = SampleOfVersion2();
  constexpr size_t kTail = 8;  // of a condition behind its actor: page, offset, value
  bytes.erase(bytes.size() - kTail - 1, 1);
  constexpr size_t kBehind = 92;  // schedule, lists and verdict behind the condition of the check
  bytes.erase(bytes.size() - kBehind - kTail - 1, 1);
  bytes[4] = 1;
  FixHeader(&bytes);
  return bytes;
}

TEST(Container, LayoutOfVersion1) {
  const std::string bytes = SampleOfVersion1();
  EXPECT_EQ(bytes.size(), 383u);
  EXPECT_EQ(XXH64(bytes.data(), bytes.size(), 0), 213605175545765372u);
  IsSample(bytes);
}

TEST(Container, EveryTruncationIsRefused) {
  const std::string bytes = EncodeContainer(Sample());
  for (size_t size = 0; size < bytes.size(); size++) {
    const std::string error = ErrorOf(bytes.substr(0, size));
    std::string sentence = "length mismatch: expected a payload of ";
    if (size < kContainerHeader) sentence = "too short: expected a header of 18 bytes, found ";
    if (size < kContainerMagic.size()) sentence = "expected the magic bytes 'HMT1', found others";
    EXPECT_EQ(error.substr(0, sentence.size()), sentence) << size;
  }
}

TEST(Container, EveryFlippedBitIsRefused) {
  const std::string bytes = EncodeContainer(Sample());
  for (size_t at = 0; at < bytes.size(); at++) {
    for (int bit = 0; bit < 8; bit++) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ 1 << bit);
      EXPECT_FALSE(ErrorOf(damaged).empty());
    }
  }
}

TEST(Container, HeaderErrors) {
  const std::string bytes = EncodeContainer(Sample());
  EXPECT_EQ(ErrorOf("HMT2" + bytes.substr(4)), "expected the magic bytes 'HMT1', found others");
  EXPECT_EQ(ErrorOf("HMT1"), "too short: expected a header of 18 bytes, found 4");
  std::string other = bytes;
  other[4] = 4;
  EXPECT_EQ(ErrorOf(other), "expected a version from 1 to 3, found version 4");
  const std::string size = std::to_string(bytes.size() - kContainerHeader);
  EXPECT_EQ(ErrorOf(bytes + "x"), "length mismatch: expected a payload of " + size +
                                      " bytes, found " + std::to_string(bytes.size() + 1 - 18));
  other = bytes;
  other.back() ^= 1;
  EXPECT_EQ(ErrorOf(other), "checksum mismatch: the payload is damaged");
}

TEST(Container, PayloadErrors) {
  const std::string bytes = EncodeContainer(Sample());
  std::string other = bytes + "xy";
  FixHeader(&other);
  EXPECT_EQ(ErrorOf(other), "damaged payload, end record 0: 2 bytes too many");
  other = bytes.substr(0, bytes.size() - 1);
  FixHeader(&other);
  EXPECT_EQ(ErrorOf(other), "damaged payload, verdict record 0: the payload ends here");
  other = bytes;
  other.replace(other.find("buffer"), 6, "buff-r");
  FixHeader(&other);
  EXPECT_EQ(ErrorOf(other),
            "expected the page name to be at most 31 letters, digits and '_' and no word of the "
            "format, found 'buff-r'");
  other = bytes;
  other.replace(other.find("kmap"), 4, "kmax");
  FixHeader(&other);
  EXPECT_EQ(ErrorOf(other), "damaged payload, op record 0: unknown word 'kmax'");
  other = bytes;
  other.replace(other.find("x86_tiny"), 8, "x86_tinY");
  FixHeader(&other);
  EXPECT_EQ(ErrorOf(other), "damaged payload, profile record 0: unknown profile 'x86_tinY'");
  other =
      std::string(bytes.substr(0, kContainerHeader)) + std::string("\xff\xff\xff\xff\x05word", 9);
  FixHeader(&other);
  EXPECT_EQ(ErrorOf(other), "damaged payload, word record 0: ends within word 0");
}

// One to three bytes behind the header, sometimes the end as well.
std::string Damaged(std::string bytes, std::mt19937_64& random) {
  const size_t payload = bytes.size() - kContainerHeader;
  for (uint64_t n = 1 + random() % 3; n > 0; n--) {
    const size_t at = kContainerHeader + random() % payload;
    bytes[at] = static_cast<char>(random() % 2 != 0 ? random() : bytes[at] + 1);
  }
  if (random() % 8 == 0) bytes.resize(kContainerHeader + random() % payload);
  FixHeader(&bytes);
  return bytes;
}

// True if it is a trace after all; then it is a sound one.
bool IsAccepted(const std::string& bytes) {
  Trace trace;
  Trace back;
  std::string error;
  if (!DecodeContainer(bytes, &trace, &error)) {
    EXPECT_FALSE(error.empty());
    return false;
  }
  EXPECT_TRUE(CheckTrace(trace, &error)) << error;
  EXPECT_TRUE(DecodeContainer(EncodeContainer(trace), &back, &error)) << error;
  EXPECT_EQ(back, trace);
  return true;
}

// With a checksum that fits, damage reaches the records: all of it must be refused or be a trace.
TEST(Container, DamageBehindAGoodChecksumNeverCrashes) {
  std::mt19937_64 random(3);
  int accepted = 0;
  std::vector<std::string> sound(40);
  for (size_t seed = 0; seed < sound.size(); seed++)
    sound[seed] = EncodeContainer(TraceGenerator(seed).Next());
  for (size_t i = 0; i < 3000; i++)
    accepted += IsAccepted(Damaged(sound[i % sound.size()], random));
  EXPECT_GT(accepted, 10);
}

}  // namespace
}  // namespace highmem
