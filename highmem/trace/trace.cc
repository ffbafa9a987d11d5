#include "highmem/trace/trace.h"

#include <array>
#include <cstdint>
#include <limits>

#include "highmem/trace/check_trace.h"

namespace highmem {
namespace {

constexpr int kLetters = 26;

// One letter each while there are letters, then a prefix and the number.
std::string LetterName(char first, char prefix, int index) {
  if (index < kLetters) return {static_cast<char>(first + index)};
  return prefix + std::to_string(index);
}

char ActorPrefix(ActorKind kind) {
  switch (kind) {
    case ActorKind::task: return 'T';
    case ActorKind::softirq: return 'S';
    case ActorKind::irq: return 'H';
    case ActorKind::nmi: return 'N';
    case ActorKind::fault: return 'F';
  }
  return '?';
}

// The first frame of a page that stands behind so many frames of its kind and colour.
Pfn FrameBehind(const Profile& profile, const PageDecl& decl, int before) {
  const int base = decl.high ? profile.low_pages : 0;
  const int first = base + ((decl.colour - base) & (profile.colours - 1));
  return static_cast<Pfn>(first + before * profile.colours);
}

}  // namespace

void Trace::Clear() {
  profile = Profile();
  misuse = false;
  pages.clear();
  actors.clear();
  ops.clear();
  expects.clear();
  conds.clear();
  schedule.kind = ScheduleKind::decisions;
  schedule.runs = 0;
  schedule.seed = 0;
  schedule.decisions.clear();
  schedule.turns.clear();
  ignored.clear();
  verdicts.clear();
}

int Trace::task_count() const {
  int count = 0;
  for (const Actor& actor : actors) count += actor.kind == ActorKind::task;
  return count;
}

uint32_t Trace::forked() const {
  uint32_t mask = 0;
  for (const Op& op : ops)
    if (op.code == OpCode::fork) mask |= 1u << op.actor;
  return mask;
}

Pfn PfnOf(const Trace& trace, int page) {
  const PageDecl& decl = trace.pages[static_cast<size_t>(page)];
  int before = 0;
  for (int i = 0; i < page; i++) {
    const PageDecl& other = trace.pages[static_cast<size_t>(i)];
    if (other.high == decl.high && other.colour == decl.colour) before += 1 << other.order;
  }
  return FrameBehind(trace.profile, decl, before);
}

void PfnsOf(const Trace& trace, std::vector<Pfn>* pfns) {
  std::array<std::array<int, 2>, std::numeric_limits<uint8_t>::max() + 1> before = {};
  pfns->clear();
  for (const PageDecl& decl : trace.pages) {
    int& of_kind = before[decl.colour][decl.high];
    pfns->push_back(FrameBehind(trace.profile, decl, of_kind));
    of_kind += 1 << decl.order;
  }
}

Pfn FillerPfn(const Trace& trace, int n) { return static_cast<Pfn>(trace.profile.pages() - 1 - n); }

std::string PageName(const Trace& trace, int page) {
  const std::string& name = trace.pages[static_cast<size_t>(page)].name;
  return name.empty() ? LetterName('A', 'P', page) : name;
}

std::string ActorName(const Trace& trace, ActorId actor) {
  const Actor& a = trace.actors[actor];
  return a.name.empty() ? ActorPrefix(a.kind) + std::to_string(actor + 1) : a.name;
}

std::string VarName(const Trace& trace, ActorId actor, int var) {
  const std::string& name = trace.actors[actor].vars[static_cast<size_t>(var)];
  return name.empty() ? LetterName('a', 'v', var) : name;
}

bool CheckTrace(const Trace& trace, std::string* error) {
  TraceProblem problem;
  if (!FindProblem(trace, &problem)) return true;
  *error = problem.sentence;
  return false;
}

}  // namespace highmem
