#include <unistd.h>

#include <cstdlib>

#include "highmem/tool/hm.h"

int main(int argc, char** argv) {
  // `bazel run` starts in the runfiles; paths on the command line are meant from where it was
  // typed.
  const char* typed_in = std::getenv("BUILD_WORKING_DIRECTORY");
  if (typed_in != nullptr && chdir(typed_in) != 0) return 1;
  return highmem::HmMain(argc, argv);
}
