#include "highmem/kernel/context.h"

#include "highmem/machine/arena.h"

namespace highmem {

Context* current_context = nullptr;
Frame* Frame::finished_root = nullptr;

namespace {

// The stack that frames are allocated on: that of the task whose context runs.
TaskId frame_owner = 0;

Context* At(TaskId task, uint32_t offset_plus_1) {
  return reinterpret_cast<Context*>(arena.stack_base(task) + offset_plus_1 - 1);
}

}  // namespace

void SetFrameOwner(TaskId task) { frame_owner = task; }

void* Frame::Allocate(size_t bytes) noexcept {
  void* block = arena.Alloc(frame_owner, bytes);
  if (block == nullptr) Emit(EventKind::frame_overflow, frame_owner);
  return block;
}

void Frame::Release(void* block, size_t bytes) noexcept {
  if (!arena.Free(frame_owner, block, bytes)) Emit(EventKind::frame_not_lifo, frame_owner);
}

void Frame::ParkForOverflow(Frame* caller) noexcept {
  CurrentContext().leaf = caller;
  CurrentContext().pending = {PrimKind::frame_overflow, 0, 0, frame_owner, 0};
}

Context* Below(TaskId task, const Context& context) {
  return context.below == 0 ? nullptr : At(task, context.below);
}

Context* PushContext(TaskId task, ContextKind kind, ContextId id) {
  SetFrameOwner(task);
  const uint32_t below = arena.stack(task).context;
  void* block = Frame::Allocate(sizeof(Context));
  if (block == nullptr) return nullptr;
  Context* context = static_cast<Context*>(block);
  *context = Context{nullptr, {}, 0, kind, id, static_cast<uint16_t>(below), 0};
  arena.stack(task).context =
      static_cast<uint32_t>(static_cast<std::byte*>(block) - arena.stack_base(task)) + 1;
  current_context = context;
  return context;
}

void PopContext(TaskId task, Frame* root) {
  SetFrameOwner(task);
  Context& context = TopContext(task);
  const uint16_t below = context.below;
  root->self.destroy();
  Frame::Release(&context, sizeof(Context));
  arena.stack(task).context = below;
}

}  // namespace highmem
