// Edits of traces that keep them whole: what refers to a thing follows it, or goes with it. Every
// function takes a trace that passes CheckTrace, and leaves one that does unless it returns false.
//
// Edits say nothing about whether the trace still fails, or obeys its lane.
#ifndef HIGHMEM_SHRINK_EDIT_H_
#define HIGHMEM_SHRINK_EDIT_H_

#include <cstdint>
#include <vector>

#include "highmem/trace/trace.h"

namespace highmem {

// Drops the ops (flat indexes) that are not marked, with what needs them: ops that name a variable
// nobody makes any more, anchors in an op that is gone. Where `retarget`, an op whose variable is
// gone names the actor's newest other one instead, and kunmap names its page.
bool KeepOps(Trace* trace, const std::vector<uint8_t>& keep, bool retarget = false);

// A kmap becomes `fill 1`, which needs no kunmap; what used the map goes. False if it is none.
bool FillInstead(Trace* trace, uint32_t op);
// A fill joins the one before it in the same program. False if there is none.
bool JoinFills(Trace* trace, uint32_t op);
// A kmap goes, with what used the map, and a fill of any actor takes one slot more instead.
// False if these are none.
bool FillMoreInstead(Trace* trace, uint32_t op, uint32_t fill);

// With its ops, its decisions, and what takes from it.
bool DropActor(Trace* trace, ActorId actor);
// Exchanges the places of two actors.
bool SwapActors(Trace* trace, ActorId a, ActorId b);
// Actor `from` ends; its program goes on in the program of `to`, before its op `at` or, where that
// is their number, behind all of them.
bool MergeActors(Trace* trace, ActorId to, ActorId from, uint32_t at);

// Whoever used page `from` uses page `to`.
bool MergePages(Trace* trace, int from, int to);
// Page declarations that nobody uses.
bool DropUnusedPages(Trace* trace);

// Decisions [begin, end). The one behind them, if it counts micro-steps, counts on over the gap.
bool DropDecisions(Trace* trace, size_t begin, size_t end);

// The program as it would be written down: operands of ops that are gone forgotten, variables
// numbered in the order they are made, names dropped where they clash. False if no such trace can
// be executed.
bool Tidy(Trace* trace);

// Puts the trace into its lane (trace/lane.h) and tidies it.
bool IntoLane(Trace* trace);

}  // namespace highmem

#endif  // HIGHMEM_SHRINK_EDIT_H_
