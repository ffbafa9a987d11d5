// The codes of fuzz records: wishes, by mix, and literal ops. (docs/TRACE_FORMAT.md "Fuzz bytes";
// for fuzz_op.cc)
#ifndef HIGHMEM_TRACE_FUZZ_WISHES_H_
#define HIGHMEM_TRACE_FUZZ_WISHES_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "highmem/trace/fuzz_op.h"

namespace highmem {

enum class Wish : uint8_t {
  kmap_fresh,  // of the a-th page, or the next one nobody has mapped
  kmap_page,
  kunmap,
  load,
  store,
  page_address,
  yield,
  flush,
  irq_save,
  preempt_disable,
  lock,
  close,  // the section opened last
  post,
  take,
  map_local,    // the a-th page
  map_atomic,   // likewise
  unmap_local,  // the newest local or atomic map
  get_user,
  kmap_to_page,
  fork,
  bh_disable,
  high_get,  // of the a-th high page
  unpin,     // the newest kmap_high_get
  dma_map,   // of the a-th page, for the device to read, write, or both
  dma_unmap,
  device_load,
  device_store,
  helper,  // one of kHelperOps
  arch,    // one of kArchOps, or, where it opens something that is open, its counterpart
  cpu,     // one goes offline or comes back
};

// How many codes ask for it. The order and the sums are the format.
struct WishCodes {
  Wish wish;
  uint8_t codes;
};
inline constexpr WishCodes kWishes[] = {
    {Wish::kmap_fresh, 80}, {Wish::kmap_page, 24},      {Wish::kunmap, 24}, {Wish::load, 18},
    {Wish::store, 14},      {Wish::page_address, 8},    {Wish::yield, 4},   {Wish::flush, 4},
    {Wish::irq_save, 6},    {Wish::preempt_disable, 6}, {Wish::lock, 4},    {Wish::close, 4},
    {Wish::post, 12},       {Wish::take, 16},
};

inline constexpr WishCodes kLocalWishes[] = {
    {Wish::map_local, 70},   {Wish::unmap_local, 40}, {Wish::map_atomic, 20},
    {Wish::load, 26},        {Wish::store, 18},       {Wish::yield, 12},
    {Wish::get_user, 6},     {Wish::kmap_page, 8},    {Wish::kunmap, 6},
    {Wish::kmap_to_page, 4}, {Wish::fork, 4},         {Wish::close, 2},
    {Wish::bh_disable, 3},   {Wish::irq_save, 3},     {Wish::preempt_disable, 2},
};

inline constexpr WishCodes kHighGetWishes[] = {
    {Wish::high_get, 44},    {Wish::unpin, 24},
    {Wish::kmap_fresh, 24},  {Wish::kmap_page, 16},
    {Wish::kunmap, 28},      {Wish::map_local, 20},
    {Wish::unmap_local, 16}, {Wish::map_atomic, 6},
    {Wish::load, 12},        {Wish::store, 12},
    {Wish::yield, 4},        {Wish::flush, 6},
    {Wish::irq_save, 4},     {Wish::preempt_disable, 2},
    {Wish::close, 2},        {Wish::post, 2},
    {Wish::take, 2},
};

inline constexpr WishCodes kDmaWishes[] = {
    {Wish::dma_map, 32},     {Wish::dma_unmap, 16},  {Wish::device_load, 18},
    {Wish::device_store, 8}, {Wish::kmap_fresh, 24}, {Wish::kmap_page, 12},
    {Wish::kunmap, 24},      {Wish::map_local, 30},  {Wish::unmap_local, 16},
    {Wish::load, 10},        {Wish::store, 24},      {Wish::high_get, 2},
    {Wish::unpin, 2},        {Wish::yield, 2},       {Wish::flush, 4},
};

inline constexpr WishCodes kArchWishes[] = {
    {Wish::map_local, 40},  {Wish::unmap_local, 36}, {Wish::map_atomic, 16},
    {Wish::load, 16},       {Wish::store, 12},       {Wish::yield, 14},
    {Wish::kmap_fresh, 16}, {Wish::kmap_page, 8},    {Wish::kunmap, 16},
    {Wish::arch, 22},       {Wish::close, 4},        {Wish::preempt_disable, 8},
    {Wish::helper, 16},
};

inline constexpr WishCodes kHotplugWishes[] = {
    {Wish::map_local, 44}, {Wish::unmap_local, 28}, {Wish::map_atomic, 10}, {Wish::kmap_fresh, 16},
    {Wish::kmap_page, 6},  {Wish::kunmap, 14},      {Wish::load, 24},       {Wish::store, 18},
    {Wish::yield, 12},     {Wish::get_user, 4},     {Wish::fork, 2},        {Wish::close, 2},
    {Wish::flush, 2},      {Wish::cpu, 42},
};

// `a` of a record about a CPU: with kFuzzThisCpu what happens to which; else the one that went last
// comes back, or, if one has, another goes.
inline constexpr uint8_t kFuzzThisCpu = 0x80;
inline constexpr uint8_t kFuzzCpuUp = 0x40;

inline constexpr OpCode kHelperOps[] = {
    OpCode::zero_user_segments, OpCode::copy_highpage,    OpCode::memcpy_page,
    OpCode::memcpy_to_page,     OpCode::memset_page,      OpCode::memzero_page,
    OpCode::clear_highpage,     OpCode::memcpy_from_page,
};

// What Wish::arch asks for, as far as the machine has it.
inline constexpr OpCode kArchOps[] = {
    OpCode::arch_enter_lazy_mmu_mode,
    OpCode::flush_dcache_page,
    OpCode::decrease_reservation,
    OpCode::vm_insert_page,
    OpCode::vmap,
    OpCode::vunmap,
    OpCode::vm_map_ram,
    OpCode::vm_unmap_ram,
    OpCode::vm_unmap_aliases,
    OpCode::drain_vmap_area_work,
};

inline std::span<const WishCodes> WishesOf(FuzzMix mix) {
  switch (mix) {
    case FuzzMix::pkmap: return kWishes;
    case FuzzMix::local: return kLocalWishes;
    case FuzzMix::dma: return kDmaWishes;
    case FuzzMix::arch: return kArchWishes;
    case FuzzMix::high_get: return kHighGetWishes;
    case FuzzMix::hotplug: return kHotplugWishes;
  }
  return kWishes;
}

constexpr int Sum(std::span<const WishCodes> wishes) {
  int sum = 0;
  for (const WishCodes& w : wishes) sum += w.codes;
  return sum;
}
static_assert(Sum(kWishes) == kFuzzLiteral && Sum(kLocalWishes) == kFuzzLiteral &&
              Sum(kArchWishes) == kFuzzLiteral && Sum(kHighGetWishes) == kFuzzLiteral &&
              Sum(kDmaWishes) == kFuzzLiteral && Sum(kHotplugWishes) == kFuzzLiteral);

// Literal codes from kFuzzLiteral on, in this order for ever; new ones go to the end.
inline constexpr OpCode kLiterals[] = {
    OpCode::kmap,
    OpCode::kunmap,
    OpCode::kunmap,  // of a variable, of a page
    OpCode::page_address,
    OpCode::load,
    OpCode::store,
    OpCode::post,
    OpCode::take,
    OpCode::yield,
    OpCode::kmap_flush_unused,
    OpCode::irq_save,
    OpCode::irq_restore,
    OpCode::preempt_disable,
    OpCode::preempt_enable,
    OpCode::lock,
    OpCode::unlock,
    OpCode::fill,
    OpCode::rotate,
    OpCode::kmap_local_page,
    OpCode::kunmap_local,
    OpCode::kmap_atomic,
    OpCode::kunmap_atomic,
    OpCode::kmap_to_page,
    OpCode::get_user,
    OpCode::local_bh_disable,
    OpCode::local_bh_enable,
    OpCode::fork,
    OpCode::kmap_local_pfn,
    OpCode::kmap_atomic_pfn,
    OpCode::exit_to_user,
    OpCode::clear_warn_once,
    OpCode::kmap_high_get,
    OpCode::kunmap_high,
    OpCode::dma_map_to,
    OpCode::dma_map_from,
    OpCode::dma_map_both,
    OpCode::dma_unmap,
    OpCode::device_load,
    OpCode::device_store,
    OpCode::vm_insert_page,
    OpCode::arch_enter_lazy_mmu_mode,
    OpCode::arch_leave_lazy_mmu_mode,
    OpCode::flush_dcache_page,
    OpCode::decrease_reservation,
    OpCode::clear_highpage,
    OpCode::copy_highpage,
    OpCode::memcpy_page,
    OpCode::memset_page,
    OpCode::memcpy_from_page,
    OpCode::memcpy_to_page,
    OpCode::memzero_page,
    OpCode::zero_user_segments,
    OpCode::vmap,
    OpCode::vunmap,
    OpCode::vm_map_ram,
    OpCode::vm_unmap_ram,
    OpCode::vm_unmap_aliases,
    OpCode::drain_vmap_area_work,
    OpCode::is_kmap_addr,
};
inline constexpr int kKunmapPage = 2;  // index of the second kunmap

// In the hotplug mix one of them stands for what no other mix has.
inline OpCode LiteralOf(FuzzMix mix, size_t index) {
  const OpCode code = kLiterals[index];
  return mix == FuzzMix::hotplug && code == OpCode::clear_warn_once ? OpCode::cpu_down : code;
}

// Wishes of a handler; further ones go to a task.
inline uint32_t HandlerWishes(FuzzMix mix) { return mix == FuzzMix::pkmap ? 2 : 4; }

inline constexpr int kByteStep = 0x11;  // values stored: 0x11, 0x22, ... 0x88

// What `b` says of an offset. In the dma mix mostly the first byte of one of two lines, so that
// what is stored is what is read; from kAnyLine on of any line, from kAnyByte on any byte.
inline constexpr int kAnyLine = 64;
inline constexpr int kAnyByte = 128;
inline uint16_t FuzzOffset(FuzzMix mix, const Profile& p, uint8_t b) {
  const int step = p.page_size < 256 ? 1 : p.page_size / 256;
  int offset = b * step;
  if (mix == FuzzMix::dma) {
    offset = (b - kAnyByte) * step;
    if (b < kAnyByte) offset = (b - kAnyLine) * p.line_size;
    if (b < kAnyLine) offset = (b & 1) * p.line_size;
  }
  return static_cast<uint16_t>(offset % p.page_size);
}
// The mirror.
inline uint8_t FuzzByteOf(FuzzMix mix, const Profile& p, uint16_t offset) {
  const int step = p.page_size < 256 ? 1 : p.page_size / 256;
  if (mix != FuzzMix::dma) return static_cast<uint8_t>(offset / step);
  const bool line = offset % p.line_size == 0;
  return static_cast<uint8_t>(line ? kAnyLine + offset / p.line_size : kAnyByte + offset / step);
}

inline Wish WishOf(FuzzMix mix, uint8_t code) {
  int end = 0;
  for (const WishCodes& w : WishesOf(mix)) {
    end += w.codes;
    if (code < end) return w.wish;
  }
  return Wish::kmap_fresh;
}

// False if no code of the mix asks for it.
inline bool CodeOf(FuzzMix mix, Wish wish, uint8_t* code) {
  int start = 0;
  for (const WishCodes& w : WishesOf(mix)) {
    *code = static_cast<uint8_t>(start);
    if (w.wish == wish) return true;
    start += w.codes;
  }
  return false;
}

// The wish that means this op where it is admissible. False if none does.
bool WishFor(const Op& op, Wish* wish);

}  // namespace highmem

#endif  // HIGHMEM_TRACE_FUZZ_WISHES_H_
