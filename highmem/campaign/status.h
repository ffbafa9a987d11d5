// What a fuzzer process tells the campaign that started it, as files in a directory of its own
// ($HIGHMEM_CAMPAIGN). Whoever is killed at any moment leaves files that can be read.
//
//   status         numbers so far, replaced as a whole every second or two
//   cells          a line for each cell hit for the first time: name, tab, the trace on one line
//   findings/*.hm  the first trace of each failure key
//   inputs         if $HIGHMEM_CAMPAIGN_INPUTS is set, a line for each execution: the hash of its
//                  input (campaign/files.h) and the numbers of the cells that it hit
//
// Numbers are of all processes of a run, one after the other, and never fall.
#ifndef HIGHMEM_CAMPAIGN_STATUS_H_
#define HIGHMEM_CAMPAIGN_STATUS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace highmem {

inline constexpr const char* kCampaignVariable = "HIGHMEM_CAMPAIGN";
inline constexpr const char* kCampaignInputsVariable = "HIGHMEM_CAMPAIGN_INPUTS";

struct FuzzStatus {
  uint64_t executions = 0;
  uint64_t steps = 0;
  std::map<std::string, uint64_t> findings;  // by failure key (verdict/failure_key.h): how often
  std::map<std::string, uint64_t> cells;     // by name: in how many executions
};

// In `findings`: "I7,kmap,slot,x86_tiny.hm".
std::string FindingFileName(std::string key);

// Lines of a word, a number and a name.
std::string PrintStatus(const FuzzStatus& status);
// False for what PrintStatus never wrote; *status is then unspecified.
bool ParseStatus(std::string_view text, FuzzStatus* status);

// Of the file `cells`. A last line without its end, that of a process killed while it wrote, is
// left out.
struct FirstHit {
  std::string cell;
  std::string trace;  // on one line
};
std::string PrintFirstHit(const FirstHit& hit);
std::vector<FirstHit> ParseFirstHits(std::string_view text);

// Of the file `inputs`; likewise.
struct InputCells {
  std::string hash;
  std::vector<int> cells;
};
std::string PrintInputCells(const InputCells& input);
std::vector<InputCells> ParseInputCells(std::string_view text);

}  // namespace highmem

#endif  // HIGHMEM_CAMPAIGN_STATUS_H_
