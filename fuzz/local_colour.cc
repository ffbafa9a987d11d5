// The local target on a machine whose data cache has two colours of page.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"xtensa_tiny", FuzzMix::local};
