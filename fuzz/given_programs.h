// Programs that are given, under schedules that the bytes are: an input's first byte chooses the
// program, the others what happens next (schedule/bytes.h). Each target's own file defines them.
#ifndef HIGHMEM_FUZZ_GIVEN_PROGRAMS_H_
#define HIGHMEM_FUZZ_GIVEN_PROGRAMS_H_

#include <span>
#include <string_view>

namespace highmem {

extern const std::span<const std::string_view> kPrograms;  // texts of traces

}  // namespace highmem

#endif  // HIGHMEM_FUZZ_GIVEN_PROGRAMS_H_
