// A mutant's one binary: a fuzz target, and hm when called with a subcommand of it.

#include <cstdlib>

#include "fuzz/run_trace.h"
#include "fuzz/target.h"
#include "highmem/tool/hm.h"

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  if (*argc > 1 && highmem::IsHmCommand((*argv)[1])) std::exit(highmem::HmMain(*argc, *argv));
  highmem::InitializeTarget();
  highmem::InitializeRuns(*argc, *argv);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return highmem::FuzzOne(data, size);
}
