// Four fuzz bytes as an op, and back. (docs/TRACE_FORMAT.md "Fuzz bytes"; for fuzz_codec.cc)
//
// A record does not say an op: it says a wish, and what the lane admits next for this actor
// decides. Bytes that nobody chose thus make programs that map, hold, fill the pool and release.
// Codes from kFuzzLiteral on mean exactly one op each, admissible or not.
#ifndef HIGHMEM_TRACE_FUZZ_OP_H_
#define HIGHMEM_TRACE_FUZZ_OP_H_

#include <cstdint>

#include "highmem/trace/fuzz_codec.h"
#include "highmem/trace/lane_state.h"
#include "highmem/trace/trace.h"

namespace highmem {

struct FuzzRecord {
  uint8_t who = 0;   // actor, and three bits for values; 0xc0 on: a decision
  uint8_t code = 0;  // wish or literal op
  uint8_t a = 0;     // page, or position of a variable
  uint8_t b = 0;     // offset
  friend bool operator==(const FuzzRecord&, const FuzzRecord&) = default;
};
inline constexpr uint8_t kFuzzDecision = 0xc0;
inline constexpr uint8_t kFuzzLiteral = 224;
// Codes below this number stand for an op.
int FuzzCodes();
// True if the code asks to map or to unmap.
bool FuzzCodeMaps(FuzzMix mix, uint8_t code);

// The program so far: `trace` with its actors, pages and variables, the ops in the order in which
// they were added, and what the lane knows about them.
struct FuzzProgram {
  const Trace& trace;
  const LaneState& state;
  FuzzMix mix;
};

// Who the record is about.
ActorId FuzzActor(const FuzzProgram& program, const FuzzRecord& record);

// The op the record stands for as the actor's next one; what it makes goes to a new variable. False
// if the record stands for nothing here.
bool FuzzOp(const FuzzProgram& program, ActorId actor, const FuzzRecord& record, Op* op);

// The record that FuzzOp turns into this op, made of a wish if one will do. False if there is none.
bool FuzzRecordOf(const FuzzProgram& program, ActorId actor, const Op& op, FuzzRecord* record);

}  // namespace highmem

#endif  // HIGHMEM_TRACE_FUZZ_OP_H_
