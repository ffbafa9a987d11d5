// WARN_ON_ONCE(): reports the first time per site and boot; what the kernel does about the
// condition it does every time. (include/asm-generic/bug.h)
#ifndef HIGHMEM_KERNEL_WARN_H_
#define HIGHMEM_KERNEL_WARN_H_

#include "highmem/kernel/co.h"
#include "highmem/kernel/primitive.h"

namespace highmem {

void WarnsReset();

// Any context. Reports unless the site has reported before.
Co<> WarnOnce(Site site);

// The debugfs switch: every site may report once more.
void clear_warn_once();

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_WARN_H_
