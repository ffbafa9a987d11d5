// The records of a fuzz input (trace/fuzz_codec.h), in place: the head, and those behind it, which
// are counted from 0.
#ifndef HIGHMEM_FUZZ_RECORDS_H_
#define HIGHMEM_FUZZ_RECORDS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "highmem/trace/fuzz_codec.h"
#include "highmem/trace/fuzz_op.h"

namespace highmem {

static_assert(sizeof(FuzzRecord) == kFuzzRecordSize && alignof(FuzzRecord) == 1);

class Records {
 public:
  // Of data[0, size), in room for max_size bytes; what does not fit is cut off. An input without a
  // head gets one of zeros, if there is room for it.
  Records(uint8_t* data, size_t size, size_t max_size)
      : all_(reinterpret_cast<FuzzRecord*>(data)),
        count_(std::min(size, max_size) / kFuzzRecordSize),
        capacity_(std::max(count_, std::min(max_size, kFuzzMaxSize) / kFuzzRecordSize)) {
    if (count_ == 0 && capacity_ > 0) all_[count_++] = {};
  }

  // The rest is for those that have one.
  bool HasHead() const { return count_ > 0; }
  FuzzRecord& head() { return all_[0]; }
  uint32_t count() const { return static_cast<uint32_t>(count_ - 1); }
  uint32_t room() const { return static_cast<uint32_t>(capacity_ - count_); }
  FuzzRecord& operator[](uint32_t i) { return all_[1 + i]; }
  size_t bytes() const { return count_ * kFuzzRecordSize; }

  // Room for n <= room() records at place i, to be written.
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

}  // namespace highmem

#endif  // HIGHMEM_FUZZ_RECORDS_H_
