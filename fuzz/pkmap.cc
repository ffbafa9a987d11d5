// The pkmap target: kmap, kunmap, data and interrupts on two CPUs and four slots.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"x86_tiny", FuzzMix::pkmap};
