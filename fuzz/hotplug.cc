// CPUs that go offline and come back, under local and atomic maps, and kmap.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"x86_tiny_smp", FuzzMix::hotplug};
