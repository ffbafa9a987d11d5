// How a campaign stands, for people and programs.
#ifndef HIGHMEM_CAMPAIGN_SCREEN_H_
#define HIGHMEM_CAMPAIGN_SCREEN_H_

#include <cstddef>
#include <string>

#include "highmem/campaign/campaign.h"

namespace highmem {

// Lines for a terminal of that size, at most `rows` of at most `columns` characters, plain ASCII.
std::string CampaignScreen(const CampaignView& view, int all_cells, size_t columns, size_t rows);
// One line without its end.
std::string CampaignLine(const CampaignView& view, int all_cells);
// One line of JSON.
std::string CampaignStatusJson(const CampaignView& view, int all_cells);

}  // namespace highmem

#endif  // HIGHMEM_CAMPAIGN_SCREEN_H_
