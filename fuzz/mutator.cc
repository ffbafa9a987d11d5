#include "fuzz/mutator.h"

#include <algorithm>
#include <cstring>

#include "highmem/trace/fuzz_builder.h"
#include "highmem/trace/fuzz_codec.h"

namespace highmem {
namespace {

constexpr uint32_t kBytesOdds = 2;      // one mutation in so many is one of bytes
constexpr uint32_t kCrossOverOdds = 4;  // one cross-over in so many is done
constexpr int kTries = 8;               // kinds drawn before bytes are mutated instead

constexpr uint32_t kLongestRun = 8;

// How often each is drawn, by Mutation.
constexpr uint8_t kWeights[] = {6, 2, 1, 1, 2, 6, 2, 4, 2};
static_assert(std::size(kWeights) == static_cast<size_t>(Mutation::kCount));

static_assert(sizeof(FuzzRecord) == kFuzzRecordSize && alignof(FuzzRecord) == 1);

bool Maps(FuzzMix mix, const FuzzRecord& r) {
  return r.who < kFuzzDecision && FuzzCodeMaps(mix, r.code);
}

uint8_t WithBits(uint8_t byte, uint32_t shift, uint32_t width, uint32_t value) {
  const uint32_t mask = ((1u << width) - 1) << shift;
  return static_cast<uint8_t>((byte & ~mask) | (value << shift & mask));
}

}  // namespace

// The records of an input behind its head, in room for `capacity`.
class Mutator::Records {
 public:
  Records(uint8_t* data, size_t size, size_t max_size)
      : all_(reinterpret_cast<FuzzRecord*>(data)),
        count_(size / kFuzzRecordSize),
        capacity_(std::min(max_size, std::max(size, kFuzzMaxSize)) / kFuzzRecordSize) {
    if (count_ == 0 && capacity_ > 0) all_[count_++] = {};
  }
  bool HasHead() const { return count_ > 0; }
  FuzzRecord& head() { return all_[0]; }
  uint32_t count() const { return static_cast<uint32_t>(count_ - 1); }
  uint32_t room() const { return static_cast<uint32_t>(capacity_ - count_); }
  FuzzRecord& operator[](uint32_t i) { return all_[1 + i]; }
  size_t bytes() const { return count_ * kFuzzRecordSize; }

  // Room for n records at place i, to be written.
  void Open(uint32_t i, uint32_t n) {
    std::memmove(all_ + 1 + i + n, all_ + 1 + i, (count() - i) * kFuzzRecordSize);
    count_ += n;
  }
  void Insert(uint32_t i, FuzzRecord record) {
    Open(i, 1);
    (*this)[i] = record;
  }
  void Erase(uint32_t i) {
    std::memmove(all_ + 1 + i, all_ + 2 + i, (count() - i - 1) * kFuzzRecordSize);
    count_--;
  }

