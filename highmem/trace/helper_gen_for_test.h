// Operands of helpers, pages and names, for TraceGenerator.
#ifndef HIGHMEM_TRACE_HELPER_GEN_FOR_TEST_H_
#define HIGHMEM_TRACE_HELPER_GEN_FOR_TEST_H_

#include <functional>
#include <string_view>

#include "highmem/trace/helper_op.h"
#include "highmem/trace/trace.h"

namespace highmem {

// Words that stand for something else elsewhere make good names.
inline constexpr std::string_view kGenWords[] = {
    "A",     "B",   "T1",    "T2",  "H2",   "a",     "b",    "_",      "P26",  "v26",
    "count", "BUG", "pkmap", "low", "high", "order", "pass", "seed",   "byte", "actor",
    "x1",    "I4",  "none",  "fix", "GF",   "valid", "ok",   "colour", "all",  "HANG"};

inline int FramesOf(const Profile& p, const PageDecl& page) {
  return page.high ? p.high_pages : p.low_pages;
}

// The page takes the next frame of its kind, of which `count` are taken, and its colour; a compound
// page, if that is wanted, the one behind it, too.
inline void Frame(const Profile& p, int* count, bool compound, PageDecl* page) {
  const int frame = (*count)++ + (page->high ? p.low_pages : 0);
  page->colour = static_cast<uint8_t>(frame & (p.colours - 1));
  if (!compound || p.colours > 1 || *count == FramesOf(p, *page)) return;
  page->order = 1;
  (*count)++;
}

// `between` draws a number from an interval, ends included.
inline void PickHelper(const Trace& t, const std::function<int(int, int)>& between, Op* op) {
  const HelperForm form = HelperFormOf(op->code);
  const auto bytes = [&] { return static_cast<uint32_t>(between(0, 2 * t.profile.page_size)); };
  const int last = static_cast<int>(t.pages.size()) - 1;
  op->page = static_cast<int16_t>(between(0, last));
  op->ref = -1;
  op->any = 0;
  if (form.source) SetSourcePage(op, between(0, last));
  if (form.offset) op->offset = static_cast<uint16_t>(bytes());
  if (form.source_offset) SetSourceOffset(op, bytes());
  if (form.length) SetLength(op, bytes());
  if (form.byte) op->value = between(0, 255);
  if (form.segments) SetSegments(op, {bytes(), bytes()}, {bytes(), bytes()});
}

}  // namespace highmem

#endif  // HIGHMEM_TRACE_HELPER_GEN_FOR_TEST_H_
