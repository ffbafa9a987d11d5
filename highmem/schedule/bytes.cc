#include "highmem/schedule/bytes.h"

#include <bit>

#include "highmem/schedule/moves.h"
#include "highmem/trace/executor.h"

namespace highmem {
namespace {

constexpr uint8_t kSteps[8] = {0, 1, 2, 3, 5, 8, 13, 21};
constexpr int kStepsShift = 5;
constexpr uint8_t kWhichMask = (1 << kStepsShift) - 1;
constexpr uint32_t kHardware = 30;  // from here on

}  // namespace

void BytesChooser::Begin(const Executor& /*executor*/) {
  order_.Begin();
  next_ = 0;
  wait_ = kNone;
}

bool BytesChooser::IsTime() {
  if (wait_ == kNone) {
    if (next_ == bytes_.size()) return false;
    byte_ = Take();
    wait_ = kSteps[byte_ >> kStepsShift];
  }
  return wait_-- == 0;
}

Move BytesChooser::NextMove(const Executor& executor, MoveMask enabled) {
  return IsTime() ? Chosen(executor, enabled) : RunOn(executor, enabled);
}

Move BytesChooser::RunOn(const Executor& executor, MoveMask enabled) {
  const Move move = order_.Next(executor, enabled);
  order_.Took(executor, move);
  return move;
}

// As a decision towards some target, so that the order goes on as it does when that is replayed.
Move BytesChooser::Chosen(const Executor& executor, MoveMask enabled) {
  const uint32_t which = byte_ & kWhichMask;
  Move move;
  uint32_t value = 0;
  hardware_.clear();
  if (which >= kHardware) ListHardwareMoves(executor, &hardware_);
  if (!hardware_.empty()) {
    move = hardware_[Take() % hardware_.size()];
  } else {
    const auto count = static_cast<uint32_t>(std::popcount(enabled));
    MoveMask mask = enabled;
    for (uint32_t n = which % count; n > 0; n--) mask &= mask - 1;
    move = MoveOfBit(executor, std::countr_zero(mask));
    value = which / count % executor.ChoicesOf(move);
  }
  const Target target = order_.Towards(executor, move, value, enabled);
  return order_.Obey(executor, target, enabled, &move) ? move : RunOn(executor, enabled);
}

uint32_t BytesChooser::NextValue(const Executor& executor, const Move& move, uint32_t n) {
  if (executor.RunContext(move.cpu).pending.kind == PrimKind::choose) return Take() % n;
  return order_.NextValue(executor, move, n);
}

}  // namespace highmem
