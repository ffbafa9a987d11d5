#include "highmem/report/recording.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "highmem/kernel/task.h"
#include "highmem/kmap/introspect.h"
#include "highmem/machine/cache.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"
#include "highmem/machine/tlb.h"
#include "highmem/report/names.h"
#include "highmem/schedule/replay.h"
#include "highmem/trace/text.h"

namespace highmem {
namespace {

constexpr int kMostBytes = 64;  // of a page

std::string Hex(uint32_t word) {
  char text[16];
  std::snprintf(text, sizeof(text), "0x%x", word);
  return text;
}

std::string Bytes(const uint8_t* bytes, int count) {
  std::string out;
  for (int i = 0; i < count; i++) {
    char hex[4];
    std::snprintf(hex, sizeof(hex), i == 0 ? "%02x" : " %02x", bytes[i]);
    out += hex;
  }
  return out;
}

// Reads every cell of the machine, always in the same order.
class Reader {
 public:
  explicit Reader(const Executor& executor) : executor_(executor), trace_(executor.trace()) {}

  // The values; names too if `cells` is not null.
  std::vector<std::string> Read(std::vector<Recording::Cell>* cells) {
    cells_ = cells;
    values_.clear();
    Pool();
    Translations();
    Tasks();
    Lines();
    for (size_t i = 0; i < trace_.pages.size(); i++)
      Add([&] { return "memory/" + PageName(trace_, static_cast<int>(i)); },
          Bytes(&MemoryByte(PfnOf(trace_, static_cast<int>(i)), 0),
                std::min(machine.profile.page_size, kMostBytes)));
    return std::move(values_);
  }

 private:
  // `name` makes "group/name"; asked for once.
  template <typename Name>
  void Add(const Name& name, std::string value) {
    if (cells_ != nullptr) {
      const std::string full = name();
      const size_t cut = full.find('/');
      cells_->push_back({full.substr(0, cut), full.substr(cut + 1), value});
    }
    values_.push_back(std::move(value));
  }

  std::string Slot(int vpn) const { return PrintSlot(trace_.profile, static_cast<uint32_t>(vpn)); }

  void Pool() {
    if (pkmap_view() == nullptr) return;
    for (int nr = 0; nr < machine.profile.last_pkmap; nr++)
      Add([&] { return "pkmap count/" + Slot(nr); }, std::to_string(pkmap_view()->count(nr)));
    for (int colour = 0; colour < machine.profile.colours; colour++)
      Add([&] { return "pkmap/cursor" + (colour == 0 ? "" : " " + std::to_string(colour)); },
          std::to_string(pkmap_view()->cursor(colour)));
  }

  void Translations() {
    for (int vpn = 0; vpn < machine.vpns; vpn++)
      Add([&] { return "page table/" + Slot(vpn); }, PageLabel(trace_, PteGet(vpn).pfn()));
    for (int cpu = 0; cpu < machine.profile.cpus; cpu++)
      for (int vpn = 0; vpn < machine.vpns; vpn++)
        Add([&] { return "TLB" + std::to_string(cpu) + "/" + Slot(vpn); },
            TlbHoldsNotPresent(cpu, vpn) ? "not there" : PageLabel(trace_, TlbGet(cpu, vpn).pfn()));
  }

  void Tasks() {
    for (ActorId a = 0; a < trace_.actors.size(); a++) {
      if (trace_.actors[a].kind != ActorKind::task) continue;
      const TaskId t = executor_.TaskOf(a);
      Add([&] { return "tasks/" + ActorName(trace_, a) + " idx"; }, std::to_string(IndexOfMaps(t)));
      Add([&] { return "tasks/" + ActorName(trace_, a) + " preempt_count"; },
          Hex(task(t).preempt_count));
    }
  }

  void Lines() {
    const int lines = HasCache() ? CacheLineCount(machine.profile) : 0;
    const int size = machine.profile.line_size;
    for (int line = 0; line < lines; line++) {
      std::string value = ".";
      if (LineIsValid(line))
        value = PageLabel(trace_, FrameOfLine(line)) + (LineIsDirty(line) ? " dirty " : " ") +
                Bytes(machine.cache_bytes + static_cast<ptrdiff_t>(line) * size, size);
      Add([&] { return "cache/line " + std::to_string(line); }, std::move(value));
    }
  }

  const Executor& executor_;
  const Trace& trace_;
  std::vector<Recording::Cell>* cells_ = nullptr;
  std::vector<std::string> values_;
};

class StateSink : public EventSink {
 public:
  StateSink(const Trace& trace, const Finding& finding, Recording* out)
      : t_(trace), f_(finding), out_(*out) {}

  void Begin(const Executor& /*executor*/) override { open_.assign(t_.actors.size(), 0); }

  bool OnStep(const Executor& executor, std::span<const Event> step) override {
    if (executor.steps() == 0) {  // the reset
      last_ = Reader(executor).Read(&out_.cells);
      return true;
    }
    std::string what;
    for (const Event& e : step) {
      what += (what.empty() ? "" : " ") + std::string(EventName(e.kind));
      NoteSpan(e);
    }
    out_.steps.push_back({events.cpu(), ContextName(t_, events.ctx()), std::move(what)});
    std::vector<std::string> now = Reader(executor).Read(nullptr);
    for (size_t i = 0; i < now.size(); i++)
      if (now[i] != last_[i]) out_.changes.push_back({executor.steps(), i, now[i]});
    last_ = std::move(now);
    return executor.steps() < f_.step;
  }

 private:
  void NoteSpan(const Event& e) {
    if (e.kind == EventKind::op_begin) {
      out_.spans.push_back({e.ctx, e.cpu, e.step, 0, CallText(t_, e)});
      open_[e.ctx] = out_.spans.size();
    } else if (e.kind == EventKind::op_end && open_[e.ctx] != 0) {
      out_.spans[open_[e.ctx] - 1].end = e.step;
      open_[e.ctx] = 0;
    }
  }

  const Trace& t_;
  const Finding& f_;
  Recording& out_;
  std::vector<std::string> last_;
  std::vector<size_t> open_;  // by actor: 1 + the span that has not ended
};

// Cells that never change are no news.
void DropConstants(Recording* recording) {
  std::vector<size_t> to(recording->cells.size(), 0);
  for (const Recording::Change& change : recording->changes) to[change.cell] = 1;
  std::vector<Recording::Cell> kept;
  for (size_t i = 0; i < to.size(); i++) {
    if (to[i] == 0) continue;
    to[i] = kept.size();
    kept.push_back(std::move(recording->cells[i]));
  }
  recording->cells = std::move(kept);
  for (Recording::Change& change : recording->changes) change.cell = to[change.cell];
}

}  // namespace

Recording RecordState(Executor& executor, const Trace& trace, const Finding& finding,
                      uint64_t shown) {
  Recording recording;
  recording.lanes = MakeLanes(executor, trace, finding, shown);
  StateSink sink(trace, finding, &recording);
  ReplayChooser replay;
  executor.Load(trace, &sink);
  executor.Run(replay);
  DropConstants(&recording);
  return recording;
}

}  // namespace highmem
