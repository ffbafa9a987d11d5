// State cells in tables: a name is "GROUP/ROW/COLUMN".
#ifndef HIGHMEM_CAMPAIGN_CELL_TABLE_H_
#define HIGHMEM_CAMPAIGN_CELL_TABLE_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "highmem/campaign/reader.h"

namespace highmem {

// Why a cell is not expected to be hit, in a sentence, by its name.
using CellReasons = std::map<std::string, std::string>;

// Where no such cell exists, a table has a gap.
struct CellTable {
  struct Place {
    size_t row = 0, column = 0;
    std::string name;
    const CampaignData::Cell* hit = nullptr;  // of the data; null: never hit
    std::string why;                          // if never hit, where there is a reason
  };
  std::string group;
  std::vector<std::string> rows, columns;  // in the order in which names mention them first
  std::vector<Place> cells;                // in the order of the names
  size_t hits = 0;                         // cells that were hit
};

// A table a group, of `all_cells` and behind them of what was hit though it is none of them (an
// older version's cells). In a name of two parts the row is "", what a fourth part says belongs to
// the column. Points into `data`.
std::vector<CellTable> CellTables(const CampaignData& data,
                                  const std::vector<std::string>& all_cells,
                                  const CellReasons& reasons = {});

// Cells of one row that were never hit, for the same reason: "depth/users: 5, 6".
struct NeverHit {
  std::string cells;
  std::string why;  // "": not yet seen
};
std::vector<NeverHit> NeverHitRows(const std::vector<CellTable>& tables);

}  // namespace highmem

#endif  // HIGHMEM_CAMPAIGN_CELL_TABLE_H_
