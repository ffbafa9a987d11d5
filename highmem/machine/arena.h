// The whole simulated world is one block of bytes at a fixed host address: machine, kernel state,
// coroutine frames and what the oracles remember. It holds no pointer to the outside, so reset,
// snapshot and restore are memcpy, and equal bytes are equal states. (DESIGN decision 3)
//
//   [ state segment | oracle segment | frame stack 0 | frame stack 1 | ... ]
//
// The first two are carved anew at every reset, sized from the profile; a frame stack is live only
// up to its top. All sizes in bytes. Single-threaded: one arena per process.
#ifndef HIGHMEM_MACHINE_ARENA_H_
#define HIGHMEM_MACHINE_ARENA_H_

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace highmem {

// One bump stack of coroutine frames. Lives in the state segment; its bytes lie at
// StackBase(index).
struct FrameStack {
  uint32_t top;      // bytes in use
  uint32_t context;  // 1 + offset of the newest context record (kernel/context.h), 0 if none
};

class Arena {
 public:
  static constexpr uintptr_t kBase = 0x200000000000;  // outside ASan's shadow, free under ASLR
  static constexpr size_t kStateBytes = 64u << 20;
  static constexpr size_t kStackBytes = 16u << 10;
  static constexpr int kMaxStacks = 16;

  // What a snapshot holds; opaque, sized by use, reusable without reallocation.
  using Snapshot = std::vector<std::byte>;

  // Forgets every segment, zeroes what was live and makes `stacks` empty frame stacks.
  void Reset(int stacks);

  // n zeroed objects, 8-byte aligned. T must be trivially copyable: it will be memcpy'd.
  template <typename T>
  T* Carve(size_t n) {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= 8);
    return reinterpret_cast<T*>(CarveBytes(n * sizeof(T)));
  }

  // Everything carved after this call belongs to the oracle segment.
  void BeginOracleSegment() { oracle_begin_ = end_; }

  // Frame memory. Alloc returns null when the stack is full. Free demands LIFO order and zeroes
  // (a stale byte would be a spurious state); false if the block is not the newest one.
  void* Alloc(int stack, size_t bytes);
  bool Free(int stack, void* block, size_t bytes);

  FrameStack& stack(int i) { return stacks_[i]; }
  int stack_count() const { return stack_count_; }
  std::byte* stack_base(int i) const {
    return reinterpret_cast<std::byte*>(kBase + kStateBytes + static_cast<size_t>(i) * kStackBytes);
  }

  void Save(Snapshot* out) const;
  void Restore(const Snapshot& in);
  size_t snapshot_bytes() const;

  // Frame-exact identity of the state: XXH3 over every live byte. Equal hashes are taken for equal
  // states (64 bits; DESIGN section 3 "State identity").
  uint64_t Hash() const;

  size_t state_bytes() const { return oracle_begin_; }
  size_t oracle_bytes() const { return end_ - oracle_begin_; }

  // Debug audit: the first 8-byte word of the live arena that looks like a pointer into host stack
  // or heap, or null if there is none.
  const void* FindHostPointer() const;

 private:
  std::byte* base() const { return reinterpret_cast<std::byte*>(kBase); }
  std::byte* CarveBytes(size_t bytes);
  void Map();

  size_t end_ = 0;
  size_t oracle_begin_ = 0;
  FrameStack* stacks_ = nullptr;
  int stack_count_ = 0;
};

extern Arena arena;

}  // namespace highmem

#endif  // HIGHMEM_MACHINE_ARENA_H_
