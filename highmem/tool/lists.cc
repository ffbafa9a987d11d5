// hm profiles, hm invariants, hm ops: the project's tables, printed.

#include <cstdio>

#include "highmem/tool/commands.h"
#include "highmem/trace/finding_id.h"
#include "highmem/trace/op.h"
#include "highmem/verdict/invariants.h"

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

void ListInvariants(bool markdown, bool fires) {
  if (markdown || fires) {
    std::printf("%s", (markdown ? InvariantsMarkdown() : FiresLines()).c_str());
    return;
  }
  for (int i = 0; i < static_cast<int>(FindingId::kNone); i++) {
    const IdInfo& id = Info(static_cast<FindingId>(i));
    std::printf("%-6s %-10s exit %-3d %s\n", id.name.data(), ClassName(id.klass).data(),
                id.exit_code, id.meaning.data());
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
  CLI::App* invariants =
      app.add_subcommand("invariants", "List everything that can be found wrong");
  static bool markdown = false;
  static bool fires = false;
  invariants->add_flag("--markdown", markdown, "As docs/INVARIANTS.md has it");
  invariants->add_flag("--fires", fires, "On which mutant and trace each fires");
  invariants->callback([] { ListInvariants(markdown, fires); });
  app.add_subcommand("ops", "List the operations of a trace")->callback(ListOps);
}

}  // namespace highmem
