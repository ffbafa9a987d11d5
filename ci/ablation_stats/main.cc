// ablation_stats FILE.tsv: prints the table of docs/FUZZING.md from what ci/ablation has measured.

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "ci/ablation_stats/stats.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("ablation_stats: expected one file, as ci/ablation makes it\n", stderr);
    return 1;
  }
  std::ifstream file(argv[1]);
  if (!file) {
    std::fprintf(stderr, "ablation_stats: %s: expected a file that can be read\n", argv[1]);
    return 1;
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  highmem::AblationRuns runs;
  std::string error;
  if (!highmem::ParseAblationRuns(text, &runs, &error)) {
    std::fprintf(stderr, "ablation_stats: %s: %s\n", argv[1], error.c_str());
    return 1;
  }
  std::fputs(highmem::AblationTable(runs).c_str(), stdout);
  return 0;
}
