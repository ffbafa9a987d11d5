#include "fuzz/mutator.h"

#include <algorithm>

#include "fuzz/cross_over.h"
#include "highmem/trace/fuzz_builder.h"

namespace highmem {
namespace {

constexpr uint32_t kBytesOdds = 2;      // one mutation in so many is one of bytes
constexpr uint32_t kCrossOverOdds = 4;  // one cross-over in so many is done
constexpr int kTries = 8;               // kinds drawn before bytes are mutated instead

constexpr uint32_t kLongestRun = 8;

// How often each is drawn, by Mutation.
constexpr uint8_t kWeights[] = {6, 2, 1, 1, 2, 6, 3, 2, 4, 1, 2};
static_assert(std::size(kWeights) == static_cast<size_t>(Mutation::kCount));

bool Maps(FuzzMix mix, const FuzzRecord& r) {
  return r.who < kFuzzDecision && FuzzCodeMaps(mix, r.code);
}

uint8_t WithBits(uint8_t byte, uint32_t shift, uint32_t width, uint32_t value) {
  const uint32_t mask = ((1u << width) - 1) << shift;
  return static_cast<uint8_t>((byte & ~mask) | (value << shift & mask));
}

}  // namespace

Mutator::Mutator(uint32_t seed, FuzzMix mix) : dice_(seed), mix_(mix) {}

// A wish, so that it is an op wherever it comes to stand; every other one with something that comes
// in between.
FuzzRecord Mutator::NewOp() {
  FuzzRecord r;
  r.who = static_cast<uint8_t>(dice_.Below(64));
  r.code = static_cast<uint8_t>(dice_.Below(kFuzzLiteral));
  r.a = static_cast<uint8_t>(dice_.Below(16));
  r.b = dice_.OneIn(2) ? static_cast<uint8_t>(dice_.Below(256)) : uint8_t{0};
  return r;
}

FuzzRecord Mutator::NewDecision() {
  FuzzRecord r;
  const uint32_t whom = dice_.Below(8), number = dice_.Below(8);
  r.who = static_cast<uint8_t>(kFuzzDecision | whom << 3 | number);
  r.code = static_cast<uint8_t>(dice_.Below(kFuzzNearSteps));
  if (whom == kFuzzTargetOther) {
    const uint32_t target = dice_.Below(static_cast<uint32_t>(FuzzTarget::start)),
                   operand = dice_.Below(8);
    r.a = static_cast<uint8_t>(target << kFuzzTargetShift | operand);
  }
  if (dice_.OneIn(4)) r.b = static_cast<uint8_t>(dice_.Below(256));
  return r;
}

// The bits of fuzz_builder.h.
void Mutator::ChangeHeader(FuzzRecord* head) {
  const uint32_t what = dice_.Below(6), which = dice_.Below(4), value = dice_.Below(64);
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
  switch (dice_.Below(5)) {
    case 0: r->who = WithBits(r->who, 0, 3, dice_.Below(8)); break;  // who
    case 1: r->who = WithBits(r->who, 3, 3, dice_.Below(8)); break;  // value, or whom
    case 2: r->a = static_cast<uint8_t>(decision ? dice_.Below(256) : dice_.Below(16)); break;
    case 3: r->b = static_cast<uint8_t>(dice_.OneIn(4) ? 0 : dice_.Below(256)); break;
    default:
      r->code =
          static_cast<uint8_t>(dice_.Below(decision ? 256 : static_cast<uint32_t>(FuzzCodes())));
      break;
  }
}

// One up or down, round at the ends: the next page, the task before, a step later.
void Mutator::Nudge(Records* records) {
  const uint32_t which = dice_.Below(records->count() + 1), by = dice_.OneIn(2) ? 1 : UINT32_MAX;
  FuzzRecord& r = which == 0 ? records->head() : (*records)[which - 1];
  switch (dice_.Below(5)) {
    case 0: r.who = WithBits(r.who, 0, 3, r.who + by); break;         // who
    case 1: r.who = WithBits(r.who, 3, 3, (r.who >> 3) + by); break;  // value, or whom
    case 2: r.code = static_cast<uint8_t>(r.code + by); break;
    case 3: r.a = static_cast<uint8_t>(r.a + by); break;
    default: r.b = static_cast<uint8_t>(r.b + by); break;
  }
}

bool Mutator::Insert(Records* records) {
  const uint32_t most = std::min(records->room(), kLongestRun);
  if (most == 0) return false;
  const uint32_t length = 1 + dice_.Below(most), to = dice_.Below(records->count() + 1);
  records->Open(to, length);
  for (uint32_t i = to; i < to + length; i++) (*records)[i] = NewOp();
  return true;
}

bool Mutator::Move(Records* records) {
  const uint32_t n = records->count();
  if (n < 2) return false;
  const uint32_t from = dice_.Below(n), to = (from + 1 + dice_.Below(n - 1)) % n;
  const FuzzRecord moved = (*records)[from];
  records->Erase(from);
  records->Insert(to, moved);
  return true;
}

bool Mutator::CopyRun(Records* records) {
  const uint32_t n = records->count(), most = std::min({n, records->room(), kLongestRun});
  if (most < 2) return false;
  const uint32_t length = 2 + dice_.Below(most - 1), from = dice_.Below(n - length + 1),
                 to = dice_.Below(n + 1);
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
  for (uint32_t left = dice_.Below(mapping); !Maps(mix_, (*records)[i]) || left-- > 0;) i++;
  records->Insert(i + 1, NewDecision());
  return true;
}

bool Mutator::Undecide(Records* records) {
  uint32_t decisions = 0;
  for (uint32_t i = 0; i < records->count(); i++) decisions += (*records)[i].who >= kFuzzDecision;
  if (decisions == 0) return false;
  uint32_t i = 0;
  for (uint32_t left = dice_.Below(decisions);; i++)
    if ((*records)[i].who >= kFuzzDecision && left-- == 0) break;
  records->Erase(i);
  return true;
}

bool Mutator::Do(Mutation mutation, Records* records) {
  const uint32_t n = records->count();
  switch (mutation) {
    case Mutation::insert: return Insert(records);
    case Mutation::erase:
      if (n == 0) return false;
      records->Erase(dice_.Below(n));
      return true;
    case Mutation::duplicate: {
      if (n == 0 || records->room() == 0) return false;
      const uint32_t i = dice_.Below(n);
      records->Insert(i, (*records)[i]);
      return true;
    }
    case Mutation::swap: {
      if (n < 2) return false;
      const uint32_t i = dice_.Below(n);
      std::swap((*records)[i], (*records)[(i + 1 + dice_.Below(n - 1)) % n]);
      return true;
    }
    case Mutation::move: return Move(records);
    case Mutation::change:
      if (n == 0) return false;
      ChangeRecord(&(*records)[dice_.Below(n)]);
      return true;
    case Mutation::nudge: Nudge(records); return true;
    case Mutation::copy_run: return CopyRun(records);
    case Mutation::decide: return Decide(records);
    case Mutation::undecide: return Undecide(records);
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
  if (max_size == 0) return 0;
  size = std::min(size, max_size);
  if (dice_.OneIn(kBytesOdds)) return bytes(data, size, max_size);
  for (int i = 0; i < kTries; i++) {
    uint32_t left = dice_.Below(kSum);
    size_t kind = 0;
    for (; left >= kWeights[kind]; kind++) left -= kWeights[kind];
    const size_t done = Apply(static_cast<Mutation>(kind), data, size, max_size);
    if (done != 0) return done;
  }
  return bytes(data, size, max_size);
}

size_t Mutator::Cross(std::span<const uint8_t> a, std::span<const uint8_t> b, uint8_t* out,
                      size_t max_size) {
  if (!dice_.OneIn(kCrossOverOdds)) return 0;
  const auto how = static_cast<CrossOver>(dice_.Below(static_cast<uint32_t>(CrossOver::kCount)));
  return CrossRecords(how, a, b, out, max_size, &dice_);
}

}  // namespace highmem
