#include "highmem/report/stacks.h"

#include <cctype>
#include <utility>

#include "highmem/kernel/context.h"
#include "highmem/kernel/describe.h"
#include "highmem/kernel/task.h"
#include "highmem/trace/program.h"

namespace highmem {
namespace {

// "<task: unlock+>" -> "at unlock+:", "<hardirq: op>" -> "hardirq at op:"
std::string ContextText(const std::string& line) {
  const size_t colon = line.find(": ");
  const std::string kind = line.substr(1, colon - 1);
  const std::string prim = line.substr(colon + 2, line.size() - colon - 3);
  if (kind == "task" && prim == "op") return "between two ops";
  return (kind == "task" ? "" : kind + " ") + "at " + prim + ":";
}

}  // namespace

std::string KernelStack(TaskId task) {
  std::string out;
  const std::string described = describe(task);
  for (size_t begin = 0; begin < described.size();) {
    const size_t end = described.find('\n', begin);
    const std::string line = described.substr(begin, end - begin);
    begin = end + 1;
    const bool context = line[0] == '<';
    if (!context && (line.size() < 3 || std::isupper(static_cast<unsigned char>(line[2]))))
      continue;
    if (out.empty())
      out = ContextText(line);
    else if (context)
      out += "; it interrupted " + ContextText(line);
    else
      out += (out.ends_with(":") ? " " : " <- ") + line.substr(2);
  }
  return out;
}

Standing StandingOf(const Executor& executor, CpuId cpu) {
  const TaskId current = machine.cpus[cpu].curr;
  const ActorId actor = executor.ActorOf(current);
  const Context& top = TopContext(current);
  return {top.pending.kind,
          top.pending.resource,
          top.id,
          top.pending.after != 0,
          top.kind == ContextKind::kPreempt,
          PlaceOf(current),
          {actor == kNoActor ? "idle" : ActorName(executor.trace(), actor), KernelStack(current)}};
}

std::vector<StackLine> StacksOf(const Executor& executor, const Finding& finding,
                                const StackLine& here) {
  const Trace& trace = executor.trace();
  const bool all = Info(finding.id).exit_code == 67;
  std::vector<StackLine> lines;
  // Of a deadlock no step is to blame.
  if (!here.stack.empty() && finding.id != FindingId::L1) lines.push_back(here);
  for (ActorId a = 0; a < trace.actors.size() && all; a++) {
    if (trace.actors[a].kind != ActorKind::task) continue;
    const TaskId t = executor.TaskOf(a);
    if (task(t).state == TaskState::kDead) continue;
    StackLine line{ActorName(trace, a), KernelStack(t)};
    const bool told = !lines.empty() && lines[0].who == line.who;
    if (!line.stack.empty() && !told) lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace highmem
