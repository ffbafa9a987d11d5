#include "highmem/trace/helper_op.h"

#include <algorithm>

namespace highmem {

HelperForm HelperFormOf(OpCode code) {
  switch (code) {
    case OpCode::clear_highpage: return {.helper = true};
    case OpCode::copy_highpage: return {.helper = true, .source = true};
    case OpCode::memcpy_page:
      return {
          .helper = true, .source = true, .offset = true, .source_offset = true, .length = true};
    case OpCode::memcpy_from_page:
    case OpCode::memzero_page: return {.helper = true, .offset = true, .length = true};
    case OpCode::memset_page:
    case OpCode::memcpy_to_page:
      return {.helper = true, .offset = true, .byte = true, .length = true};
    case OpCode::zero_user_segments: return {.helper = true, .segments = true};
    default: return {};
  }
}

void SetSourcePage(Op* op, int page) { op->actor = static_cast<uint8_t>(page); }
void SetSourceOffset(Op* op, uint32_t offset) { op->any = offset << 16 | LengthOf(*op); }
void SetLength(Op* op, uint32_t length) { op->any = SourceOffsetOf(*op) << 16 | length; }
void SetSegments(Op* op, Segment first, Segment second) {
  op->offset = static_cast<uint16_t>(first.start);
  op->any = second.start << 16 | first.end;
  op->value = static_cast<int32_t>(second.end);
}

namespace {

// The part of a segment in the n-th page; empty if it has none.
Segment InPage(const Profile& profile, Segment s, int n) {
  const auto size = static_cast<uint32_t>(profile.page_size);
  const uint32_t begin = static_cast<uint32_t>(n) * size;
  const Segment part = {std::max(s.start, begin), std::min(s.end, begin + size)};
  return part.start < part.end ? Segment{part.start - begin, part.end - begin} : Segment{0, 0};
}

uint32_t SizeOf(Segment s) { return s.end - s.start; }

constexpr int kMostPages = 2;

}  // namespace

uint32_t HelperBytes(const Profile& profile, const Op& op) {
  const HelperForm form = HelperFormOf(op.code);
  if (form.length) return LengthOf(op);
  if (!form.segments) return static_cast<uint32_t>(profile.page_size);
  uint32_t bytes = 0;
  for (int n = 0; n < kMostPages; n++)
    bytes += SizeOf(InPage(profile, FirstSegmentOf(op), n)) +
             SizeOf(InPage(profile, SecondSegmentOf(op), n));
  return bytes;
}

HelperByte HelperByteAt(const Profile& profile, const Op& op, uint32_t n) {
  const HelperForm form = HelperFormOf(op.code);
  if (!form.segments)
    return {0, (form.offset ? op.offset : 0) + n,
            (form.source_offset ? SourceOffsetOf(op) : 0) + n};
  for (int page = 0; page < kMostPages; page++) {
    for (const Segment s :
         {InPage(profile, FirstSegmentOf(op), page), InPage(profile, SecondSegmentOf(op), page)}) {
      if (n < SizeOf(s)) return {page, s.start + n, 0};
      n -= SizeOf(s);
    }
  }
  return {kMostPages, 0, 0};
}

bool HelperOverruns(const Profile& profile, const Op& op, int pages) {
  const HelperForm form = HelperFormOf(op.code);
  const auto size = static_cast<uint32_t>(profile.page_size);
  const uint32_t end = size * static_cast<uint32_t>(pages);
  if (form.segments) return FirstSegmentOf(op).end > end || SecondSegmentOf(op).end > end;
  if (!form.length) return false;
  return op.offset + LengthOf(op) > size ||
         (form.source_offset && SourceOffsetOf(op) + LengthOf(op) > size);
}

int HelperFlushes(const Profile& profile, const Op& op) {
  switch (op.code) {
    case OpCode::memcpy_page:
    case OpCode::memset_page: return profile.quirk(9) ? 0 : 1;
    case OpCode::memcpy_to_page:
    case OpCode::memzero_page: return 1;
    case OpCode::zero_user_segments: {
      if (!profile.is_era(Era::kE3Local)) return 1;
      int pages = 0;
      for (int n = 0; n < kMostPages; n++)
        pages += SizeOf(InPage(profile, FirstSegmentOf(op), n)) +
                     SizeOf(InPage(profile, SecondSegmentOf(op), n)) >
                 0;
      return pages;
    }
    default: return 0;
  }
}

}  // namespace highmem
