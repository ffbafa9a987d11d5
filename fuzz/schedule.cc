// Programs whose interesting schedules are known.

#include "fuzz/given_programs.h"

namespace {

constexpr std::string_view kTexts[] = {
#include "fuzz/schedule_programs.inc"
};

}  // namespace

const std::span<const std::string_view> highmem::kPrograms = kTexts;
