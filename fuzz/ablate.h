// What is left out of fuzzing, to measure what it is worth (ci/ablation): HIGHMEM_ABLATE, a list of
// words with commas between. Nothing, by default.
#ifndef HIGHMEM_FUZZ_ABLATE_H_
#define HIGHMEM_FUZZ_ABLATE_H_

#include <string>
#include <string_view>

namespace highmem {

struct Ablation {
  bool mutator = false;  // libFuzzer's own mutations and its own cross-over instead of ours
  friend bool operator==(const Ablation&, const Ablation&) = default;
};

// Adds what the list says. False, with a sentence, if a word is none of the above.
bool ParseAblation(std::string_view list, Ablation* ablation, std::string* error);

// What the environment says, read once. A word that it does not know ends the process, exit code 1.
const Ablation& Ablated();

}  // namespace highmem

#endif  // HIGHMEM_FUZZ_ABLATE_H_
