// The way back: the record that means an op. (fuzz_op.h)
#include <algorithm>
#include <iterator>

#include "highmem/trace/fuzz_decoder.h"

namespace highmem {
namespace {

// Sets the record's code: a wish that means the op here, else the literal.
bool CodeFor(const FuzzProgram& program, ActorId actor, const Op& op, FuzzRecord* record) {
  Op got;
  Wish wish;
  if (WishFor(op, &wish) && CodeOf(program.mix, wish, &record->code)) {
    if (FuzzActor(program, *record) == actor && FuzzOp(program, actor, *record, &got) && got == op)
      return true;
  }
  for (size_t i = 0; i < std::size(kLiterals); i++) {
    const OpCode code = LiteralOf(program.mix, i);
    if (code != op.code && !(code == OpCode::cpu_down && op.code == OpCode::cpu_up)) continue;
    record->code = static_cast<uint8_t>(kFuzzLiteral + i);
    if (FuzzOp(program, actor, *record, &got) && got == op) return true;
  }
  return false;
}

// Which slot a record asks for depends on what is admissible here.
bool AnySlot(const FuzzProgram& program, ActorId actor, const Op& op, FuzzRecord* record) {
  const uint8_t a = record->a;
  for (int wanted = 0; wanted < 8; wanted++) {
    record->who = static_cast<uint8_t>(actor | wanted << 3);
    if (op.ref >= 0) record->a = static_cast<uint8_t>(wanted < 4 ? wanted : a);
    if (CodeFor(program, actor, op, record)) return true;
  }
  return false;
}

}  // namespace

bool FuzzRecordOf(const FuzzProgram& program, ActorId actor, const Op& op, FuzzRecord* record) {
  *record = {};
  record->who = static_cast<uint8_t>(actor | ((op.value / kByteStep - 1) & 7) << 3);
  if (op.page >= 0) record->a = static_cast<uint8_t>(op.page);
  if (op.ref >= 0)
    record->a = static_cast<uint8_t>(FuzzDecoder(program, actor, *record).PositionOf(op.ref));
  if (op.code == OpCode::take) record->a = op.actor;
  if (op.code == OpCode::cpu_down || op.code == OpCode::cpu_up)
    record->a = static_cast<uint8_t>(kFuzzThisCpu | op.value |
                                     (op.code == OpCode::cpu_up ? kFuzzCpuUp : 0));
  if (op.code == OpCode::fork) {
    const int tasks = std::max(1, program.trace.task_count());
    record->a = static_cast<uint8_t>((op.actor - actor - 1 + 2 * tasks) % tasks);
  }
  if (op.code == OpCode::vmap || op.code == OpCode::vm_map_ram)
    record->who = static_cast<uint8_t>(actor | ((op.value - 1) & 3) << 3);
  record->b = FuzzByteOf(program.mix, program.trace.profile, op.offset);
  if (op.code == OpCode::fill) record->a = static_cast<uint8_t>(op.value - 1);
  if (op.code == OpCode::rotate) {
    record->a = static_cast<uint8_t>(op.value >> 8);
    record->b = static_cast<uint8_t>(op.value);
  }
  const bool vmaps = op.code == OpCode::vmap || op.code == OpCode::vm_map_ram;
  if (!vmaps && (!Info(op.code).takes('v') || !Info(op.code).takes('i'))) record->who = actor;
  return Info(op.code).takes('k') && program.trace.profile.is_era(Era::kE1Slots)
             ? AnySlot(program, actor, op, record)
             : CodeFor(program, actor, op, record);
}

}  // namespace highmem
