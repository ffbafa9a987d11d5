// A corpus without the inputs that add nothing.
#ifndef HIGHMEM_CAMPAIGN_TRIM_H_
#define HIGHMEM_CAMPAIGN_TRIM_H_

#include <map>
#include <set>
#include <string>

namespace highmem {

// The inputs that a corpus had when trimming began. Others may come and go meanwhile: what is new
// stays, and what is needed comes back. Whoever is killed leaves a corpus that has all it needs.
//
//   DIR/in       copies of the inputs, by the hash of their contents
//   DIR/out      the engine's (campaign/engine.h)
//   DIR/inputs   what cells each input hits (campaign/status.h)
class Trim {
 public:
  // Takes the copies. False and a sentence in *error if it cannot.
  bool Begin(const std::string& corpus, const std::string& dir, std::string* error);
  // When all of them have run: leaves those in `needed` (hashes: for the code they reach), for
  // each state cell the smallest input that hits it, and what did not come to its end. They are
  // named by their hashes from now on: a fuzzer that began before may remove its own by old names.
  bool End(const std::set<std::string>& needed, std::string* error) const;

 private:
  std::string corpus_, dir_;
  std::map<std::string, std::string> files_;  // names in the corpus, and hashes of the copies
};

}  // namespace highmem

#endif  // HIGHMEM_CAMPAIGN_TRIM_H_
