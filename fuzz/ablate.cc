#include "fuzz/ablate.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace highmem {

bool ParseAblation(std::string_view list, Ablation* ablation, std::string* error) {
  while (!list.empty()) {
    const std::string_view word = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), word.size() + 1));
    if (word == "mutator") {
      ablation->mutator = true;
    } else {
      *error = "HIGHMEM_ABLATE: expected mutator, found '" + std::string(word) + "'";
      return false;
    }
  }
  return true;
}

const Ablation& Ablated() {
  static const Ablation ablation = [] {
    Ablation a;
    std::string error;
    const char* list = std::getenv("HIGHMEM_ABLATE");
    if (list == nullptr || ParseAblation(list, &a, &error)) return a;
    std::fprintf(stderr, "highmem: %s\n", error.c_str());
    std::exit(1);
  }();
  return ablation;
}

}  // namespace highmem
