// The golden traces of SPEC P, made for every machine that they hold on. What the litmus files
// p1_fill_and_wrap to p18_eleven_reports say of one profile in readable form, these say of each:
// its pool's size, its era and its architecture's flushes are put in.
//
// P7 is made for each number of colours, P11, P12 and P14 for ARM, P16 to P18 for era E1. P19 is a
// race (corpus/worlds/p19_dma_against_kmap.hm), P20 a count of pages (litmus/p20_lazy_purge.hm):
// each names its machine, and is a file alone.
#ifndef PROPERTIES_GOLDEN_H_
#define PROPERTIES_GOLDEN_H_

#include <string>
#include <vector>

#include "highmem/machine/profile.h"

namespace highmem::golden {

struct GoldenTrace {
  std::string rule;  // "P4"
  std::string profile;
  std::string text;  // a litmus file
};

// For every named profile, in its order, every rule that holds there.
std::vector<GoldenTrace> GoldenTraces();

// The two halves; appended to *traces.
void AppendPoolTraces(const Profile& profile, std::vector<GoldenTrace>* traces);  // P1 to P7
void AppendMapTraces(const Profile& profile, std::vector<GoldenTrace>* traces);   // P8 to P18

// "#hm 1", profile and pages a0, a1, ... of these many, all high; colour after colour, where there
// are any.
std::string Head(const Profile& profile, int pages);

}  // namespace highmem::golden

#endif  // PROPERTIES_GOLDEN_H_
