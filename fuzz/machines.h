// Every kind of machine, with what programs on it are mostly about: what targets choose from by an
// input's first byte.
#ifndef HIGHMEM_FUZZ_MACHINES_H_
#define HIGHMEM_FUZZ_MACHINES_H_

#include "fuzz/target_spec.h"

namespace highmem {

inline constexpr TargetSpec kMachines[] = {
    {"x86_tiny", FuzzMix::pkmap},        {"x86_tiny", FuzzMix::arch},
    {"x86_tiny_smp", FuzzMix::local},    {"x86_tiny_debug", FuzzMix::local},
    {"x86_tiny_debug", FuzzMix::arch},   {"x86_tiny_noflushall", FuzzMix::pkmap},
    {"x86_tiny_e1", FuzzMix::local},     {"x86_tiny_e2_debug", FuzzMix::local},
    {"x86_tiny_vmap", FuzzMix::arch},    {"x86_tiny_pv", FuzzMix::arch},
    {"x86_tiny_rt", FuzzMix::local},     {"x86_64_pks_tiny", FuzzMix::local},
    {"arc_tiny", FuzzMix::pkmap},        {"csky_tiny", FuzzMix::local},
    {"microblaze_tiny", FuzzMix::local}, {"ppc_tiny", FuzzMix::local},
    {"sparc_tiny", FuzzMix::local},      {"parisc_tiny", FuzzMix::arch},
    {"mips_tiny", FuzzMix::arch},        {"mips_tiny_e1", FuzzMix::local},
    {"mips_tiny_e2", FuzzMix::local},    {"xtensa_tiny", FuzzMix::pkmap},
    {"xtensa_tiny", FuzzMix::local},     {"xtensa_tiny_debug", FuzzMix::local},
    {"armv7_tiny", FuzzMix::high_get},   {"armv7_tiny3", FuzzMix::local},
    {"armv7_dma_tiny", FuzzMix::dma},    {"armv7_dma_tiny_e2", FuzzMix::dma},
    {"armv7_outer_tiny", FuzzMix::dma},  {"armv5_vivt2", FuzzMix::dma},
    {"x86_tiny_smp", FuzzMix::hotplug},  {"x86_tiny_rt", FuzzMix::hotplug},
};

}  // namespace highmem

#endif  // HIGHMEM_FUZZ_MACHINES_H_
