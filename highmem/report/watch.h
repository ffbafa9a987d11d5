// The state shown beside the steps: columns of the machine's state that the disputed object is
// about.
#ifndef HIGHMEM_REPORT_WATCH_H_
#define HIGHMEM_REPORT_WATCH_H_

#include <string>
#include <vector>

#include "highmem/trace/executor.h"
#include "highmem/verdict/finding.h"

namespace highmem {

class Watch {
 public:
  struct Column {
    enum class Kind : uint8_t { count, pte, tlb, cursor, waiters, idx, preempt };
    Kind kind;
    int slot = 0;  // a vpn: of the pool or of the window (machine/layout.h)
    int cpu = 0;   // tlb, preempt: whose; idx: of the task current there
    std::string head;
  };
  // What the run up to the finding wrote last, -1 for none.
  struct Last {
    int slot = -1;    // of the pool, for the page disputed
    int window = -1;  // vpn in the finding's CPU's window
  };

  // The columns for a finding; the executor stands where it was found.
  void Choose(const Executor& executor, const Finding& finding, const Last& last);

  const std::vector<Column>& columns() const { return columns_; }
  // A slot whose column is shown, by its vpn.
  bool Shows(int slot) const;
  // The columns' values now.
  std::vector<std::string> Values(const Executor& executor) const;

 private:
  void AddSlot(const Executor& executor, int slot, bool alone);
  void AddWindow(const Executor& executor, const Finding& finding, int index);
  std::vector<Column> columns_;
};

// The slot that a finding disputes; `last_slot` for a page that has none now. -1 if it is about
// none, or about all.
int DisputedSlot(const Executor& executor, const Finding& finding, int last_slot);
// The slot of a CPU's kmap window that it disputes, as its index; -1 if it is about none.
int DisputedWindow(const Finding& finding);
// The page it disputes, kNoPfn if none.
Pfn DisputedPage(const Finding& finding);

}  // namespace highmem

#endif  // HIGHMEM_REPORT_WATCH_H_
