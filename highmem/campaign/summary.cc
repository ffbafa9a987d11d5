#include "highmem/campaign/summary.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "highmem/shrink/size.h"
#include "highmem/trace/text.h"

namespace highmem {
namespace {

using Sample = CampaignData::Sample;

// Of the first sample at that time or behind it.
size_t IndexAt(const std::vector<Sample>& samples, double at) {
  const auto found = std::lower_bound(samples.begin(), samples.end(), at,
                                      [](const Sample& s, double t) { return s.at < t; });
  return std::min<size_t>(found - samples.begin(), samples.size() - 1);
}

}  // namespace

Sample Latest(const CampaignData& data) {
  if (!data.samples.empty()) return data.samples.back();
  Sample sum;
  for (const CampaignData::Run& run : data.runs) {
    sum.at += run.seconds;
    sum.executions += run.executions;
  }
  sum.cells = static_cast<int64_t>(data.cells.size());
  sum.findings = static_cast<int64_t>(data.findings.size());
  return sum;
}

double RecentRate(const CampaignData& data, double seconds) {
  if (data.samples.size() < 2) return 0;
  const Sample& last = data.samples.back();
  const size_t begin = IndexAt(data.samples, last.at - seconds);
  const Sample& first = data.samples[std::min(begin, data.samples.size() - 2)];
  if (last.at <= first.at) return 0;
  return static_cast<double>(last.executions - first.executions) / (last.at - first.at);
}

std::vector<TargetSummary> TargetSummaries(const CampaignData& data) {
  std::map<std::string, TargetSummary> by_name;
  for (const CampaignData::Run& run : data.runs) {
    TargetSummary& target = by_name[run.target];
    target.runs++;
    target.running += run.state == "running";
    target.executions += run.executions;
    target.seconds += run.seconds;
  }
  for (const CampaignData::Cell& cell : data.cells) by_name[cell.target].cells++;
  for (const CampaignData::Finding& finding : data.findings) by_name[finding.target].findings++;
  std::vector<TargetSummary> targets;
  for (auto& [name, target] : by_name) {
    target.target = name;
    targets.push_back(std::move(target));
  }
  return targets;
}

std::vector<Sample> Thinned(const std::vector<Sample>& samples, size_t most) {
  if (samples.empty()) return {};
  std::set<size_t> kept = {0, samples.size() - 1};
  if (samples.size() <= most) {
    for (size_t i = 0; i < samples.size(); i++) kept.insert(i);
  } else {
    const double first = std::max(samples.front().at, 1.0), last = std::max(samples.back().at, 1.0);
    const auto even = static_cast<double>(most - most / 3), log = static_cast<double>(most / 3);
    for (double i = 0; i < even; i++) kept.insert(IndexAt(samples, last * i / even));
    for (double i = 0; i < log; i++)
      kept.insert(IndexAt(samples, first * std::pow(last / first, i / log)));
  }
  std::vector<Sample> thinned;
  for (const size_t i : kept) {
    if (!thinned.empty() && thinned.back().at >= samples[i].at)
      thinned.back() = samples[i];
    else
      thinned.push_back(samples[i]);
  }
  return thinned;
}

std::string OpOf(const CampaignData::Finding& finding) {
  const size_t begin = finding.key.find('/');
  if (begin == std::string::npos) return "";
  return finding.key.substr(begin + 1, finding.key.find('/', begin + 1) - begin - 1);
}

std::optional<uint32_t> OpsOf(const CampaignData::Finding& finding) {
  Trace trace;
  ParseError error;
  const std::string& text = finding.minimized.empty() ? finding.raw : finding.minimized;
  if (!ParseTrace(text, "", &trace, &error)) return std::nullopt;
  return SizeOf(trace).ops;
}

}  // namespace highmem
