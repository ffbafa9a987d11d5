// Any machine and everything it can: an input's first byte says which.

#include <iterator>

#include "fuzz/machines.h"

const highmem::TargetSpec highmem::kTarget = {.any_of = kMachines, .count = std::size(kMachines)};
