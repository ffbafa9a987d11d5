// Numbers from a seed, equal on every compiler and machine: splitmix64.
#ifndef HIGHMEM_SCHEDULE_SEED_H_
#define HIGHMEM_SCHEDULE_SEED_H_

#include <cstdint>

namespace highmem {

class SeededNumbers {
 public:
  explicit SeededNumbers(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }
  // 0 .. n-1, each as likely as any other; n > 0.
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>((Next() >> 32) * n >> 32); }

 private:
  uint64_t state_;
};

}  // namespace highmem

#endif  // HIGHMEM_SCHEDULE_SEED_H_
