// Swappable part (with arch.h): DMA by a device that looks at memory past the CPU's caches.
// (SPEC D.5; arch/arm/mm/dma-mapping.c)
#ifndef HIGHMEM_KMAP_DMA_H_
#define HIGHMEM_KMAP_DMA_H_

#include "highmem/kernel/co.h"
#include "highmem/machine/types.h"

namespace highmem {

struct Page;

// include/linux/dma-direction.h
enum class DmaDirection : uint8_t { kBidirectional, kToDevice, kFromDevice };

// The page belongs to the device until dma_unmap_page: what the CPU has written is in memory, and
// no line will be written back over what the device writes. With kFromDevice what the CPU has
// written is lost instead. Any context but NMI. Interrupts, and on a cache that is found by virtual
// address other tasks too, may come between two lines; on others a high page is kmap_atomic while
// it lasts. Nothing to do where DMA is coherent. (SPEC D.4, D.5)
Co<> dma_map_page(Page* page, DmaDirection direction);

// The page belongs to the CPU again, which sees what the device has written. Contexts as above.
// (SPEC D.5)
Co<> dma_unmap_page(Page* page, DmaDirection direction);

}  // namespace highmem

#endif  // HIGHMEM_KMAP_DMA_H_
