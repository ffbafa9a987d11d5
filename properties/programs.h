// RapidCheck generators of traces: programs that the valid lane admits, and a few that it does not.
//
// They make values of Trace and nothing else, so that what a property finds is a file like any
// other. RapidCheck's own shrinking is switched off: Falsified (verdict_of.h) shrinks with the
// project's shrinker, which knows schedules.
#ifndef PROPERTIES_PROGRAMS_H_
#define PROPERTIES_PROGRAMS_H_

#include <rapidcheck.h>

#include "highmem/trace/trace.h"

namespace highmem::properties {

// What programs are made of.
enum class Family {
  pkmap,     // kmap, kunmap, post and take, data
  local,     // local and atomic maps, data, switches, faults
  handlers,  // the same, under interrupts of every kind
  atomic,    // atomic maps of the eras that have no others, data, interrupts
  nested     // the same without interrupts, released newest first in every era
};

struct Shape {
  const char* profile = "x86_tiny_smp";
  Family family = Family::local;
  int tasks = 2;  // at most
  int ops = 8;    // of one actor, at most
};

// A trace without schedule that passes CheckTrace; every op is admissible, every actor releases
// what it holds.
rc::Gen<Trace> ValidProgram(const Shape& shape);

// One task that nests local maps, kmaps and data, and one handler of each kind on its CPU, all of
// them balanced; for properties that put the handler somewhere.
rc::Gen<Trace> TaskAndHandler(const char* profile, ActorKind handler);

// A valid program with one op of one task repeated, dropped, moved or aimed at another variable, in
// the misuse lane.
rc::Gen<Trace> Misuse(const Shape& shape);

}  // namespace highmem::properties

// So that RapidCheck prints a trace as a file.
namespace rc {
void showValue(const highmem::Trace& trace, std::ostream& os);
}  // namespace rc

#endif  // PROPERTIES_PROGRAMS_H_
