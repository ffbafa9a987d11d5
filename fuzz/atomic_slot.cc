// kmap_atomic of era E1: fixed slots, released in any order, and every kind of interrupt with its
// own.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"x86_tiny_e1", FuzzMix::local};
