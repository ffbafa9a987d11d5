// Programs as the bytes have them, mistakes of callers included: what deserves a diagnosis gets it,
// and nobody is blamed for what a caller did.

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "fuzz/machines.h"

namespace {

using highmem::kMachines, highmem::TargetSpec;

// Not where others' mistakes reach into calls of one's own: a PTE setter whose hook maps above
// whatever a handler has left there, PTE writes that a forgotten lazy mode holds back.
constexpr bool IsOfUse(const TargetSpec& machine) {
  const std::string_view name = machine.profile;
  return name != "mips_tiny" && name != "x86_tiny_pv";
}

constexpr auto kOfUse = [] {
  std::array<TargetSpec, std::ranges::count_if(kMachines, IsOfUse)> machines;
  std::ranges::copy_if(kMachines, machines.begin(), IsOfUse);
  return machines;
}();

}  // namespace

const highmem::TargetSpec highmem::kTarget = {
    .any_of = kOfUse.data(), .count = kOfUse.size(), .misuse = true};
