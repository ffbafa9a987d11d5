#include "highmem/model/keys.h"

#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"

namespace highmem::model {
namespace {

bool Protects(Pfn pfn) { return pfn < machine.profile.pks_pages; }

bool Opens(const Actors::Call& call) {
  const bool maps = call.code == OpCode::kmap_local_page || call.code == OpCode::kmap_atomic;
  return maps && Protects(call.page);
}

// A release goes by the address.
bool Closes(const Actors::Call& call) {
  const bool unmaps = call.code == OpCode::kunmap_local || call.code == OpCode::kunmap_atomic;
  return unmaps && Protects(virt_to_pfn(PageAlign(call.address)));
}

}  // namespace

bool NeedsKey(const Actors::Call& call) {
  const bool accesses = call.code == OpCode::load || call.code == OpCode::store;
  return accesses && Protects(virt_to_pfn(PageAlign(call.address)));
}

void Keys::Begin(int stacks) { tasks_ = arena.Carve<Task>(stacks); }

void Keys::CallBegin(int stack, const Actors::Call& call) {
  Task& task = tasks_[stack];
  if (Opens(call)) task.possibly++;
  const bool of_any = call.code == OpCode::kmap_local_page || call.code == OpCode::kmap_atomic;
  if (of_any && call.page == kNoPfn) task.lost = 1;
  if (!Closes(call)) return;
  if (task.surely == 0)
    task.lost = 1;
  else
    task.surely--;
}

void Keys::CallEnd(int stack, const Actors::Call& call) {
  Task& task = tasks_[stack];
  if (Opens(call)) task.surely++;
  if (NeedsKey(call) && task.opened == kOpening) task.opened = kSurely;
  if (!Closes(call) || task.possibly == 0) return;
  task.possibly--;
  const bool may_open_again = task.opened == kWithin || task.opened == kOpening;
  if (task.possibly == 0) task.opened = may_open_again ? kPossibly : kNever;
}

void Keys::Fault(int stack) {
  Task& task = tasks_[stack];
  task.opened = task.possibly == 0 ? kOpening : kWithin;
}

bool Keys::MayRepeat(int stack, const Actors::Call& call) const {
  const Task& task = tasks_[stack];
  // Releases too many take maps to come with them: any of these may be the first one.
  return Opens(call) && (task.lost != 0 || (task.opened != kNever && task.surely == 0));
}

Known Keys::IsOpen(int stack) const {
  const Task& task = tasks_[stack];
  if (task.lost != 0) return Known::unknown;
  if (task.surely > 0) return Known::yes;
  const bool unsure = task.opened == kOpening || task.opened == kPossibly;
  if (task.possibly > 0 || unsure) return Known::unknown;
  return task.opened == kSurely ? Known::yes : Known::no;
}

}  // namespace highmem::model
