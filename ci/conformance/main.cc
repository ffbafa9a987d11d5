#include <cstdio>
#include <cstdlib>

#include "ci/conformance/conformance.h"

// `bazel run` starts in the runfiles and says where the workspace is.
int main() {
  const char* root = std::getenv("BUILD_WORKSPACE_DIRECTORY");
  std::fputs(highmem::ConformancePage(root != nullptr ? root : ".").c_str(), stdout);
  return 0;
}
