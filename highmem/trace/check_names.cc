// Names of pages, actors and variables. (check_trace.h)
#include <unordered_set>

#include "highmem/trace/check_parts.h"

namespace highmem {
namespace {

using Where = TraceProblem::Where;

bool HasOwnNames(const Trace& t) {
  for (const PageDecl& page : t.pages)
    if (!page.name.empty()) return true;
  for (const Actor& actor : t.actors) {
    if (!actor.name.empty()) return true;
    for (const std::string& var : actor.vars)
      if (!var.empty()) return true;
  }
  return false;
}

// Names of one scope: what they are, and those seen so far.
struct Scope {
  const Trace& trace;
  TraceProblem* problem;
  Where where;
  const char* what;
  std::unordered_set<std::string> taken;
};

// `usual` is what the thing is called if it has no name of its own.
bool NameIsSound(Scope* scope, size_t index, const std::string& name, const std::string& usual) {
  if (!name.empty() && !IsName(name))
    return Fail(scope->problem, scope->where, index, "expected the ", scope->what,
                " name to be at most 31 letters, digits and '_' and no word of the format, found ",
                Quote(name));
  if (name == usual)
    return Fail(scope->problem, scope->where, index, "the ", scope->what, " name '", name,
                "' is the default and must be empty");
  const std::string& full = name.empty() ? usual : name;
  if (scope->taken.insert(full).second) return true;
  return Fail(scope->problem, scope->where, index, "expected a new ", scope->what, " name, found '",
              full, "' again");
}

bool PageNames(Scope* scope) {
  const Trace& t = scope->trace;
  Trace unnamed;
  unnamed.pages.resize(t.pages.size());
  for (size_t i = 0; i < t.pages.size(); i++)
    if (!NameIsSound(scope, i, t.pages[i].name, PageName(unnamed, static_cast<int>(i))))
      return false;
  return true;
}

bool ActorNames(Scope* scope) {
  const Trace& t = scope->trace;
  Trace unnamed;
  unnamed.actors.resize(t.actors.size());
  for (size_t i = 0; i < t.actors.size(); i++) {
    unnamed.actors[i].kind = t.actors[i].kind;
    const std::string usual = ActorName(unnamed, static_cast<ActorId>(i));
    if (!NameIsSound(scope, i, t.actors[i].name, usual)) return false;
  }
  return true;
}

// kunmap takes a page or a variable: no name may be both.
bool VarNames(ActorId a, const Scope& pages, Scope* scope) {
  const std::vector<std::string>& vars = scope->trace.actors[a].vars;
  Trace unnamed;
  unnamed.actors.resize(1);
  unnamed.actors[0].vars.resize(vars.size());
  for (size_t v = 0; v < vars.size(); v++) {
    const std::string usual = VarName(unnamed, 0, static_cast<int>(v));
    if (!NameIsSound(scope, a, vars[v], usual)) return false;
    const std::string& full = vars[v].empty() ? usual : vars[v];
    if (pages.taken.contains(full))
      return Fail(scope->problem, scope->where, a, "expected a variable name, found '", full,
                  "', which is a page");
  }
  return true;
}

}  // namespace

bool CheckNames(const Trace& trace, TraceProblem* problem) {
  if (!HasOwnNames(trace)) return true;
  Scope pages{trace, problem, Where::page, "page", {}};
  Scope actors{trace, problem, Where::actor, "actor", {}};
  if (!PageNames(&pages) || !ActorNames(&actors)) return false;
  for (size_t a = 0; a < trace.actors.size(); a++) {
    Scope vars{trace, problem, Where::actor, "variable", {}};
    if (!VarNames(static_cast<ActorId>(a), pages, &vars)) return false;
  }
  return true;
}

}  // namespace highmem
