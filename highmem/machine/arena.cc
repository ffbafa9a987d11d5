#include "highmem/machine/arena.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#define XXH_INLINE_ALL
#include <xxhash.h>

#if defined(__SANITIZE_ADDRESS__)
#define HIGHMEM_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HIGHMEM_ASAN 1
#endif
#endif
#ifdef HIGHMEM_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

namespace highmem {

Arena arena;

namespace {

struct Range {
  uint64_t begin;
  uint64_t end;
};

// Writable memory of this process that belongs to no file, the arena left out. Very large mappings
// are sanitizer shadow, which nobody points to.
std::vector<Range> HostStackAndHeap() {
  constexpr uint64_t kShadowSize = 1ull << 38;
  std::vector<Range> ranges;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    unsigned long long begin = 0;
    unsigned long long end = 0;
    char mode[5] = {};
    if (std::sscanf(line.c_str(), "%llx-%llx %4s", &begin, &end, mode) != 3) continue;
    const bool file = line.find('/') != std::string::npos;
    if (mode[1] != 'w' || file || begin == Arena::kBase || end - begin > kShadowSize) continue;
    ranges.push_back({begin, end});
  }
  return ranges;
}

constexpr size_t Align(size_t bytes, size_t to) { return (bytes + to - 1) & ~(to - 1); }

}  // namespace

void Arena::Map() {
  const size_t bytes = kStateBytes + kMaxStacks * kStackBytes;
  void* got = mmap(base(), bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_NORESERVE, -1, 0);
  if (got != base()) {
    std::fprintf(stderr, "highmem: cannot map the arena at %p\n", static_cast<void*>(base()));
    std::exit(71);
  }
}

void Arena::Reset(int stacks) {
  if (end_ == 0) Map();
  for (int i = 0; i < stack_count_; i++) {
    ASAN_UNPOISON_MEMORY_REGION(stack_base(i), kStackBytes);
    std::memset(stack_base(i), 0, stacks_[i].top);
  }
  std::memset(base(), 0, end_);
  end_ = 0;
  stack_count_ = stacks;
  stacks_ = Carve<FrameStack>(stacks);
  oracle_begin_ = end_;
  for (int i = 0; i < stacks; i++) ASAN_POISON_MEMORY_REGION(stack_base(i), kStackBytes);
}

std::byte* Arena::CarveBytes(size_t bytes) {
  std::byte* at = base() + end_;
  end_ += Align(std::max<size_t>(bytes, 1), 8);
  if (end_ > kStateBytes) {
    std::fprintf(stderr, "highmem: the profile needs more than %zu bytes of arena\n", kStateBytes);
    std::exit(71);
  }
  return at;
}

void* Arena::Alloc(int i, size_t bytes) {
  FrameStack& s = stacks_[i];
  const size_t n = Align(bytes, 16);
  if (s.top + n > kStackBytes) return nullptr;
  std::byte* at = stack_base(i) + s.top;
  ASAN_UNPOISON_MEMORY_REGION(at, n);
  s.top += static_cast<uint32_t>(n);
  return at;
}

bool Arena::Free(int i, void* block, size_t bytes) {
  FrameStack& s = stacks_[i];
  const size_t n = Align(bytes, 16);
  std::byte* at = static_cast<std::byte*>(block);
  if (at + n != stack_base(i) + s.top) return false;
  std::memset(at, 0, n);
  ASAN_POISON_MEMORY_REGION(at, n);
  s.top -= static_cast<uint32_t>(n);
  return true;
}

size_t Arena::snapshot_bytes() const {
  size_t n = end_;
  for (int i = 0; i < stack_count_; i++) n += stacks_[i].top;
  return n;
}

void Arena::Save(Snapshot* out) const {
  out->resize(snapshot_bytes());
  std::byte* to = out->data();
  std::memcpy(to, base(), end_);
  to += end_;
  for (int i = 0; i < stack_count_; i++) {
    std::memcpy(to, stack_base(i), stacks_[i].top);
    to += stacks_[i].top;
  }
}

void Arena::Restore(const Snapshot& in) {
  uint32_t old_top[kMaxStacks];
  for (int i = 0; i < stack_count_; i++) old_top[i] = stacks_[i].top;
  const std::byte* from = in.data();
  std::memcpy(base(), from, end_);
  from += end_;
  for (int i = 0; i < stack_count_; i++) {
    const uint32_t top = stacks_[i].top;
    std::byte* to = stack_base(i);
    if (top < old_top[i]) {
      std::memset(to + top, 0, old_top[i] - top);
      ASAN_POISON_MEMORY_REGION(to + top, old_top[i] - top);
    } else {
      ASAN_UNPOISON_MEMORY_REGION(to + old_top[i], top - old_top[i]);
    }
    std::memcpy(to, from, top);
    from += top;
  }
}

uint64_t Arena::Hash() const {
  uint64_t h = XXH3_64bits(base(), end_);
  for (int i = 0; i < stack_count_; i++) h = XXH3_64bits_withSeed(stack_base(i), stacks_[i].top, h);
  return h;
}

const void* Arena::FindHostPointer() const {
  const std::vector<Range> host = HostStackAndHeap();
  auto scan = [&](const std::byte* from, size_t bytes) -> const void* {
    for (size_t i = 0; i + 8 <= bytes; i += 8) {
      uint64_t word;
      std::memcpy(&word, from + i, 8);
      for (const Range& range : host)
        if (word >= range.begin && word < range.end) return from + i;
    }
    return nullptr;
  };
  if (const void* found = scan(base(), end_)) return found;
  for (int i = 0; i < stack_count_; i++)
    if (const void* found = scan(stack_base(i), stacks_[i].top)) return found;
  return nullptr;
}

}  // namespace highmem
