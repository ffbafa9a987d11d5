// hm profiles, hm invariants, hm ops: the project's tables, printed.

#include <cstdio>

#include "highmem/tool/commands.h"
#include "highmem/trace/finding_id.h"
#include "highmem/trace/op.h"

namespace highmem {
namespace {

void ListProfiles() {
  for (const Profile& p : NamedProfiles()) {
    std::printf("%-20s", p.name);
    for (const ProfileField& f : ProfileFields())
      std::printf(" %.*s=%d", static_cast<int>(f.name.size()), f.name.data(), p.*f.member);
    std::printf("\n");
  }
}

const char* ClassName(IdClass klass) {
  switch (klass) {
    case IdClass::contract: return "contract";
    case IdClass::mechanism: return "mechanism";
    case IdClass::misuse: return "misuse";
    case IdClass::host: return "host";
  }
  return "?";
}

void ListInvariants() {
  for (int i = 0; i < static_cast<int>(FindingId::kNone); i++) {
    const IdInfo& id = Info(static_cast<FindingId>(i));
    std::printf("%-6s %-10s exit %-3d %s\n", id.name.data(), ClassName(id.klass), id.exit_code,
                id.meaning.data());
  }
}

void ListOps() {
  for (int i = 0; i < static_cast<int>(OpCode::kCount); i++) {
    const OpInfo& op = Info(static_cast<OpCode>(i));
    std::printf("%-18s %-3s %-5s %s\n", op.name.data(), op.args.data(), op.contexts.data(),
                op.meaning.data());
  }
}

}  // namespace

void AddLists(CLI::App& app, int* exit_code) {
  *exit_code = 0;
  app.add_subcommand("profiles", "List the machines")->callback(ListProfiles);
  app.add_subcommand("invariants", "List everything that can be found wrong")
      ->callback(ListInvariants);
  app.add_subcommand("ops", "List the operations of a trace")->callback(ListOps);
}

}  // namespace highmem
