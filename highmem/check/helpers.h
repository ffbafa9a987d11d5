// What a helper does to a CPU's window, and to the cache. (SPEC M I47; I)
//
//   I47  copy_highpage maps the source first, memcpy_page the destination; what was mapped
//        last is released first, but by copy_highpage of era E1; each calls
//        flush_dcache_page as often as table I says, before or behind the unmap   mechanism
//
// What its bytes are is the model's affair. Low pages take no slot, unless all are
// forced into the window. Where entries stay behind, only
// what is mapped is judged.
//
// What a Breach holds: window, page due and page found; or none, how many calls were due and made.
//
// Caught: extra-copy-maps-destination-first, extra-memzero-unflushed (I47). The model catches
// extra-copy-stops-short.
#ifndef HIGHMEM_CHECK_HELPERS_H_
#define HIGHMEM_CHECK_HELPERS_H_

#include "highmem/check/report.h"
#include "highmem/trace/executor.h"
#include "highmem/trace/helper_op.h"

namespace highmem {

class HelpersCheck {
 public:
  static constexpr History kHistory = History::finite;

  // Carves from the arena.
  void Begin(const Executor& executor, Reporter* reporter);

  // Wants op_begin, op_end, pte_set and flush_dcache_page.
  void OnEvent(const Event& event);

 private:
  struct State {
    uint16_t op_plus_1;  // 0: in no helper
    uint8_t mapped;
    uint8_t released;
    uint8_t flushes;
    uint8_t shown;  // slots of the CPU's window that showed the page when it began
  };

  const Op& OpOf(ContextId actor) const;
  Pfn MappedAt(ContextId actor, int n) const;
  int MostMapped(ContextId actor) const;
  static int Shown(CpuId cpu, Pfn page);
  void OnPteSet(const Event& event, State* state);
  void OnFlush(const Event& event, State* state);
  void OnEnd(const Event& event, State* state);

  const Trace* trace_ = nullptr;
  Reporter* reporter_ = nullptr;
  State* states_ = nullptr;  // [actor]
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_HELPERS_H_
