// The lanes of a run as a table: time downwards, a column a CPU, then what each step changed, where
// the kernel made it, and how many of the ways to go on fail.
#ifndef HIGHMEM_REPORT_TABLE_H_
#define HIGHMEM_REPORT_TABLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "highmem/report/lanes.h"
#include "highmem/trace/trace.h"

namespace highmem {

struct TableOptions {
  size_t max_rows = 40;
  uint64_t turns = 0;           // a step whose row is shown in any case
  std::vector<int> fails = {};  // a column: per cent, by micro-steps made; or none
  bool tty = false;             // colours
};

// Where there are too many rows, the latest ones, and before them those that matter most; rows that
// are in the table for completeness alone are taken out of `lanes`. `steps_hidden`: of the
// micro-steps made, those without a row of their own.
std::string LanesTable(const Trace& trace, Lanes* lanes, const TableOptions& options,
                       uint64_t* steps_hidden);

}  // namespace highmem

#endif  // HIGHMEM_REPORT_TABLE_H_
