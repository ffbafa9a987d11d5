#include "fuzz/cross_over.h"

#include <algorithm>
#include <cstring>

#include "highmem/trace/fuzz_codec.h"

namespace highmem {
namespace {

constexpr uint32_t kLongestSplice = 16;
constexpr uint32_t kLongestTurn = 4;

// Whole records of an input.
class Parent {
 public:
  explicit Parent(std::span<const uint8_t> bytes) : bytes_(bytes) {}
  uint32_t count() const { return static_cast<uint32_t>(bytes_.size() / kFuzzRecordSize); }
  std::span<const uint8_t> Records(uint32_t from, uint32_t n) const {
    return bytes_.subspan(from * kFuzzRecordSize, n * kFuzzRecordSize);
  }

 private:
  std::span<const uint8_t> bytes_;
};

class Child {
 public:
  Child(uint8_t* out, uint32_t room) : out_(out), room_(room) {}
  uint32_t room() const { return room_; }
  size_t bytes() const { return bytes_; }

  // What there is room for.
  void Append(const Parent& parent, uint32_t from, uint32_t n) {
    n = std::min(n, room_);
    if (n == 0) return;
    const auto records = parent.Records(from, n);
    std::memcpy(out_ + bytes_, records.data(), records.size());
    bytes_ += records.size();
    room_ -= n;
  }

 private:
  uint8_t* out_;
  uint32_t room_;
  size_t bytes_ = 0;
};

void Tail(const Parent& a, const Parent& b, Child* child, Dice* dice) {
  child->Append(a, 0, 1 + dice->Below(std::min(a.count(), child->room() - 1)));
  const uint32_t tail = 1 + dice->Below(std::min(b.count() - 1, child->room()));
  child->Append(b, b.count() - tail, tail);
}

void Splice(const Parent& a, const Parent& b, Child* child, Dice* dice) {
  const uint32_t at = 1 + dice->Below(std::min(a.count(), child->room() - 1));
  const uint32_t most = std::min({b.count() - 1, child->room() - at, kLongestSplice});
  const uint32_t n = 1 + dice->Below(most), from = 1 + dice->Below(b.count() - n);
  child->Append(a, 0, at);
  child->Append(b, from, n);
  child->Append(a, at, a.count() - at);
}

void Interleave(const Parent& a, const Parent& b, Child* child, Dice* dice) {
  child->Append(a, 0, 1);
  uint32_t of_a = 1, of_b = 1;
  bool turn_of_a = dice->OneIn(2);
  while (child->room() > 0 && (of_a < a.count() || of_b < b.count())) {
    const Parent& parent = turn_of_a ? a : b;
    uint32_t& at = turn_of_a ? of_a : of_b;
    const uint32_t n = std::min(1 + dice->Below(kLongestTurn), parent.count() - at);
    child->Append(parent, at, n);
    at += n;
    turn_of_a = !turn_of_a;
  }
}

}  // namespace

size_t CrossRecords(CrossOver how, std::span<const uint8_t> a, std::span<const uint8_t> b,
                    uint8_t* out, size_t max_size, Dice* dice) {
  const Parent first(a), second(b);
  Child child(out, static_cast<uint32_t>(std::min(max_size, kFuzzMaxSize) / kFuzzRecordSize));
  if (first.count() == 0 || second.count() < 2 || child.room() < 2) return 0;
  switch (how) {
    case CrossOver::tail: Tail(first, second, &child, dice); break;
    case CrossOver::splice: Splice(first, second, &child, dice); break;
    case CrossOver::interleave: Interleave(first, second, &child, dice); break;
    case CrossOver::kCount: break;
  }
  return child.bytes();
}

}  // namespace highmem
