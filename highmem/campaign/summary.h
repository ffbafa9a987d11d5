// Numbers of a campaign that its store does not hold as such.
#ifndef HIGHMEM_CAMPAIGN_SUMMARY_H_
#define HIGHMEM_CAMPAIGN_SUMMARY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "highmem/campaign/reader.h"

namespace highmem {

// The last sample; of a campaign without any, what its runs add up to.
CampaignData::Sample Latest(const CampaignData& data);

// Executions a second in the last `seconds` of fuzzing, as far as samples reach; 0 without two.
double RecentRate(const CampaignData& data, double seconds);

struct TargetSummary {
  std::string target;
  int64_t runs = 0, running = 0, executions = 0;
  double seconds = 0;  // of its runs, which may overlap
  int64_t cells = 0;   // that it was the first to hit
  int64_t findings = 0;
};
// By name; also targets that only a cell or a finding mentions.
std::vector<TargetSummary> TargetSummaries(const CampaignData& data);

// At most about `most` samples, one a moment, that show the first minutes of a long campaign as
// well as its weeks: two thirds are spread evenly, a third evenly in the logarithm of the time.
std::vector<CampaignData::Sample> Thinned(const std::vector<CampaignData::Sample>& samples,
                                          size_t most);

// The op of a finding's key.
std::string OpOf(const CampaignData::Finding& finding);
// Ops of the smallest trace there is; none if it is no trace.
std::optional<uint32_t> OpsOf(const CampaignData::Finding& finding);

}  // namespace highmem

#endif  // HIGHMEM_CAMPAIGN_SUMMARY_H_
