#include "highmem/model/data.h"

#include "highmem/machine/arena.h"
#include "highmem/machine/cache.h"
#include "highmem/machine/page.h"

namespace highmem::model {

void Data::Begin(const Trace& trace) {
  int declared = 0;
  for (const PageDecl& page : trace.pages) declared += 1 << page.order;
  const int page_size = machine.profile.page_size;
  where_.assign(static_cast<size_t>(machine.profile.pages()), -1);
  bytes_ = arena.Carve<uint8_t>(static_cast<size_t>(declared) * page_size);
  tainted_ = arena.Carve<uint8_t>(where_.size());
  const size_t bytes = static_cast<size_t>(declared) * page_size;
  forgotten_ = HasCache() ? arena.Carve<uint8_t>(bytes) : nullptr;
  int frames = 0;
  for (size_t i = 0; i < trace.pages.size(); i++) {
    for (int n = 0; n < 1 << trace.pages[i].order; n++) {
      const auto pfn = static_cast<Pfn>(PfnOf(trace, static_cast<int>(i)) + n);
      where_[pfn] = frames++ * page_size;
      for (int b = 0; b < page_size; b++)
        Store(pfn, static_cast<uint32_t>(b), InitialByte(pfn, static_cast<uint32_t>(b)));
    }
  }
}

void Data::Forget(Pfn page) {
  if (forgotten_ == nullptr) return;
  for (int b = 0; b < machine.profile.page_size; b++) forgotten_[where_[page] + b] = 1;
}

}  // namespace highmem::model
