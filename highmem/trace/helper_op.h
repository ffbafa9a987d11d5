// Operands of the helpers (include/linux/highmem.h) as an op holds them: argument letter h of
// ops.def. In text, in the kernel's order, an offset behind its page: `memcpy_page B+4 A+0 8`.
#ifndef HIGHMEM_TRACE_HELPER_OP_H_
#define HIGHMEM_TRACE_HELPER_OP_H_

#include <cstdint>

#include "highmem/machine/profile.h"
#include "highmem/trace/op.h"

namespace highmem {

// Which operands a helper has.
struct HelperForm {
  bool helper = false;
  bool source = false;         // a second page, to copy from
  bool offset = false;         // in the page
  bool source_offset = false;  // in the second page
  bool byte = false;
  bool length = false;
  bool segments = false;  // two of them, start and end each
};
HelperForm HelperFormOf(OpCode code);
inline bool IsHelper(OpCode code) { return HelperFormOf(code).helper; }

// The operands. Offsets, lengths and ends in bytes; up to twice a page's size, for what lies behind
// the page is a mistake that can be made, or the second page of a compound one.
inline int SourcePageOf(const Op& op) { return op.actor; }
inline uint32_t SourceOffsetOf(const Op& op) { return op.any >> 16; }
inline uint32_t LengthOf(const Op& op) { return op.any & 0xffff; }
struct Segment {
  uint32_t start;
  uint32_t end;
};
inline Segment FirstSegmentOf(const Op& op) { return {op.offset, op.any & 0xffff}; }
inline Segment SecondSegmentOf(const Op& op) {
  return {op.any >> 16, static_cast<uint32_t>(op.value)};
}
void SetSourcePage(Op* op, int page);
void SetSourceOffset(Op* op, uint32_t offset);
void SetLength(Op* op, uint32_t length);
void SetSegments(Op* op, Segment first, Segment second);

// Bytes that it reads or writes in all, and the n-th of them: in the page (or the one behind it in
// a compound page) at `offset`, and for a copy in the source at `source_offset`.
struct HelperByte {
  int page;  // behind the op's page: 0, 1
  uint32_t offset;
  uint32_t source_offset;
};
uint32_t HelperBytes(const Profile& profile, const Op& op);
HelperByte HelperByteAt(const Profile& profile, const Op& op, uint32_t n);

// It ends behind its page, or its compound page of `pages`: a BUG. (SPEC X31)
bool HelperOverruns(const Profile& profile, const Op& op, int pages);

// How often it calls flush_dcache_page, and whether behind the unmap. (SPEC I)
int HelperFlushes(const Profile& profile, const Op& op);
inline bool HelperFlushesBehindUnmap(OpCode code) { return code == OpCode::zero_user_segments; }

}  // namespace highmem

#endif  // HIGHMEM_TRACE_HELPER_OP_H_
