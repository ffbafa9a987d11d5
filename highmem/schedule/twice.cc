#include "highmem/schedule/twice.h"

#include <algorithm>
#include <vector>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace highmem {
namespace {

// A hash of each step's events.
class StepHashes : public EventSink {
 public:
  void Begin(const Executor& /*executor*/) override { hashes.clear(); }
  bool OnStep(const Executor& /*executor*/, std::span<const Event> events) override {
    hashes.push_back(XXH3_64bits(events.data(), events.size_bytes()));
    return true;
  }
  std::vector<uint64_t> hashes;
};

std::vector<uint64_t> Run(Executor& executor, const Trace& trace, Chooser& chooser) {
  StepHashes sink;
  executor.Load(trace, &sink);
  executor.Run(chooser);
  return std::move(sink.hashes);
}

}  // namespace

int64_t FirstStepThatDiffers(Executor& executor, const Trace& trace, Chooser& chooser) {
  const std::vector<uint64_t> once = Run(executor, trace, chooser);
  const std::vector<uint64_t> again = Run(executor, trace, chooser);
  const auto [a, b] = std::mismatch(once.begin(), once.end(), again.begin(), again.end());
  if (a == once.end() && b == again.end()) return kSameTwice;
  return a - once.begin();
}

}  // namespace highmem
