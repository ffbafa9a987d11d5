#include "fuzz/campaign_link.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "highmem/coverage/cells.h"
#include "highmem/trace/file.h"
#include "highmem/trace/one_line.h"
#include "highmem/verdict/failure_key.h"

namespace highmem {
namespace {

constexpr std::chrono::milliseconds kPeriod{1000};

volatile std::sig_atomic_t asked_to_end = 0;

bool WriteAll(const std::string& path, const char* mode, const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), mode);
  if (file == nullptr) return false;
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return std::fclose(file) == 0 && written;
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
      hit_now_(static_cast<size_t>(CellCount())),
      cells_(hit_now_),
      hits_(hit_now_.size()) {
  std::signal(SIGTERM, [](int) { asked_to_end = 1; });
}

void CampaignLink::Fail(const std::string& file) {
  std::fprintf(stderr, "highmem: %s: %s\n", file.c_str(), std::strerror(errno));
  std::exit(1);
}

void CampaignLink::EndExecution(const Trace& trace, uint64_t steps) {
  status_.executions++;
  if (asked_to_end) {
    WriteStatus();
    std::_Exit(0);
  }
  status_.steps += steps;
  for (const uint16_t cell : cells_.hit()) {
    hit_now_[cell] = 0;
    if (hits_[cell]++ == 0) NoteFirst(trace, cell);
  }
  const auto now = std::chrono::steady_clock::now();
  if (now < due_) return;
  due_ = now + kPeriod;
  WriteStatus();
}

void CampaignLink::NoteFirst(const Trace& trace, uint16_t cell) {
  const std::string path = dir_ + "/cells";
  if (!WriteAll(path, "a", PrintFirstHit({CellName(cell), PrintOneLine(trace)}))) Fail(path);
}

void CampaignLink::Found(const Trace& trace, const Finding& finding) {
  const std::string key = FailureKey(finding, trace);
  if (status_.findings[key]++ != 0) return;
  std::string error;
  if (!WriteTraceFile(dir_ + "/findings/" + FindingFileName(key), trace, {.overwrite = true},
                      &error)) {
    std::fprintf(stderr, "highmem: %s\n", error.c_str());
    std::exit(1);
  }
  WriteStatus();
}

void CampaignLink::WriteStatus() {
  status_.cells.clear();
  for (size_t cell = 0; cell < hits_.size(); cell++)
    if (hits_[cell] != 0) status_.cells[CellName(static_cast<int>(cell))] = hits_[cell];
  const std::string path = dir_ + "/status", fresh = path + ".new";
  if (!WriteAll(fresh, "w", PrintStatus(status_)) || std::rename(fresh.c_str(), path.c_str()) != 0)
    Fail(fresh);
}

}  // namespace highmem
