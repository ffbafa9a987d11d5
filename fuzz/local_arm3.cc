// The local target on an ARM whose third CPU's part of the window lies in a page-table page of its
// own.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"armv7_tiny3", FuzzMix::local};
