// Which task may use the pages that a protection key protects: whoever has mapped one of them, all
// of them. Known from the calls alone. (SPEC J)
#ifndef HIGHMEM_MODEL_KEYS_H_
#define HIGHMEM_MODEL_KEYS_H_

#include "highmem/model/actors.h"

namespace highmem::model {

class Keys {
 public:
  // Carves from the arena, for so many tasks.
  void Begin(int stacks);

  void CallBegin(int stack, const Actors::Call& call);
  void CallEnd(int stack, const Actors::Call& call);
  // An access of the task has met a closed key, and opens it, for whoever comes behind the access,
  // until the task maps and releases again.
  void Fault(int stack);

  // True of a task's first map behind a fault that has opened the key: it writes to the register
  // what it says already. (SPEC J-3, J-6)
  bool MayRepeat(int stack, const Actors::Call& call) const;
  // Whether the key is open for the task now.
  Known IsOpen(int stack) const;

 private:
  // By a fault. kOpening: the access has not come to its end. kWithin: in the middle of a map or a
  // release, which may close it again.
  enum Opened : uint8_t { kNever, kOpening, kSurely, kWithin, kPossibly };
  struct Task {
    int8_t surely;    // maps that have returned, less releases that have begun
    int8_t possibly;  // maps that have begun, less releases that have returned
    uint8_t opened;   // Opened
    uint8_t lost;     // released more than it had, or mapped a page of unknown class
  };
  Task* tasks_ = nullptr;
};

// An access that needs the key: a load or a store of such a page.
bool NeedsKey(const Actors::Call& call);

}  // namespace highmem::model

#endif  // HIGHMEM_MODEL_KEYS_H_
