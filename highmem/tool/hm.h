// The tool hm, as its main and other programs that contain it call it.
#ifndef HIGHMEM_TOOL_HM_H_
#define HIGHMEM_TOOL_HM_H_

#include <string>

namespace highmem {

// Parses the command line and runs one subcommand. Returns the exit code (docs/DESIGN.md section 4:
// 0 pass, 1 bad usage or input, ...).
int HmMain(int argc, char** argv);
// True if `word` is a subcommand (a fuzz binary hands such command lines over).
bool IsHmCommand(const std::string& word);

}  // namespace highmem

#endif  // HIGHMEM_TOOL_HM_H_
