#include "highmem/shrink/size.h"

#include <bit>

namespace highmem {
namespace {

uint32_t Operands(const Op& op) {
  const OpInfo& info = Info(op.code);
  uint32_t n = op.offset + op.expect_count;
  if (info.takes('h'))
    n += (op.any >> 16) + (op.any & 0xffff) + op.actor + static_cast<uint32_t>(op.value);
  else
    n += static_cast<uint32_t>(std::popcount(op.any));
  if (op.page > 0) n += static_cast<uint32_t>(op.page);
  if (info.takes('i')) n += static_cast<uint32_t>(op.value);
  return n;
}

std::string Count(uint32_t n, const char* what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

}  // namespace

TraceSize SizeOf(const Trace& trace) {
  TraceSize size;
  size.ops = static_cast<uint32_t>(trace.ops.size());
  size.actors = static_cast<uint32_t>(trace.actors.size());
  for (const Decision& d : trace.schedule.decisions)
    (d.kind == DecisionKind::start ? size.starts : size.decisions)++;
  for (int Profile::* number : kMachineNumbers)
    size.machine += static_cast<uint32_t>(trace.profile.*number);
  for (const Actor& actor : trace.actors) {
    size.handlers += actor.kind != ActorKind::task;
    size.operands += actor.cpu + actor.runs - 1u;
  }
  for (const Op& op : trace.ops) size.operands += Operands(op);
  size.operands += static_cast<uint32_t>(trace.pages.size() + trace.verdicts.size());
  return size;
}

std::string SizeText(const TraceSize& size) {
  return Count(size.actors, "actor") + ", " + Count(size.ops, "op") + ", " +
         Count(size.decisions, "decision");
}

}  // namespace highmem
