#include "highmem/report/table.h"

#include <algorithm>
#include <utility>

#include "highmem/report/plain_text.h"

namespace highmem {
namespace {

constexpr size_t kStepColumn = 7;
constexpr size_t kMarkColumn = 8;  // " <- HERE"
constexpr size_t kWidestLane = 44;
constexpr size_t kFailsColumn = 6;
constexpr size_t kNarrowestPlace = 20;

// The rows as a table.
class Table {
 public:
  Table(const Trace& trace, const Lanes& lanes, const TableOptions& options)
      : lanes_(lanes), options_(options), cpus_(static_cast<size_t>(trace.profile.cpus)) {}

  std::string Print() {
    KeepRows();
    Measure();
    std::string out = Head();
    uint64_t hidden = 0;
    for (size_t i = 0; i < lanes_.rows.size(); i++) {
      if (kept_[i] == 0) {
        hidden++;
        continue;
      }
      out += Hidden(std::exchange(hidden, 0)) + OneRow(lanes_.rows[i]);
    }
    return out + Hidden(hidden);
  }

  // Of the micro-steps made: those without a row of their own.
  uint64_t steps_hidden() const {
    uint64_t shown = 0, last = 0;
    for (size_t i = 0; i < kept_.size(); i++) {
      if (kept_[i] == 0 || lanes_.rows[i].step == last) continue;
      last = lanes_.rows[i].step;
      shown++;
    }
    return lanes_.steps - std::min(shown, lanes_.steps);
  }

 private:
  // Where there are too many, the latest, and before them those that change what is watched or are
  // of a call that is told.
  void KeepRows() {
    const size_t rows = lanes_.rows.size();
    kept_.assign(rows, 0);
    size_t room = options_.max_rows;
    for (size_t i = 0; i < rows && options_.turns != 0; i++)
      if (lanes_.rows[i].step == options_.turns) kept_[i] = 1;
    const size_t latest = std::min(rows, room - room / 3);
    for (size_t i = rows; i-- > rows - latest && room > 0; room--) kept_[i] = 1;
    for (size_t i = rows - latest; i-- > 0 && room > 0;) {
      const Row& row = lanes_.rows[i];
      if (row.state.empty() && !row.decided && !row.told) continue;
      kept_[i] = 1;
      room--;
    }
    for (size_t i = rows; i-- > 0 && room > 0;) {
      room -= kept_[i] == 0;
      kept_[i] = 1;
    }
    // A gap of one row takes a row to say so.
    for (size_t i = 0; i < rows; i++)
      if ((i == 0 || kept_[i - 1] != 0) && (i + 1 == rows || kept_[i + 1] != 0)) kept_[i] = 1;
  }

  void Measure() {
    lane_.assign(cpus_, 0);
    state_.assign(lanes_.columns.size(), 0);
    for (size_t i = 0; i < lanes_.rows.size(); i++) {
      const Row& row = lanes_.rows[i];
      if (kept_[i] == 0) continue;
      lane_[row.cpu] = std::max(lane_[row.cpu], row.text.size() + 2);
      for (size_t s = 0; s < row.state.size(); s++)
        if (Changes(s)) state_[s] = std::max(state_[s], row.state[s].size() + 2);
    }
    size_t fixed = kStepColumn + kMarkColumn + (options_.fails.empty() ? 0 : kFailsColumn);
    for (size_t s = 0; s < state_.size(); s++) {
      if (state_[s] != 0) state_[s] = std::max(state_[s], lanes_.columns[s].head.size() + 2);
      fixed += state_[s];
    }
    MeasurePlaces(fixed);
    fixed += place_;
    const auto used = static_cast<size_t>(
        std::count_if(lane_.begin(), lane_.end(), [](size_t w) { return w != 0; }));
    if (used == 0) return;
    const size_t room = kReportColumns > fixed + 8 * used ? kReportColumns - fixed : 8 * used;
    for (size_t& width : lane_)
      if (width != 0) width = std::min({std::max(width, size_t{8}), room / used, kWidestLane});
  }

