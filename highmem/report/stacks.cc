#include "highmem/report/stacks.h"

#include <cctype>
#include <utility>

#include "highmem/kernel/describe.h"
#include "highmem/schedule/replay.h"
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

// What the failing op was in, and when, last.
class LastStack : public EventSink {
 public:
  explicit LastStack(const Finding& finding) : f_(finding) {}
  void Begin(const Executor& /*executor*/) override {}
  bool OnStep(const Executor& executor, std::span<const Event> /*events*/) override {
    const bool in_op = executor.steps() > 0 && executor.steps() < f_.step &&
                       actor_state(f_.actor).op == f_.op_index;
    if (in_op) {
      std::string stack = KernelStack(executor.TaskOf(f_.actor));
      if (stack.find(": ") != std::string::npos) {
        stack_ = std::move(stack);
        step_ = executor.steps();
      }
    }
    return executor.steps() < f_.step;
  }
  const std::string& stack() const { return stack_; }
  uint64_t step() const { return step_; }

 private:
  const Finding& f_;
  std::string stack_;
  uint64_t step_ = 0;
};

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

std::vector<StackLine> StacksOf(Executor& executor, const Finding& finding) {
  const Trace& trace = executor.trace();
  std::vector<StackLine> lines;
  const auto add = [&](std::string who, TaskId task) {
    std::string stack = KernelStack(task);
    if (!stack.empty()) lines.push_back({std::move(who), std::move(stack)});
  };
  const bool of_task =
      finding.actor < trace.actors.size() && trace.actors[finding.actor].kind == ActorKind::task;
  if (of_task && finding.op != OpCode::kCount && finding.event == EventKind::op_end) {
    LastStack last(finding);
    ReplayChooser replay;
    executor.Load(trace, &last);
    executor.Run(replay);
    if (!last.stack().empty())
      lines.push_back({ActorName(trace, finding.actor) + ", step " + std::to_string(last.step()),
                       last.stack()});
  }
  if (Info(finding.id).exit_code == 67) {
    for (ActorId a = 0; a < trace.actors.size(); a++)
      if (trace.actors[a].kind == ActorKind::task &&
          task(executor.TaskOf(a)).state != TaskState::kDead)
        add(ActorName(trace, a), executor.TaskOf(a));
    return lines;
  }
  if (!lines.empty()) return lines;
  const TaskId failed = of_task ? executor.TaskOf(finding.actor) : machine.cpus[finding.cpu].curr;
  const ActorId actor = executor.ActorOf(failed);
  add(actor == kNoActor ? "idle" : ActorName(trace, actor), failed);
  return lines;
}

}  // namespace highmem
