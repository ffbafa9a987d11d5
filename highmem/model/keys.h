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
  // An access that has returned has opened the key by its fault, if it was not open: until the task
  // maps and releases again.
  void CallEnd(int stack, const Actors::Call& call);
  // Whether the key is open for the task now.
  Known IsOpen(int stack) const;

 private:
  struct Task {
    int8_t surely;    // maps that have returned, less releases that have begun
    int8_t possibly;  // maps that have begun, less releases that have returned
    uint8_t faulted;
    uint8_t lost;  // released more than it had
  };
  Task* tasks_ = nullptr;
};

// An access that needs the key: a load or a store of such a page.
bool NeedsKey(const Actors::Call& call);

}  // namespace highmem::model

#endif  // HIGHMEM_MODEL_KEYS_H_
