// From a page to its pkmap address, in two variants.
//
// The hash. A bucket is a list of records; the record used for a PKMAP address is the
// one with the number of its slot, so records never run out. Finding and changing are one step
// each: the kernel holds the bucket's lock with interrupts off for as long.
//
// A field of struct page, where an architecture wants it: read and written in one step, no lock.

#include "highmem/kmap/page_address.h"

#include "highmem/kernel/primitive.h"
#include "highmem/kernel/spinlock.h"
#include "highmem/kmap/introspect.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/shared.h"

namespace highmem {
namespace {

// Written under kmap_lock; page_address() also reads without it. Cell values are one more than what
// they name, so that 0 is "none".
constexpr int kRecordGuard = static_cast<int>(LockId::kKmapLock);
SharedArray<uint16_t, EventKind::page_address_map, kRecordGuard> record_page;  // [slot] pfn
SharedArray<uint16_t, EventKind::hash_link, kRecordGuard> next_record;         // [slot] record
SharedArray<uint16_t, EventKind::hash_link, kRecordGuard> first_record;        // [bucket] record

SharedArray<uint16_t, EventKind::page_virtual, kRecordGuard> page_virtual;  // [pfn] slot

bool WantPageVirtual() { return machine.profile.page_virtual != 0; }

int Bucket(Pfn pfn) {
  // Fibonacci hashing, as the kernel's hash_ptr does.
  const uint32_t hash = pfn * 0x9e3779b1u;
  return static_cast<int>(hash >> 16) & (machine.profile.hash_buckets - 1);
}

// The first record of the page, or -1.
int FindRecord(Pfn pfn) {
  for (int r = first_record.get(Bucket(pfn)) - 1; r >= 0; r = next_record.get(r) - 1)
    if (record_page.get(r) == pfn + 1) return r;
  return -1;
}

void Append(Pfn pfn, int record) {
  record_page.set(record, static_cast<uint16_t>(pfn + 1));
  int last = first_record.get(Bucket(pfn)) - 1;
  if (last < 0) {
    first_record.set(Bucket(pfn), static_cast<uint16_t>(record + 1));
    return;
  }
  while (next_record.get(last) != 0) last = next_record.get(last) - 1;
  next_record.set(last, static_cast<uint16_t>(record + 1));
}

void Unlink(Pfn pfn) {
  const int record = FindRecord(pfn);
  if (record < 0) return;
  const uint16_t behind = next_record.get(record);
  int before = first_record.get(Bucket(pfn)) - 1;
  if (before == record) {
    first_record.set(Bucket(pfn), behind);
  } else {
    while (next_record.get(before) - 1 != record) before = next_record.get(before) - 1;
    next_record.set(before, behind);
  }
  next_record.set(record, 0);
  record_page.set(record, 0);
}

// The page's slot, or -1.
int SlotOf(Pfn pfn) { return WantPageVirtual() ? page_virtual.get(pfn) - 1 : FindRecord(pfn); }

}  // namespace

void page_address_reset() {
  if (WantPageVirtual()) return page_virtual.Carve(machine.profile.pages());
  record_page.Carve(machine.profile.last_pkmap);
  next_record.Carve(machine.profile.last_pkmap);
  first_record.Carve(machine.profile.hash_buckets);
}

Co<Vaddr> page_address(Page* page) {
  if (!PageHighMem(page)) co_return lowmem_page_address(page);
  co_await Step(PrimKind::hash_find, page_to_pfn(page));
  const int slot = SlotOf(page_to_pfn(page));
  co_return slot < 0 ? 0 : PKMAP_ADDR(slot);
}

Co<> set_page_address(Page* page, Vaddr vaddr) {
  if (!PageHighMem(page)) co_await Bug(Site::set_page_address_low);
  co_await Step(PrimKind::hash_set, page_to_pfn(page));
  const int slot = vaddr != 0 ? PKMAP_NR(vaddr) : -1;
  if (WantPageVirtual())
    page_virtual.set(page_to_pfn(page), static_cast<uint16_t>(slot + 1));
  else if (vaddr != 0)
    Append(page_to_pfn(page), slot);
  else
    Unlink(page_to_pfn(page));
}

namespace {

Pfn PageOf(int nr) {
  if (!WantPageVirtual())
    return record_page.get(nr) == 0 ? kNoPfn : static_cast<Pfn>(record_page.get(nr) - 1);
  for (int pfn = 0; pfn < machine.profile.pages(); pfn++)
    if (page_virtual.get(pfn) == nr + 1) return static_cast<Pfn>(pfn);
  return kNoPfn;
}

constexpr PageAddressView kPageAddressView = {
    .slot_of = [](const Page* page) { return SlotOf(page_to_pfn(page)); },
    .page_of = PageOf,
};

}  // namespace

const PageAddressView* page_address_view() { return &kPageAddressView; }

}  // namespace highmem
