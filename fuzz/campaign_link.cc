#include "fuzz/campaign_link.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "highmem/campaign/files.h"
#include "highmem/coverage/cells.h"
#include "highmem/trace/file.h"
#include "highmem/trace/one_line.h"
#include "highmem/verdict/failure_key.h"

namespace highmem {
namespace {

constexpr std::chrono::milliseconds kPeriod{1000};

volatile std::sig_atomic_t asked_to_end = 0;

// Engines that run a target, instead of being a part of it, leave it behind when they are killed.
void EndWithParent(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);  // it has died meanwhile
}

}  // namespace

CampaignLink* CampaignLink::Get() {
  static CampaignLink* const link = [] {
    const char* dir = std::getenv(kCampaignVariable);
    return dir == nullptr ? nullptr : new CampaignLink(dir);
  }();
  return link;
}

CampaignLink::CampaignLink(std::string dir)
    : dir_(std::move(dir)),
      notes_inputs_(std::getenv(kCampaignInputsVariable) != nullptr),
      hit_now_(static_cast<size_t>(CellCount())),
      cells_(hit_now_),
      hits_(hit_now_.size()),
      process_(getpid()) {
  std::signal(SIGTERM, [](int) { asked_to_end = 1; });
  EndWithParent(getppid());
  GoOn();
}

void CampaignLink::Check(bool ok, const std::string& error) {
  if (ok) return;
  std::fprintf(stderr, "highmem: %s\n", error.c_str());
  std::exit(1);
}

void CampaignLink::GoOn() {
  FuzzStatus status;
  if (!ParseStatus(ReadAll(dir_ + "/status"), &status)) return;
  status_ = std::move(status);
  for (size_t cell = 0; cell < hits_.size(); cell++) {
    const auto it = status_.cells.find(CellName(static_cast<int>(cell)));
    if (it != status_.cells.end()) hits_[cell] = it->second;
  }
}

void CampaignLink::EndExecution(const Trace& trace, uint64_t steps,
                                std::span<const uint8_t> input) {
  if (getpid() != process_) {
    EndWithParent(std::exchange(process_, getpid()));
    GoOn();
  }
  status_.executions++;
  if (asked_to_end) {
    WriteStatus();
    std::_Exit(0);
  }
  status_.steps += steps;
  if (notes_inputs_) NoteInput(input);
  for (const uint16_t cell : cells_.hit()) {
    hit_now_[cell] = 0;
    if (hits_[cell]++ == 0) NoteFirst(trace, cell);
  }
  const auto now = std::chrono::steady_clock::now();
  if (now < due_) return;
  due_ = now + kPeriod;
  WriteStatus();
}

void CampaignLink::NoteInput(std::span<const uint8_t> input) {
  const std::string_view bytes(reinterpret_cast<const char*>(input.data()), input.size());
  const InputCells noted = {HashOf(bytes), {cells_.hit().begin(), cells_.hit().end()}};
  std::string error;
  Check(AppendTo(dir_ + "/inputs", PrintInputCells(noted), &error), error);
}

void CampaignLink::NoteFirst(const Trace& trace, uint16_t cell) {
  std::string error;
  Check(AppendTo(dir_ + "/cells", PrintFirstHit({CellName(cell), PrintOneLine(trace)}), &error),
        error);
}

void CampaignLink::Found(const Trace& trace, const Finding& finding) {
  const std::string key = FailureKey(finding, trace);
  if (status_.findings[key]++ != 0) return;
  std::string error;
  Check(WriteTraceFile(dir_ + "/findings/" + FindingFileName(key), trace, {.overwrite = true},
                       &error),
        error);
  WriteStatus();
}

void CampaignLink::WriteStatus() {
  status_.cells.clear();
  for (size_t cell = 0; cell < hits_.size(); cell++)
    if (hits_[cell] != 0) status_.cells[CellName(static_cast<int>(cell))] = hits_[cell];
  const std::string path = dir_ + "/status", fresh = path + ".new";
  std::string error;
  Check(WriteAll(fresh, PrintStatus(status_), &error), error);
  std::error_code code;
  std::filesystem::rename(fresh, path, code);
  Check(!code, path + ": " + code.message());
}

}  // namespace highmem
