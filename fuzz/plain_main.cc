// A target without an engine: runs the inputs of a directory round and round, and says how fast.
// What a fuzzer costs is measured against it (ci/bench/run).
//
//   PLAIN DIR EXECUTIONS

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/run_trace.h"
#include "fuzz/target.h"

// An engine's; the mutator that comes with the target asks for it, and nobody for the mutator.
extern "C" size_t LLVMFuzzerMutate(uint8_t* /*data*/, size_t size, size_t /*max_size*/) {
  return size;
}

namespace {

double CpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

std::vector<std::string> ReadInputs(const char* dir) {
  std::vector<std::string> inputs;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(dir, code)) {
    std::ifstream file(entry.path(), std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  std::sort(inputs.begin(), inputs.end());
  return inputs;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s DIR EXECUTIONS\n", argv[0]);
    return 1;
  }
  const std::vector<std::string> inputs = ReadInputs(argv[1]);
  const long executions = std::strtol(argv[2], nullptr, 10);
  if (inputs.empty() || executions <= 0) {
    std::fprintf(stderr, "%s: expected a directory of inputs, and a number of executions\n",
                 argv[0]);
    return 1;
  }
  highmem::InitializeRuns(0, nullptr);
  const double begun = CpuSeconds();
  for (long i = 0; i < executions; i++) {
    const std::string& input = inputs[static_cast<size_t>(i) % inputs.size()];
    highmem::FuzzOne(reinterpret_cast<const uint8_t*>(input.data()), input.size());
  }
  const double seconds = CpuSeconds() - begun;
  std::printf("%.0f executions a CPU-second\n", static_cast<double>(executions) / seconds);
  return 0;
}
