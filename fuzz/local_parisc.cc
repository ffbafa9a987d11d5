// Maps where there is no highmem, and every unmap writes its page back.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"parisc_tiny", FuzzMix::arch};
