#include "fuzz/given_programs.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "fuzz/run_trace.h"
#include "fuzz/target.h"
#include "highmem/schedule/bytes.h"
#include "highmem/trace/forget.h"
#include "highmem/trace/text.h"

namespace highmem {
namespace {

std::vector<Trace> programs;

}  // namespace

void InitializeTarget() {
  programs.resize(kPrograms.size());
  for (size_t i = 0; i < programs.size(); i++) {
    ParseError error;
    const std::string name = "program " + std::to_string(i) + " of fuzz/BUILD";
    if (ParseTrace(kPrograms[i], name, &programs[i], &error)) {
      ForgetExpectations(&programs[i]);
      continue;
    }
    std::fprintf(stderr, "highmem: %s\n", error.Text().c_str());
    std::exit(1);
  }
}

int FuzzOne(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  BytesChooser chooser({data + 1, size - 1});
  RunSchedule(programs[data[0] % programs.size()], chooser, {data, size});
  return 0;
}

}  // namespace highmem
