#include "highmem/verdict/failure_key.h"

#include <string_view>

#include "highmem/trace/op.h"

namespace highmem {
namespace {

std::string_view RoleName(Role role) {
  switch (role) {
    case Role::none: return "nothing";
    case Role::page: return "page";
    case Role::slot: return "slot";
    case Role::byte: return "byte";
    case Role::lock: return "lock";
    case Role::task: return "task";
    case Role::actor: return "actor";
    case Role::queue: return "queue";
    case Role::site: return "site";
    case Role::stack: return "stack";
    case Role::window: return "window";
    case Role::cpu: return "cpu";
  }
  return "?";
}

}  // namespace

std::string FailureKey(const Finding& finding, const Trace& trace) {
  const std::string op(finding.op == OpCode::kCount ? "no-op" : Info(finding.op).name);
  return std::string(Info(finding.id).name) + "/" + op + "/" + std::string(RoleName(finding.role)) +
         "/" + std::string(trace.profile.name);
}

}  // namespace highmem