  bool Changes(size_t column) const {
    return std::any_of(lanes_.rows.begin(), lanes_.rows.end(), [&](const Row& row) {
      return column < row.state.size() && row.state[column].find('>') != std::string::npos;
    });
  }

  // Where there is room behind lanes that are not cut.
  void MeasurePlaces(size_t fixed) {
    place_ = 0;
    for (size_t i = 0; i < lanes_.rows.size(); i++)
      if (kept_[i] != 0) place_ = std::max(place_, lanes_.rows[i].place.size());
    if (place_ != 0) place_ += 2;
    for (const size_t width : lane_) fixed += std::min(width, kWidestLane);
    const size_t room = kReportColumns - std::min(fixed, kReportColumns);
    place_ = room < std::min(place_, kNarrowestPlace) ? 0 : std::min(place_, room);
  }

  std::string Head() const {
    std::string out = Padded("step", kStepColumn);
    for (size_t c = 0; c < cpus_; c++)
      if (lane_[c] != 0) out += Padded("CPU" + std::to_string(c), lane_[c]);
    for (size_t s = 0; s < state_.size(); s++)
      if (state_[s] != 0) out += Padded(lanes_.columns[s].head, state_[s]);
    if (place_ != 0) out += Padded("in", place_);
    if (!options_.fails.empty()) out += "fails";
    return RightTrimmed(out) + "\n";
  }

  std::string OneRow(const Row& row) const {
    std::string number = std::to_string(row.step);
    number = std::string(number.size() < 5 ? 5 - number.size() : 0, ' ') + number;
    std::string out = Padded(number + (row.decided ? "*" : ""), kStepColumn);
    for (size_t c = 0; c < cpus_; c++) {
      if (lane_[c] == 0) continue;
      std::string text = row.cpu == c ? Printable(row.text) : "";
      out += Padded(std::move(text), lane_[c] - 1) + " ";
    }
    for (size_t s = 0; s < state_.size(); s++)
      if (state_[s] != 0)
        out += Padded(s < row.state.size() ? row.state[s] : "", state_[s] - 1) + " ";
    if (place_ != 0) out += Padded(row.place, place_ - 1) + " ";
    out += Fails(row.step);
    out = RightTrimmed(out);
    if (!row.here) return out + "\n";
    out += " <- HERE";
    return options_.tty ? kRed + out + kPlain + "\n" : out + "\n";
  }

  // " 38%"
  std::string Fails(uint64_t step) const {
    if (options_.fails.empty()) return "";
    std::string text =
        std::to_string(options_.fails[std::min<uint64_t>(step, options_.fails.size() - 1)]) + "%";
    return std::string(text.size() < 4 ? 4 - text.size() : 0, ' ') + text;
  }

  static std::string Hidden(uint64_t rows) {
    if (rows == 0) return "";
    return "  ...  " + std::to_string(rows) + (rows == 1 ? " row\n" : " rows\n");
  }

  const Lanes& lanes_;
  const TableOptions& options_;
  const size_t cpus_;
  std::vector<uint8_t> kept_;
  std::vector<size_t> lane_;   // width by CPU, 0 if it has no row
  std::vector<size_t> state_;  // width by column, 0 if it never changes
  size_t place_ = 0;           // width, 0 if there is no room
};

// Where there are too many rows, the oldest of those that change nothing.
void DropQuiet(const TableOptions& options, Lanes* lanes) {
  const size_t latest = options.max_rows / 3;  // of all rows: these stay
  if (lanes->rows.size() <= options.max_rows) return;
  size_t surplus = lanes->rows.size() - options.max_rows;
  const uint64_t from = lanes->rows[lanes->rows.size() - latest].step;
  std::erase_if(lanes->rows, [&](const Row& row) {
    const bool drop =
        row.quiet && !row.decided && surplus > 0 && row.step < from && row.step != options.turns;
    surplus -= drop;
    return drop;
  });
}

}  // namespace

std::string LanesTable(const Trace& trace, Lanes* lanes, const TableOptions& options,
                       uint64_t* steps_hidden) {
  DropQuiet(options, lanes);
  Table table(trace, *lanes, options);
  std::string out = table.Print();
  *steps_hidden = table.steps_hidden();
  return out;
}

}  // namespace highmem
