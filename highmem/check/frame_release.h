// A frame that the kernel has given up is shown by nothing of the kernel's. (SPEC M I2, I5;
// docs/BUGZOO.md 22; drivers/xen/balloon.c)
//
//   I2  when the hypervisor takes a frame, no PTE names it, of the pool or of a window   contract
//   I5  nor does a TLB; that of another CPU than a window's does not count               contract
//
// Valid lane only: there nobody has a map of the page.
//
// What a Breach holds: slot, window, or none for the vmalloc region; I5 the CPU; the page.
//
// Caught: lazy-map-survives-free (I2).
#ifndef HIGHMEM_CHECK_FRAME_RELEASE_H_
#define HIGHMEM_CHECK_FRAME_RELEASE_H_

#include "highmem/check/report.h"

namespace highmem {

class FrameReleaseCheck {
 public:
  static constexpr History kHistory = History::stateless;

  void Begin(bool misuse, Reporter* reporter) {
    misuse_ = misuse;
    reporter_ = reporter;
  }

  // Wants frame_release.
  void OnEvent(const Event& event);

 private:
  Reporter* reporter_ = nullptr;
  bool misuse_ = false;
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_FRAME_RELEASE_H_
