// Must not compile where PAGE is defined: kunmap_local and kunmap_atomic take the address that the
// map returned, never the page. (SPEC E.5, X16)

#include "highmem/kmap/kmap_atomic.h"
#include "highmem/kmap/kmap_local.h"

namespace highmem {

#ifdef PAGE
using Argument = Page*;
#else
using Argument = Vaddr;
#endif

Co<> Release(Argument argument) { co_await RELEASE(argument); }

}  // namespace highmem
