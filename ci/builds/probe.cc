// What every build of the sources must agree on: event-stream hashes of traces, verdicts of
// explored worlds. Prints one line for each; builds_test compares the lines of several builds.
//
//   probe hash FILE...      the hash of each trace
//   probe generated N       one hash over N generated traces, half replayed, half at random
//   probe explore FILE...   verdict of each world, and its number of states
//   probe within N FILE...  the same, but gives up at N states

#include <cstdio>
#include <cstdlib>
#include <string>

#include "highmem/schedule/explore.h"
#include "highmem/schedule/order.h"
#include "highmem/schedule/random.h"
#include "highmem/schedule/replay.h"
#include "highmem/trace/file.h"
#include "highmem/trace/generate.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace highmem {
namespace {

// Hashes the event stream of a run, all 24 bytes of every event.
class HashSink : public EventSink {
 public:
  void Begin(const Executor& executor) override {
    XXH64_reset(&state_, 0);
    (void)executor;
  }
  bool OnStep(const Executor& executor, std::span<const Event> events) override {
    (void)executor;
    XXH64_update(&state_, events.data(), events.size_bytes());
    return true;
  }
  uint64_t hash() const { return XXH64_digest(&state_); }

 private:
  XXH64_state_t state_;
};

uint64_t HashOf(const Trace& trace, uint64_t seed) {
  static Executor executor;
  HashSink sink;
  executor.Load(trace, &sink);
  ReplayChooser replay;
  OrderChooser order;
  RandomChooser random(seed);
  switch (trace.schedule.kind) {
    case ScheduleKind::decisions:
    case ScheduleKind::any: executor.Run(replay); break;
    case ScheduleKind::order: executor.Run(order); break;
    case ScheduleKind::random:
    case ScheduleKind::all: executor.Run(random); break;
  }
  return sink.hash();
}

unsigned long long Printable(uint64_t v) { return v; }

void Generated(uint64_t count) {
  uint64_t all = 0;
  Trace trace;
  for (uint64_t seed = 1; seed <= count; seed++) {
    GenerateTrace(seed, *FindProfile("x86_tiny"), 64, &trace);
    if (seed % 2 == 0) trace.schedule.kind = ScheduleKind::random;
    const uint64_t hash = HashOf(trace, seed);
    all = XXH64(&hash, sizeof(hash), all);
  }
  std::printf("generated %llu %016llx\n", Printable(count), Printable(all));
}

void ExploreWorld(const std::string& name, const Trace& trace, const ExploreOptions& options) {
  Executor executor;
  Judge judge;
  const ExploreResult r = Explore(executor, judge, trace, options);
  std::printf("verdict %s %s\n", name.c_str(),
              r.finding    ? Info(r.finding.id).name.data()
              : r.complete ? "closed"
                           : "bounded");
  std::printf("states %s %llu\n", name.c_str(), Printable(r.states));
}

int Main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "generated" && argc == 3) {
    Generated(std::strtoull(argv[2], nullptr, 10));
    return 0;
  }
  const bool within = what == "within" && argc > 2;
  ExploreOptions options;
  if (within) options.max_states = std::strtoull(argv[2], nullptr, 10);
  for (int i = within ? 3 : 2; i < argc; i++) {
    const std::string path = argv[i];
    const std::string name = path.substr(path.rfind('/') + 1);
    Trace trace;
    std::string error;
    if (!ReadTraceFile(path, &trace, &error)) {
      std::fprintf(stderr, "probe: %s\n", error.c_str());
      return 1;
    }
    if (what == "explore" || within)
      ExploreWorld(name, trace, options);
    else
      std::printf("hash %s %016llx\n", name.c_str(), Printable(HashOf(trace, 1)));
  }
  return 0;
}

}  // namespace
}  // namespace highmem

int main(int argc, char** argv) { return highmem::Main(argc, argv); }
