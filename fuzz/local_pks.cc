// Maps that open a protection key, where there is no highmem.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"x86_64_pks_tiny", FuzzMix::local};
