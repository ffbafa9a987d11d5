// Co<T>: a simulated kernel function. Calling one is `co_await f(x)`, in one expression; it starts
// at once and runs until its first primitive. Its frame lies on the frame stack of the current
// task.
//
// Rules (docs/DESIGN.md section 3; tested): values in a frame are trivially destructible (a BUG
// abandons it), no reference to "this CPU" lives across a co_await, nothing but a co_await holds a
// Co.
#ifndef HIGHMEM_KERNEL_CO_H_
#define HIGHMEM_KERNEL_CO_H_

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <source_location>
#include <type_traits>

namespace highmem {

// The part every promise shares: one link of the chain leaf -> parent -> root.
struct Frame {
  Frame* parent = nullptr;  // who awaits this function; null for a root
  std::coroutine_handle<> self;
  std::source_location site;  // where it is suspended
  bool root = false;          // started by the executor, not by a co_await

  // Frame memory of the current task (kernel/context.cc). Null when its stack is full.
  static void* Allocate(size_t bytes) noexcept;
  static void Release(void* block, size_t bytes) noexcept;
  // A root ran to its end; the executor will find it in finished_root.
  static Frame* finished_root;
  // The caller of a function that found no frame stays suspended for ever.
  static void ParkForOverflow(Frame* caller) noexcept;
};

namespace internal {

struct FinalAwaiter {
  bool await_ready() const noexcept { return false; }
  template <typename Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> h) const noexcept {
    Frame& frame = h.promise();
    if (frame.parent != nullptr) return frame.parent->self;
    if (frame.root) Frame::finished_root = &frame;
    return std::noop_coroutine();
  }
  void await_resume() const noexcept {}
};

template <typename Derived>
struct PromiseBase : Frame {
  static void* operator new(size_t bytes) noexcept { return Allocate(bytes); }
  static void operator delete(void* block, size_t bytes) noexcept { Release(block, bytes); }

  std::suspend_never initial_suspend() const noexcept { return {}; }
  FinalAwaiter final_suspend() const noexcept { return {}; }
  [[noreturn]] void unhandled_exception() const noexcept { std::abort(); }

  // By value: g++ would copy what is returned by reference.
  template <typename Awaited>
  auto await_transform(const Awaited& awaited,
                       std::source_location at = std::source_location::current()) noexcept {
    this->site = at;
    return awaited.awaiter();
  }
};

}  // namespace internal

template <typename T = void>
class [[nodiscard]] Co {
  static_assert(std::is_void_v<T> || std::is_trivially_destructible_v<T>);

  struct VoidPromise;
  struct ValuePromise;

 public:
  using promise_type = std::conditional_t<std::is_void_v<T>, VoidPromise, ValuePromise>;
  using Handle = std::coroutine_handle<promise_type>;

  Co(const Co&) = delete;
  Co& operator=(const Co&) = delete;

  // What a co_await of this call waits on. The callee's frame dies when its result is fetched.
  struct Awaiter {
    Handle callee;

    bool await_ready() const noexcept { return callee && callee.done(); }
    template <typename Promise>
    void await_suspend(std::coroutine_handle<Promise> caller) const noexcept {
      if (callee)
        callee.promise().parent = &caller.promise();
      else
        Frame::ParkForOverflow(&caller.promise());
    }
    T await_resume() const noexcept {
      if constexpr (std::is_void_v<T>) {
        callee.destroy();
      } else {
        const T value = callee.promise().value;
        callee.destroy();
        return value;
      }
    }
  };
  Awaiter awaiter() const noexcept { return {handle_}; }

  // For the executor, which starts roots and keeps their frame. Null if there was no room.
  Frame* ReleaseRoot() const noexcept {
    if (!handle_) return nullptr;
    handle_.promise().root = true;
    return &handle_.promise();
  }

 private:
  explicit Co(Handle handle) noexcept : handle_(handle) {}
  Handle handle_;

  struct VoidPromise : internal::PromiseBase<VoidPromise> {
    Co get_return_object() noexcept {
      this->self = Handle::from_promise(*this);
      return Co(Handle::from_promise(*this));
    }
    static Co get_return_object_on_allocation_failure() noexcept { return Co(nullptr); }
    void return_void() const noexcept {}
  };
  struct ValuePromise : internal::PromiseBase<ValuePromise> {
    std::conditional_t<std::is_void_v<T>, char, T> value{};
    Co get_return_object() noexcept {
      this->self = Handle::from_promise(*this);
      return Co(Handle::from_promise(*this));
    }
    static Co get_return_object_on_allocation_failure() noexcept { return Co(nullptr); }
    void return_value(std::conditional_t<std::is_void_v<T>, char, T> v) noexcept { value = v; }
  };
};

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_CO_H_
