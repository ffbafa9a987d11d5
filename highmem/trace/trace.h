// A Trace is everything one execution depends on: machine, pages, programs, schedule, and what is
// expected of it. Every driver makes one, every tool reads one, the corpus holds them.
// (DESIGN decision 4 and section 6; docs/TRACE_FORMAT.md)
//
// It lies outside the arena and is constant during a run. Vectors keep their capacity over Clear(),
// so that decoding one input after the other allocates nothing.
#ifndef HIGHMEM_TRACE_TRACE_H_
#define HIGHMEM_TRACE_TRACE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "highmem/kernel/primitive.h"
#include "highmem/machine/profile.h"
#include "highmem/trace/finding_id.h"
#include "highmem/trace/op.h"

namespace highmem {

// Names are empty where they equal the default for their index (page: A, B, ... Z, P26, P27, ...;
// task: T1, T2, ...; irq: H1, H2, ...; softirq S, nmi N, fault F; by position among all actors;
// variable: a, b, ... z, v26, ...), so that a decoded trace needs no strings and
// parse(print(t)) == t.
struct PageDecl {
  std::string name;
  bool high = true;
  uint8_t colour = 0;
  uint8_t order = 0;  // 1: a compound page of two frames
  friend bool operator==(const PageDecl&, const PageDecl&) = default;
};

// A fault actor serves the page faults that tasks take on its CPU.
enum class ActorKind : uint8_t { task, softirq, irq, nmi, fault };

struct Actor {
  std::string name;
  ActorKind kind = ActorKind::task;
  CpuId cpu = 0;
  uint16_t runs = 1;  // xN: how often a handler may run; 1 for a task
  uint32_t first_op = 0;
  uint32_t op_count = 0;
  std::vector<std::string> vars;  // names; size is the number of variables
  friend bool operator==(const Actor&, const Actor&) = default;
};

enum class TargetKind : uint8_t { actor, fill, evict, writeback, migrate, ipi };

struct Target {
  TargetKind kind = TargetKind::actor;
  ActorId actor = 0;   // actor; migrate: the task
  CpuId cpu = 0;       // fill, evict, writeback, ipi; migrate: where to
  uint32_t where = 0;  // fill, evict: vpn; writeback: line
  friend bool operator==(const Target&, const Target&) = default;
};

enum class DecisionKind : uint8_t { start, at, after };

// One answer that differs from "run on".
struct Decision {
  DecisionKind kind = DecisionKind::after;
  ActorId actor = 0;               // at: whose op; start: who
  PrimKind prim = PrimKind::none;  // at: before this primitive is performed ...
  bool behind = false;             // ... or, written PRIM+, in the window behind it
  uint16_t op = 0;                 // at: op of the actor, from 0 (text counts from 1)
  uint16_t nth = 1;                // at: its K-th occurrence within the op
  uint32_t steps = 0;              // after: micro-steps since the previous decision
  Target target;                   // at, after
  friend bool operator==(const Decision&, const Decision&) = default;
};

enum class ScheduleKind : uint8_t {
  decisions,  // the list, and nothing else deviates
  any,        // whatever the tool likes
  random,     // N seeded random schedules
  all,        // every schedule, by exploration
  order,      // op by op, in the order given: `schedule order T1 T2*3 ...`
};

// `order`: run this actor's next op to its end or until it sleeps, `ops` times.
struct Turn {
  ActorId actor = 0;
  uint32_t ops = 1;
  friend bool operator==(const Turn&, const Turn&) = default;
};

struct Schedule {
  ScheduleKind kind = ScheduleKind::decisions;
  uint32_t runs = 0;  // random
  uint64_t seed = 0;  // random
  std::vector<Decision> decisions;
  std::vector<Turn> turns;
  friend bool operator==(const Schedule&, const Schedule&) = default;
};

// A diagnosis by kind and place.
struct Diagnosis {
  ExpectKind kind = ExpectKind::bug;  // bug, warn or splat
  Site site = Site::kCount;
  friend bool operator==(const Diagnosis&, const Diagnosis&) = default;
};

enum class VerdictKind : uint8_t {
  expect_pass,
  expect_id,
  expect_diagnosis,
  expect_hang,
  forbid_id,
  forbid_cond,  // in no run of the schedule; conditions are looked at when a run ends
  allow_id,
  allow_cond,  // in at least one
  final_cond,  // in every run, when it ends
};

struct VerdictDecl {
  VerdictKind kind = VerdictKind::expect_pass;
  FindingId id = FindingId::kNone;
  Diagnosis diagnosis;
  Cond cond;
  friend bool operator==(const VerdictDecl&, const VerdictDecl&) = default;
};

struct Trace {
  Profile profile;
  bool misuse = false;  // lane
  std::vector<PageDecl> pages;
  std::vector<Actor> actors;
  std::vector<Op> ops;  // flat; an actor's are [first_op, first_op + op_count)
  std::vector<Expect> expects;
  std::vector<Cond> conds;
  Schedule schedule;
  std::vector<Diagnosis> ignored;
  std::vector<VerdictDecl> verdicts;

  void Clear();
  friend bool operator==(const Trace&, const Trace&) = default;

  // Tasks that some fork op makes: they do not run before it does. A mask of actors.
  uint32_t forked() const;

  const Op& op(ActorId actor, uint32_t index) const { return ops[actors[actor].first_op + index]; }
  int task_count() const;
};

// Frame behind a declared page, the first one of a compound page. Declared low pages take low
// frames, declared high pages high frames, each the next of its colour, in order of declaration;
// fillers take high frames from the last one down.
Pfn PfnOf(const Trace& trace, int page);
// The same of all pages, for those who ask often: PfnOf counts through the declarations.
void PfnsOf(const Trace& trace, std::vector<Pfn>* pfns);
Pfn FillerPfn(const Trace& trace, int n);

std::string PageName(const Trace& trace, int page);
std::string ActorName(const Trace& trace, ActorId actor);
std::string VarName(const Trace& trace, ActorId actor, int var);

// True if the trace can be executed: profile buildable, indexes in range, numbers within the
// machine's, tasks before use. Else a sentence.
bool CheckTrace(const Trace& trace, std::string* error);

}  // namespace highmem

#endif  // HIGHMEM_TRACE_TRACE_H_
