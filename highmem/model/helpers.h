// What a helper (copy_highpage, memset_page and their kind) owes: every byte it was asked for once,
// the right one, in ascending order, and no other byte. (SPEC M I47; I)
//
//   I47  the destination holds what the helper is for                               contract
#ifndef HIGHMEM_MODEL_HELPERS_H_
#define HIGHMEM_MODEL_HELPERS_H_

#include <cstdint>

#include "highmem/machine/event.h"
#include "highmem/model/actors.h"
#include "highmem/model/data.h"
#include "highmem/model/opinion.h"
#include "highmem/trace/helper_op.h"

namespace highmem::model {

class Helpers {
 public:
  // Carves from the arena.
  void Begin(const Trace& trace, Data* data);

  void OpBegin(const Event& op_begin, const Actors::Call& call);
  // A load, store or fault inside the helper.
  Opinion Access(const Event& event, const Actors::Call& call);
  // Nobody can say where its accesses go: of no page is anything known from now on.
  void GiveUp(ContextId actor);
  Opinion OpEnd(const Event& op_end, const Actors::Call& call);

 private:
  struct State {
    uint16_t op;      // its index
    uint16_t loads;   // bytes read
    uint16_t stores;  // bytes written
    uint8_t byte;     // read last
    uint8_t judged;
  };

  const Op& OpOf(ContextId actor) const { return trace_->op(actor, states_[actor].op); }
  Opinion Load(const Event& event, const Actors::Call& call);
  Opinion Store(const Event& event, const Actors::Call& call);

  const Trace* trace_ = nullptr;
  Data* data_ = nullptr;
  State* states_ = nullptr;  // [actor]
};

}  // namespace highmem::model

#endif  // HIGHMEM_MODEL_HELPERS_H_
