// The store of an invented campaign.
#ifndef HIGHMEM_CAMPAIGN_STORE_FOR_TEST_H_
#define HIGHMEM_CAMPAIGN_STORE_FOR_TEST_H_

#include <string>
#include <vector>

#include "highmem/campaign/reader.h"

namespace highmem {

// 300 cells in 6 groups, with gaps in some tables.
std::vector<std::string> InventedCells();

// Six days: 3000 samples, most of InventedCells() hit, five findings, 40 runs. Ordered as
// ReadCampaign would.
CampaignData InventedCampaign();

// Executes statements on DIR/campaign.db, which it makes if need be; the error, or "".
std::string ExecuteForTest(const std::string& dir, const std::string& sql);

// Makes DIR/campaign.db of the data; the error, or "".
std::string WriteStoreForTest(const std::string& dir, const CampaignData& data);

}  // namespace highmem

#endif  // HIGHMEM_CAMPAIGN_STORE_FOR_TEST_H_
