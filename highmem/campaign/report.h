// A fuzzing campaign for a terminal, for browsers and for other programs.
#ifndef HIGHMEM_CAMPAIGN_REPORT_H_
#define HIGHMEM_CAMPAIGN_REPORT_H_

#include <string>
#include <vector>

#include "highmem/campaign/cell_table.h"
#include "highmem/campaign/reader.h"

namespace highmem {

// `all_cells` names the state cells that there are, hit or not, in the order in which they are to
// be shown (campaign/cell_table.h says how names become tables), `reasons` why some are never hit.

// A summary for a terminal: plain ASCII, at most 80 columns, a newline at its end.
std::string CampaignText(const CampaignData& data, const std::vector<std::string>& all_cells,
                         const CellReasons& reasons = {});

// One JSON object, ASCII, with a newline at its end: all that the store has, columns of samples as
// arrays, cells by group.
std::string CampaignJson(const CampaignData& data, const std::vector<std::string>& all_cells,
                         const CellReasons& reasons = {});

// One page that needs nothing else: charts over time, a heat map of the cells, findings, runs. Of
// many samples it has as many as a chart can show. Whatever the store holds is shown as text, never
// run.
std::string CampaignPage(const CampaignData& data, const std::vector<std::string>& all_cells,
                         const CellReasons& reasons = {});

// The cells that were never hit and why, as a table in Markdown.
std::string CampaignNeverHit(const CampaignData& data, const std::vector<std::string>& all_cells,
                             const CellReasons& reasons = {});

}  // namespace highmem

#endif  // HIGHMEM_CAMPAIGN_REPORT_H_
