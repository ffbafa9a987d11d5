// One program, and bytes that are its schedule: pairs of micro-steps to wait and of what happens
// then. The program is $HIGHMEM_PROGRAM, a trace; else three tasks on two CPUs that want two pages
// through one slot, and a handler.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "fuzz/run_trace.h"
#include "highmem/trace/file.h"
#include "highmem/trace/lane.h"
#include "highmem/trace/text.h"

namespace highmem {
namespace {

constexpr char kProgram[] =
    "#hm 1\nprofile x86_tiny1\npage A high\npage B high\n"
    "task T1@0:\n  a = kmap A\n  store a+0 7\n  kunmap a\n  b = kmap B\n  kunmap b\n"
    "task T2@1:\n  b = kmap B\n  load b+0\n  kunmap b\n"
    "task T3@1:\n  a = kmap A\n  load a+0\n  kunmap a\n"
    "irq H4@0 x2:\n  a = kmap_local_page A\n  load a+0\n  kunmap_local a\n";

Trace Program() {
  Trace trace;
  std::string error;
  ParseError where;
  const char* file = std::getenv("HIGHMEM_PROGRAM");
  const bool read = file == nullptr ? ParseTrace(kProgram, "schedule.cc", &trace, &where)
                                    : ReadTraceFile(file, &trace, &error);
  if (!read) {
    std::fprintf(stderr, "highmem: HIGHMEM_PROGRAM: %s%s\n", error.c_str(), where.Text().c_str());
    std::exit(1);
  }
  // Its verdicts are about its own schedule.
  trace.verdicts.clear();
  return trace;
}

Target AnyTarget(const Trace& trace, uint8_t byte) {
  const auto actors = static_cast<uint8_t>(trace.actors.size());
  const auto cpus = static_cast<uint8_t>(trace.profile.cpus);
  Target target;
  const auto cpu = static_cast<CpuId>(byte / actors % cpus);
  const uint8_t rest = byte / actors / cpus;
  if (rest % 8 == 1) target.kind = TargetKind::ipi;
  if (rest % 8 == 2 && trace.profile.tlb_evicts != 0) target.kind = TargetKind::evict;
  if (rest % 8 == 3 && trace.profile.spec_fills != 0) target.kind = TargetKind::fill;
  if (target.kind == TargetKind::actor) {
    target.actor = byte % actors;
    return target;
  }
  target.cpu = cpu;
  if (target.kind != TargetKind::ipi)
    target.where = rest / 8u % static_cast<uint32_t>(trace.profile.last_pkmap);
  return target;
}

}  // namespace
}  // namespace highmem

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  highmem::InitializeRuns(*argc, *argv);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace highmem;
  static const Trace program = Program();
  static Trace trace = program;
  static LaneReport lane;
  auto& decisions = trace.schedule.decisions;
  trace.schedule.kind = ScheduleKind::decisions;
  decisions.clear();
  for (size_t i = 0; i + 1 < size && decisions.size() < 64; i += 2) {
    Decision decision;
    decision.steps = data[i];
    decision.target = AnyTarget(trace, data[i + 1]);
    decisions.push_back(decision);
  }
  lane.kept = static_cast<uint32_t>(trace.ops.size());
  RunTrace(trace, lane, {data, size});
  return 0;
}
