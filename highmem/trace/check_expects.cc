// How an op can end, and which expectations it may have. (check_trace.h)
#include <limits>

#include "highmem/trace/check_parts.h"

namespace highmem {
namespace {

bool NamesAPage(const OpInfo& info) {
  return info.takes('p') || info.takes('m') || info.takes('v') || info.takes('a') ||
         info.takes('x');
}

std::string LegalResults(const Profile& profile, OpCode code) {
  std::string_view words[static_cast<int>(kLastResult) + 1];
  size_t n = 0;
  for (int k = 0; k <= static_cast<int>(kLastResult); k++)
    if (ResultIsLegal(profile, code, static_cast<ExpectKind>(k)))
      words[n++] = FormText(static_cast<ExpectKind>(k));
  return OneOf({words, n});
}

}  // namespace

bool ResultIsLegal(const Profile& profile, OpCode code, ExpectKind kind) {
  const bool high_get = profile.high_get != 0;
  switch (code) {
    case OpCode::kmap:
    case OpCode::take: return kind == ExpectKind::pkmap || kind == ExpectKind::low;
    case OpCode::page_address:
      return kind == ExpectKind::pkmap || kind == ExpectKind::low || kind == ExpectKind::null;
    case OpCode::kmap_high_get: return kind == ExpectKind::pkmap || kind == ExpectKind::null;
    case OpCode::vmap:
    case OpCode::vunmap:
    case OpCode::vm_map_ram:
    case OpCode::vm_unmap_ram:
    case OpCode::kunmap_high: return kind == ExpectKind::ok || kind == ExpectKind::null;
    case OpCode::is_kmap_addr:
    case OpCode::device_load: return kind == ExpectKind::byte;
    case OpCode::load:
      return kind == ExpectKind::byte || kind == ExpectKind::fault ||
             (high_get && kind == ExpectKind::null);
    case OpCode::store:
      return kind == ExpectKind::ok || kind == ExpectKind::fault ||
             (high_get && kind == ExpectKind::null);
    case OpCode::get_user: return kind == ExpectKind::ok || kind == ExpectKind::fault;
    case OpCode::kmap_local_page:
    case OpCode::kmap_atomic:
      return kind == ExpectKind::fix || kind == ExpectKind::low ||
             (high_get && kind == ExpectKind::pkmap);
    case OpCode::kmap_local_pfn:
    case OpCode::kmap_atomic_pfn: return kind == ExpectKind::fix;
    case OpCode::kmap_to_page: return kind == ExpectKind::page || kind == ExpectKind::garbage;
    default: return kind == ExpectKind::ok;
  }
}

NumberRange RangeOf(const Profile& profile, ExpectKind kind) {
  switch (kind) {
    case ExpectKind::pkmap:
    case ExpectKind::cursor: return {0, profile.last_pkmap - 1};
    case ExpectKind::invlpg:
    case ExpectKind::fix: return {0, profile.km_max_idx - 1};
    case ExpectKind::idx: return {-2, profile.km_max_idx + 1};
    case ExpectKind::byte: return {0, kMaxByte};
    case ExpectKind::wakes: return {0, kMaxTasks};
    case ExpectKind::count:
    case ExpectKind::sweeps:
    case ExpectKind::flushes:
    case ExpectKind::mig:
    case ExpectKind::local_flushes:
    case ExpectKind::outs:
    case ExpectKind::ins:
    case ExpectKind::hooks: return {0, std::numeric_limits<int32_t>::max()};
    default: return {0, 0};
  }
}

std::string WrongExpectation(const Trace& trace, const Op& op, const Expect& expect) {
  const ExpectKind kind = expect.kind;
  if (!HasWord(kind)) return Concat("expected an outcome, found number ", static_cast<int>(kind));
  if (kind <= kLastResult && !ResultIsLegal(trace.profile, op.code, kind))
    return Concat("expected ", LegalResults(trace.profile, op.code), " as the result of ",
                  WordOf(op.code), ", found '", FormText(kind), "'");
  if (kind == ExpectKind::count && !NamesAPage(Info(op.code)))
    return Concat("expected an op with a page before 'count', found '", WordOf(op.code), "'");
  if (FormOf(kind) == ExpectForm::site)
    return expect.value >= 0 && expect.value < static_cast<int>(Site::kCount)
               ? std::string()
               : Concat("expected a site, found number ", expect.value);
  if (kind == ExpectKind::page)
    return expect.value >= 0 && expect.value < static_cast<int>(trace.pages.size())
               ? std::string()
               : Concat("expected a page, found number ", expect.value);
  const NumberRange range = RangeOf(trace.profile, kind);
  if (expect.value >= range.min && expect.value <= range.max) return {};
  return Concat("expected a number from ", range.min, " to ", range.max, " in '", FormText(kind),
                "', found ", expect.value);
}

}  // namespace highmem
