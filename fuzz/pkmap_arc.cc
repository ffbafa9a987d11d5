// The pkmap target where struct page holds its address and the pool lies below the linear map.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"arc_tiny", FuzzMix::pkmap};