 private:
  FuzzRecord* all_;
  size_t count_;
  size_t capacity_;
};

// Seeds close to each other begin with numbers close to each other.
Mutator::Mutator(uint32_t seed, FuzzMix mix) : random_(seed), mix_(mix) { random_.discard(2); }

uint32_t Mutator::Below(uint32_t n) {
  constexpr uint64_t kRange = std::minstd_rand::max() - std::minstd_rand::min() + 1;
  return static_cast<uint32_t>((random_() - std::minstd_rand::min()) * uint64_t{n} / kRange);
}

// A wish, so that it is an op wherever it comes to stand; every other one with something that comes
// in between.
FuzzRecord Mutator::NewOp() {
  FuzzRecord r;
  r.who = static_cast<uint8_t>(Below(64));
  r.code = static_cast<uint8_t>(Below(kFuzzLiteral));
  r.a = static_cast<uint8_t>(Below(16));
  r.b = OneIn(2) ? static_cast<uint8_t>(Below(256)) : uint8_t{0};
  return r;
}

FuzzRecord Mutator::NewDecision() {
  FuzzRecord r;
  const uint32_t whom = Below(8), number = Below(8);
  r.who = static_cast<uint8_t>(kFuzzDecision | whom << 3 | number);
  r.code = static_cast<uint8_t>(Below(kFuzzNearSteps));
  if (whom == kFuzzTargetOther) {
    const uint32_t target = Below(static_cast<uint32_t>(FuzzTarget::start)), operand = Below(8);
    r.a = static_cast<uint8_t>(target << kFuzzTargetShift | operand);
  }
  if (OneIn(4)) r.b = static_cast<uint8_t>(Below(256));
  return r;
}

// The bits of fuzz_builder.h.
void Mutator::ChangeHeader(FuzzRecord* head) {
  const uint32_t what = Below(6), which = Below(4), value = Below(64);
  switch (what) {
    case 0: head->who = WithBits(head->who, 0, 3, value); break;            // tasks
    case 1: head->who = WithBits(head->who, 3, 2, value); break;            // handlers
    case 2: head->code = WithBits(head->code, 2 * which, 2, value); break;  // a task's CPU
    case 3: head->a = WithBits(head->a, 4 * (which & 1), 4, value); break;  // a handler's CPU, runs
    case 4: head->b = WithBits(head->b, 0, 6, value); break;                // pages
    default:                                                                // order, lane
      head->who = WithBits(head->who, 5, 3, value);
      head->b = WithBits(head->b, 6, 2, which);
      break;
  }
}

void Mutator::ChangeRecord(FuzzRecord* r) {
  const bool decision = r->who >= kFuzzDecision;
  switch (Below(5)) {
    case 0: r->who = WithBits(r->who, 0, 3, Below(8)); break;  // who
    case 1: r->who = WithBits(r->who, 3, 3, Below(8)); break;  // value, or whom
    case 2: r->a = static_cast<uint8_t>(decision ? Below(256) : Below(16)); break;
    case 3: r->b = static_cast<uint8_t>(OneIn(4) ? 0 : Below(256)); break;
    default:
      r->code = static_cast<uint8_t>(Below(decision ? 256 : static_cast<uint32_t>(FuzzCodes())));
      break;
  }
}

bool Mutator::Insert(Records* records) {
  const uint32_t most = std::min(records->room(), kLongestRun);
  if (most == 0) return false;
  const uint32_t length = 1 + Below(most), to = Below(records->count() + 1);
  records->Open(to, length);
  for (uint32_t i = to; i < to + length; i++) (*records)[i] = NewOp();
  return true;
}

bool Mutator::Move(Records* records) {
  const uint32_t n = records->count();
  if (n < 2) return false;
  const uint32_t from = Below(n), to = (from + 1 + Below(n - 1)) % n;
  const FuzzRecord moved = (*records)[from];
  records->Erase(from);
  records->Insert(to, moved);
  return true;
}

bool Mutator::CopyRun(Records* records) {
  const uint32_t n = records->count(), most = std::min({n, records->room(), kLongestRun});
  if (most < 2) return false;
  const uint32_t length = 2 + Below(most - 1), from = Below(n - length + 1), to = Below(n + 1);
  FuzzRecord run[kLongestRun];
  std::copy_n(&(*records)[from], length, run);
  records->Open(to, length);
  std::copy_n(run, length, &(*records)[to]);
  return true;
}

bool Mutator::Decide(Records* records) {
  uint32_t mapping = 0;
  for (uint32_t i = 0; i < records->count(); i++) mapping += Maps(mix_, (*records)[i]);
  if (mapping == 0 || records->room() == 0) return false;
  uint32_t i = 0;
  for (uint32_t left = Below(mapping); !Maps(mix_, (*records)[i]) || left-- > 0;) i++;
  records->Insert(i + 1, NewDecision());
  return true;
}

bool Mutator::Do(Mutation mutation, Records* records) {
  const uint32_t n = records->count();
  switch (mutation) {
    case Mutation::insert: return Insert(records);
    case Mutation::erase:
      if (n == 0) return false;
      records->Erase(Below(n));
      return true;
    case Mutation::duplicate: {
      if (n == 0 || records->room() == 0) return false;
      const uint32_t i = Below(n);
      records->Insert(i, (*records)[i]);
      return true;
    }
    case Mutation::swap: {
      if (n < 2) return false;
      const uint32_t i = Below(n);
      std::swap((*records)[i], (*records)[(i + 1 + Below(n - 1)) % n]);
      return true;
    }
    case Mutation::move: return Move(records);
    case Mutation::change:
      if (n == 0) return false;
      ChangeRecord(&(*records)[Below(n)]);
      return true;
    case Mutation::copy_run: return CopyRun(records);
    case Mutation::decide: return Decide(records);
    case Mutation::header: ChangeHeader(&records->head()); return true;
    case Mutation::kCount: break;
  }
  return false;
}

size_t Mutator::Apply(Mutation mutation, uint8_t* data, size_t size, size_t max_size) {
  Records records(data, size, max_size);
  return records.HasHead() && Do(mutation, &records) ? records.bytes() : 0;
}

size_t Mutator::Mutate(uint8_t* data, size_t size, size_t max_size, MutateBytes bytes) {
  constexpr uint32_t kSum = [] {
    uint32_t sum = 0;
    for (const uint8_t weight : kWeights) sum += weight;
    return sum;
  }();
  if (OneIn(kBytesOdds)) return bytes(data, size, max_size);
  for (int i = 0; i < kTries; i++) {
    uint32_t left = Below(kSum);
    size_t kind = 0;
    for (; left >= kWeights[kind]; kind++) left -= kWeights[kind];
    const size_t done = Apply(static_cast<Mutation>(kind), data, size, max_size);
    if (done != 0) return done;
  }
  return bytes(data, size, max_size);
}

size_t Mutator::CrossOver(std::span<const uint8_t> a, std::span<const uint8_t> b, uint8_t* out,
                          size_t max_size) {
  if (!OneIn(kCrossOverOdds)) return 0;
  const auto records = [](size_t size) { return static_cast<uint32_t>(size / kFuzzRecordSize); };
  const uint32_t of_a = records(a.size()), of_b = records(b.size());
  const uint32_t room = records(std::min(max_size, kFuzzMaxSize));
  if (of_a == 0 || of_b < 2 || room < 2) return 0;
  const uint32_t head = 1 + Below(std::min(of_a, room - 1));
  const uint32_t tail = 1 + Below(std::min(of_b - 1, room - head));
  std::memcpy(out, a.data(), head * kFuzzRecordSize);
  std::memcpy(out + head * kFuzzRecordSize, b.data() + (of_b - tail) * kFuzzRecordSize,
              tail * kFuzzRecordSize);
  return (head + tail) * kFuzzRecordSize;
}

}  // namespace highmem
