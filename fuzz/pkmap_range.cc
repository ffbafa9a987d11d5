// The same on a machine that flushes ranges page by page, however long they are.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"x86_tiny_noflushall", FuzzMix::pkmap};
