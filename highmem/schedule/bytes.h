// A schedule in bytes that somebody else makes up, a fuzzer: every string of bytes is one. Each
// byte chooses among what is enabled when it is its turn, so none is illegal and none holds up
// those behind it.
#ifndef HIGHMEM_SCHEDULE_BYTES_H_
#define HIGHMEM_SCHEDULE_BYTES_H_

#include <cstdint>
#include <span>
#include <vector>

#include "highmem/schedule/default_order.h"
#include "highmem/trace/chooser.h"

namespace highmem {

// A byte's upper three bits: how many steps the default order goes on first (0, 1, 2, 3, 5, 8, 13
// or 21). Its lower five: which of the enabled moves, and where a move has several ways which of
// them; 30 and 31 are a choice of the hardware or the scheduler (fill, eviction, write-back,
// migration), and the next byte says which. What was chosen then runs on, as in a replay. When the
// bytes are used up the default order goes on. Where a program chooses (any(...)) a byte of its own
// says what, 0 the first.
class BytesChooser : public Chooser {
 public:
  // The bytes must outlive it. It begins anew with every execution.
  explicit BytesChooser(std::span<const uint8_t> bytes) : bytes_(bytes) {}
  void Begin(const Executor& executor) override;
  Move NextMove(const Executor& executor, MoveMask enabled) override;
  uint32_t NextValue(const Executor& executor, const Move& move, uint32_t n) override;

 private:
  uint8_t Take() { return next_ < bytes_.size() ? bytes_[next_++] : uint8_t{0}; }
  bool IsTime();
  Move Chosen(const Executor& executor, MoveMask enabled);
  Move RunOn(const Executor& executor, MoveMask enabled);

  static constexpr int kNone = -1;
  std::span<const uint8_t> bytes_;
  size_t next_ = 0;
  uint8_t byte_ = 0;  // whose turn comes ...
  int wait_ = kNone;  // ... in so many steps
  DefaultOrder order_;
  std::vector<Move> hardware_;  // scratch
};

}  // namespace highmem

#endif  // HIGHMEM_SCHEDULE_BYTES_H_
