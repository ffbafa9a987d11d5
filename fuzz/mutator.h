// Mutations of fuzz bytes as programs: records (trace/fuzz_codec.h) are inserted, moved, changed
// and crossed over whole. A byte mutation that inserts or drops one to three bytes makes other
// records of all that follow.
//
// The first record of an input is its head, pages, actors and lane: only Mutation::header changes
// it, and no other record takes its place. Bytes behind the last whole record are dropped. Same
// bytes, same seed: same result.
#ifndef HIGHMEM_FUZZ_MUTATOR_H_
#define HIGHMEM_FUZZ_MUTATOR_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "fuzz/dice.h"
#include "fuzz/records.h"

namespace highmem {

enum class Mutation : uint8_t {
  insert,     // 1 to 8 new ops in a row, anywhere (one at a time, programs grow too slowly)
  erase,      // one record
  duplicate,  // a record once more, right behind itself
  swap,       // two records change places
  move,       // a record to another place
  change,     // one field of a record: another legal code, actor, page, offset ...
  nudge,      // one field of a record, or one of the head's bytes, by one
  copy_run,   // 2 to 8 records in a row once more, in another place
  decide,     // a new decision right behind an op that maps or unmaps
  undecide,   // a decision less
  header,     // one field of the head: tasks, CPUs, handlers, pages, lane
  kCount
};

// A fuzzer's own mutation of bytes, as LLVMFuzzerMutate: returns the new size.
using MutateBytes = size_t (*)(uint8_t* data, size_t size, size_t max_size);

class Mutator {
 public:
  explicit Mutator(uint32_t seed, FuzzMix mix = FuzzMix::pkmap);

  // Does it to data[0, size), in room for max_size. Returns the new size, at most max_size, or 0 if
  // it cannot be done: no room, or no record to do it to. An input without a head gets one of zeros
  // first.
  size_t Apply(Mutation mutation, uint8_t* data, size_t size, size_t max_size);

  // One of them, or, with some probability and where none of those drawn can be done, `bytes`.
  // Returns the new size, at most max_size; 0 only for a max_size of 0.
  size_t Mutate(uint8_t* data, size_t size, size_t max_size, MutateBytes bytes);

  // One of fuzz/cross_over.h, into out[0, max_size). Returns the size, or 0 if it cannot be done or
  // for "not this time" (as libFuzzer crosses over far too often otherwise).
  size_t Cross(std::span<const uint8_t> a, std::span<const uint8_t> b, uint8_t* out,
               size_t max_size);

 private:
  // False, and nothing has changed, if it cannot be done.
  bool Do(Mutation mutation, Records* records);
  bool Insert(Records* records);
  bool Move(Records* records);
  bool CopyRun(Records* records);
  bool Decide(Records* records);
  bool Undecide(Records* records);
  FuzzRecord NewOp();
  FuzzRecord NewDecision();
  void ChangeHeader(FuzzRecord* head);
  void ChangeRecord(FuzzRecord* record);
  void Nudge(Records* records);

  Dice dice_;
  const FuzzMix mix_;
};

}  // namespace highmem

#endif  // HIGHMEM_FUZZ_MUTATOR_H_
