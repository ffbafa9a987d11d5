// A program for every kind of machine, with handlers of every kind: programs made of bytes seldom
// have something come in at a primitive that few calls come to.

#include "fuzz/given_programs.h"

namespace {

constexpr std::string_view kTexts[] = {
#include "fuzz/windows_programs.inc"
};

}  // namespace

const std::span<const std::string_view> highmem::kPrograms = kTexts;
