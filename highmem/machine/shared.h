// Cells of kernel state that more than one context touches. A write emits an event; neither read
// nor write suspends: the primitive awaited just before names the step it belongs to. Use at most
// one access per unsequenced expression (RULINGS 5). They live in the arena.
#ifndef HIGHMEM_MACHINE_SHARED_H_
#define HIGHMEM_MACHINE_SHARED_H_

#include <cstdint>

#include "highmem/machine/arena.h"
#include "highmem/machine/event.h"

namespace highmem {

// What the code that runs has accessed of state that another CPU could see or change. The executor
// clears it before it resumes a context; a step that claims to be invisible and touched something
// was not, and a cell touched without its lock was not guarded.
struct Touched {
  bool shared = false;      // cells without a guard, PTEs, queues
  uint32_t guarded_by = 0;  // mask of locks whose cells were touched
};
inline Touched touched;

inline constexpr int kNoGuard = -1;
inline constexpr int kOwn = -2;  // belongs to one task: whoever executes on that task's stack

// An array of n cells whose writes are events of kind K, numbered by index. Guard: number of the
// lock (kernel/spinlock.h) under which alone they may be touched, or one of the two above.
template <typename T, EventKind K, int Guard = kNoGuard>
class SharedArray {
 public:
  // Called at reset; the cells are zero.
  void Carve(int n) {
    cells_ = arena.Carve<T>(n);
    size_ = n;
  }
  int size() const { return size_; }

  T get(int i) const {
    Touch();
    return cells_[i];
  }
  void set(int i, T value) {
    Touch();
    const T old = cells_[i];
    cells_[i] = value;
    Emit(K, static_cast<uint32_t>(i), static_cast<uint32_t>(old), static_cast<uint32_t>(value));
  }
  // Adds and returns the new value: one access, as `x += d` is under a lock.
  T add(int i, T delta) {
    const T value = static_cast<T>(cells_[i] + delta);
    set(i, value);
    return value;
  }

 private:
  static void Touch() {
    if constexpr (Guard == kNoGuard)
      touched.shared = true;
    else if constexpr (Guard != kOwn)
      touched.guarded_by |= 1u << Guard;
  }

  T* cells_ = nullptr;
  int size_ = 0;
};

}  // namespace highmem

#endif  // HIGHMEM_MACHINE_SHARED_H_
