#include "highmem/check/frame_release.h"

#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"
#include "highmem/machine/tlb.h"

namespace highmem {

void FrameReleaseCheck::OnEvent(const Event& e) {
  if (misuse_) return;
  const auto page = static_cast<Pfn>(e.obj);
  for (int vpn = 0; vpn < machine.vpns; vpn++) {
    const int index = vpn - machine.profile.last_pkmap;
    const bool in_windows = WindowIndexOf(static_cast<uint32_t>(vpn)) >= 0;
    const Role role = index < 0 ? Role::slot : in_windows ? Role::window : Role::none;
    const auto where = static_cast<uint32_t>(index < 0 ? vpn : index);
    if (PteGet(vpn).pfn() == page) reporter_->Report(e, {FindingId::I2, role, where, 0, 1, page});
    for (int cpu = 0; cpu < machine.profile.cpus; cpu++) {
      if (TlbGet(cpu, vpn).pfn() != page || (in_windows && CpuOfIndex(index) != cpu)) continue;
      reporter_->Report(e, {FindingId::I5, role, where, cpu, page, page});
    }
  }
}

}  // namespace highmem
