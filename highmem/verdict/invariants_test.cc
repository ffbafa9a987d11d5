#include "highmem/verdict/invariants.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace highmem {
namespace {

TEST(Invariants, TheCommittedFileIsWhatTheToolPrints) {
  std::ifstream file("docs/INVARIANTS.md");
  ASSERT_TRUE(file) << "run from the runfiles of bazel test";
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), InvariantsMarkdown())
      << "bazel run //:hm -- invariants --markdown > docs/INVARIANTS.md";
}

// What the table names is there.
TEST(Invariants, FilesExist) {
  const auto each = [](std::string_view words, auto f) {
    std::istringstream stream{std::string(words)};
    for (std::string word; stream >> word;) f(word.substr(0, word.find(',')));
  };
  for (const IdSource& source : IdSources()) {
    for (const std::string_view files : {source.checker, source.test})
      each(files, [](const std::string& name) {
        EXPECT_TRUE(std::ifstream("highmem/" + name + ".cc")) << name;
      });
    each(source.mutant, [](const std::string& name) {
      EXPECT_TRUE(std::ifstream("highmem/mutants/" + name + ".patch")) << name;
    });
    each(source.trace, [](const std::string& name) {
      EXPECT_TRUE(std::ifstream("corpus/" + name + ".hm")) << name;
    });
  }
}

}  // namespace
}  // namespace highmem
