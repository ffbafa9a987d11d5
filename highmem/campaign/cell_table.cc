#include "highmem/campaign/cell_table.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <unordered_set>

namespace highmem {
namespace {

// Up to the next slash, which is removed with it.
std::string Part(std::string_view* name) {
  const size_t end = std::min(name->find('/'), name->size());
  std::string part(name->substr(0, end));
  name->remove_prefix(std::min(end + 1, name->size()));
  return part;
}

// The index of the word, which is appended if it is new.
size_t IndexOf(std::vector<std::string>* words, const std::string& word) {
  const auto at = std::find(words->begin(), words->end(), word);
  if (at != words->end()) return static_cast<size_t>(at - words->begin());
  words->push_back(word);
  return words->size() - 1;
}

}  // namespace

std::vector<CellTable> CellTables(const CampaignData& data,
                                  const std::vector<std::string>& all_cells,
                                  const CellReasons& reasons) {
  std::vector<CellTable> tables;
  std::map<std::string_view, const CampaignData::Cell*> hits;
  for (const CampaignData::Cell& cell : data.cells) hits[cell.name] = &cell;
  std::vector<std::string> groups;
  std::unordered_set<std::string_view> seen;
  const auto add = [&](const std::string& name) {
    if (!seen.insert(name).second) return;
    std::string_view rest = name;
    const size_t group = IndexOf(&groups, Part(&rest));
    if (group == tables.size()) tables.emplace_back().group = groups[group];
    CellTable& table = tables[group];
    const std::string row = rest.find('/') == std::string_view::npos ? "" : Part(&rest);
    CellTable::Place place;
    place.row = IndexOf(&table.rows, row);
    place.column = IndexOf(&table.columns, std::string(rest));
    place.name = name;
    if (const auto hit = hits.find(name); hit != hits.end() && hit->second->hits > 0)
      place.hit = hit->second;
    else if (const auto why = reasons.find(name); why != reasons.end())
      place.why = why->second;
    table.hits += place.hit != nullptr;
    table.cells.push_back(std::move(place));
  };
  for (const std::string& name : all_cells) add(name);
  for (const CampaignData::Cell& cell : data.cells) add(cell.name);
  return tables;
}

std::vector<NeverHit> NeverHitRows(const std::vector<CellTable>& tables) {
  std::vector<NeverHit> found;
  for (const CellTable& table : tables) {
    for (size_t row = 0; row < table.rows.size(); row++) {
      const size_t first = found.size();
      for (const CellTable::Place& cell : table.cells) {
        if (cell.row != row || cell.hit != nullptr) continue;
        const auto same =
            std::find_if(found.begin() + static_cast<std::ptrdiff_t>(first), found.end(),
                         [&](const NeverHit& n) { return n.why == cell.why; });
        if (same != found.end())
          same->cells += ", " + table.columns[cell.column];
        else
          found.push_back(
              {table.group + "/" + table.rows[row] + ": " + table.columns[cell.column], cell.why});
      }
    }
  }
  return found;
}

}  // namespace highmem
