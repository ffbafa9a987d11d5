// Two campaign directories become one.
#ifndef HIGHMEM_CAMPAIGN_MERGE_H_
#define HIGHMEM_CAMPAIGN_MERGE_H_

#include <string>

#include "highmem/campaign/store.h"

namespace highmem {

// Into the campaign `dir`, whose store is open: what the campaign `other` has found, its cells, its
// runs and its inputs. `other` is left as it is, may go on, and may be merged again: nothing counts
// twice. False and a sentence in *error if it is no campaign, or the same one.
bool MergeCampaign(Store* store, const std::string& dir, const std::string& other,
                   std::string* error);

}  // namespace highmem

#endif  // HIGHMEM_CAMPAIGN_MERGE_H_
