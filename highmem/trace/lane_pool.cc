// What the actors ask of the pool, and whether they could wait for each other. (lane_state.h,
// "deadlock")
#include <algorithm>
#include <span>

#include "highmem/trace/lane_state.h"

namespace highmem {

bool LaneState::MayBe(const Map& map, int page) const {
  return map.page == kUnknown && (page >= 32 || (map.any >> page & 1) != 0);
}

bool LaneState::UsesPool(const Map& map) const {
  return map.high && (!IsLocal(map) || trace_->profile.high_get != 0);
}

bool LaneState::MayHaveColour(const Map& map, int colour) const {
  return map.page == kUnknown || trace_->pages[static_cast<size_t>(map.page)].colour == colour;
}

// Distinct high pages of a colour among the actor's live maps, its posts, and one more map.
int LaneState::Distinct(const Lane& lane, const Map* one_more, int colour) const {
  const std::span<const Map> lists[] = {
      lane.posted, lane.maps, {one_more, one_more != nullptr ? 1u : 0u}};
  int distinct = 0;
  for (size_t list = 0; list < std::size(lists); list++) {
    for (size_t i = 0; i < lists[list].size(); i++) {
      const Map& map = lists[list][i];
      if (!UsesPool(map) || !MayHaveColour(map, colour)) continue;
      bool seen = false;
      for (size_t other = 0; map.page != kUnknown && other <= list; other++) {
        const auto before = other == list ? lists[other].first(i) : lists[other];
        for (const Map& m : before) seen |= UsesPool(m) && m.page == map.page;
      }
      distinct += !seen;
    }
  }
  return distinct;
}

// Fillers take frames in a row, so each colour has its share of them.
LaneState::ColourDemand LaneState::After(const Lane& lane, const Op& op, int colour) const {
  const int colours = trace_->profile.colours;
  const auto share = [colours](int fillers) { return (fillers + colours - 1) / colours; };
  ColourDemand d = lane.demand[static_cast<size_t>(colour)];
  int pinned = share(lane.fillers);
  switch (op.code) {
    case OpCode::kmap:
    case OpCode::dma_map_to:
    case OpCode::dma_map_from:
    case OpCode::dma_map_both:
    case OpCode::kmap_high_get:
    case OpCode::kmap_local_page:
    case OpCode::kmap_atomic:
    case OpCode::take: {
      const Map map = NewMap(op);
      if (!UsesPool(map) || !MayHaveColour(map, colour)) return d;
      d.waits |= op.code == OpCode::kmap;
      pinned += Distinct(lane, &map, colour);
      break;
    }
    case OpCode::fill:
      d.waits |= op.value > 0;
      pinned =
          share(lane.fillers + std::min(op.value, kManyPages)) + Distinct(lane, nullptr, colour);
      break;
    case OpCode::rotate:
      d.waits = true;
      if ((op.value & (colours - 1)) != colour) return d;
      pinned += Distinct(lane, nullptr, colour) + 1;
      break;
    case OpCode::cpu_down:
    case OpCode::cpu_up:
      pinned += Distinct(lane, nullptr, colour);
      if (pinned == 0) return d;
      pinned++;
      break;
    case OpCode::post: {
      const int index = MapOfVar(lane, op.ref);
      if (index < 0 || !lane.maps[index].high || !MayHaveColour(lane.maps[index], colour)) return d;
      const int16_t page = lane.maps[index].page;
      const bool again = page != kUnknown && std::ranges::any_of(lane.posted, [&](const Map& m) {
                           return m.page == page;
                         });
      d.posted += !again;
      return d;
    }
    default: return d;
  }
  d.most = std::max(d.most, pinned);
  return d;
}

LaneState::Demand LaneState::After(const Lane& lane, const Op& op) const {
  Demand d = {};
  for (int c = 0; c < trace_->profile.colours; c++) d[static_cast<size_t>(c)] = After(lane, op, c);
  return d;
}

// The inequality of the header for each colour, with `demand` in place of the lane's own.
bool LaneState::Fits(const Lane& lane, const Demand& demand) const {
  const auto colours = static_cast<size_t>(trace_->profile.colours);
  const int slots = trace_->profile.last_pkmap / trace_->profile.colours;
  const auto of = [&](const Lane& l, size_t c) -> const ColourDemand& {
    return &l == &lane ? demand[c] : l.demand[c];
  };
  // Colours that can be used up.
  bool scarce[kMaxColours] = {};
  for (size_t c = 0; c < colours; c++) {
    int all = 0;
    for (const Lane& l : lanes_) all += of(l, c).InAll();
    scarce[c] = all > slots;
  }
  // What a lane may pin of colour c while it waits, or somebody else does: all that it ever does if
  // it may wait for another colour.
  const auto held = [&](const Lane& l, size_t c) {
    const ColourDemand& d = of(l, c);
    for (size_t other = 0; other < colours; other++)
      if (other != c && scarce[other] && of(l, other).waits) return d.InAll();
    return std::max(d.posted, d.most - 1);
  };
  for (size_t c = 0; c < colours; c++) {
    int total = 0;
    for (const Lane& l : lanes_) total += held(l, c);
    for (const Lane& w : lanes_) {
      const ColourDemand& d = of(w, c);
      if (d.waits && total - held(w, c) + d.most - 1 >= slots) return false;
    }
  }
  return true;
}

}  // namespace highmem
