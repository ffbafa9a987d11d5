// How a finding becomes a sentence; for finding.cc and finding_local.cc alone.
#ifndef HIGHMEM_VERDICT_FINDING_SPEAKER_H_
#define HIGHMEM_VERDICT_FINDING_SPEAKER_H_

#include <string>

#include "highmem/verdict/finding.h"

namespace highmem {

// One sentence about one finding of one trace.
class Speaker {
 public:
  Speaker(const Finding& finding, const Trace& trace) : f_(finding), t_(trace) {}

  std::string Say() const {
    return What() + ": " + std::string(Info(f_.id).meaning) + " (" + std::string(Info(f_.id).name) +
           ")";
  }

 private:
  std::string What() const;
  std::string SlotWhat() const;
  std::string TlbWhat() const;
  std::string CostWhat() const;
  std::string OrderWhat() const;
  std::string WaitWhat() const;
  std::string BalanceWhat() const;
  std::string DiagnosisWhat() const;
  std::string CheckWhat() const;
  std::string LocalWhat() const;  // finding_local.cc
  std::string WindowWhat() const;
  std::string PinWhat() const;
  std::string CounterWhat() const;
  std::string NestingWhat() const;
  std::string ContextWhat() const;
  std::string MisuseWhat() const;
  std::string DataWhat() const;
  std::string HelperWhat() const;
  std::string ReleaseWhat() const;
  std::string LineWhat() const;
  std::string HostWhat() const;

  std::string Who() const;
  std::string Call() const;
  std::string PageText(int64_t pfn) const;
  std::string ThePage() const { return PageText(f_.page); }
  std::string TheSlot() const;
  std::string AddressText(Vaddr address) const;
  std::string WindowText(int64_t index) const;
  std::string Whose() const;
  std::string TaskText(int64_t task) const;

  const Finding& f_;
  const Trace& t_;
};

std::string NumberText(int64_t n);
std::string SlotText(int64_t slot);

}  // namespace highmem

#endif  // HIGHMEM_VERDICT_FINDING_SPEAKER_H_
