#include "highmem/model/data.h"

#include "highmem/machine/arena.h"
#include "highmem/machine/cache.h"
#include "highmem/machine/page.h"

namespace highmem::model {

void Data::Begin(const Trace& trace) {
  const int declared = static_cast<int>(trace.pages.size());
  const int page_size = machine.profile.page_size;
  where_.assign(static_cast<size_t>(machine.profile.pages()), -1);
  bytes_ = arena.Carve<uint8_t>(static_cast<size_t>(declared) * page_size);
  tainted_ = arena.Carve<uint8_t>(where_.size());
  const size_t bytes = static_cast<size_t>(declared) * page_size;
  forgotten_ = HasCache() ? arena.Carve<uint8_t>(bytes) : nullptr;
  for (int i = 0; i < declared; i++) {
    const Pfn pfn = PfnOf(trace, i);
    where_[pfn] = i * page_size;
    for (int b = 0; b < page_size; b++)
      Store(pfn, static_cast<uint32_t>(b), InitialByte(pfn, static_cast<uint32_t>(b)));
  }
}

void Data::Forget(Pfn page) {
  if (forgotten_ == nullptr) return;
  for (int b = 0; b < machine.profile.page_size; b++) forgotten_[where_[page] + b] = 1;
}

}  // namespace highmem::model
