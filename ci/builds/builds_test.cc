// Equal on every build: event streams and verdicts. Equal in one build only: golden state counts.

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::string Env(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::vector<std::string> Words(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string w; in >> w;) words.push_back(w);
  return words;
}

std::string Output(const std::string& command) {
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "cannot run " + command;
  std::array<char, 4096> buffer;
  for (size_t n; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    out.append(buffer.data(), n);
  const int status = pclose(pipe);
  if (status != 0) out += "exit status " + std::to_string(status) + " of " + command + "\n";
  return out;
}

std::string Lines(const std::string& text, const std::string& kind) {
  std::istringstream in(text);
  std::string kept;
  for (std::string line; std::getline(in, line);)
    if (line.rfind(kind + " ", 0) == 0 || line.rfind("exit status", 0) == 0) kept += line + "\n";
  return kept;
}

const std::string& Golden() {
  static const std::string golden = Env("GOLDEN_BUILD");
  return golden;
}
std::vector<std::string> Others() { return Words(Env("OTHER_BUILDS")); }

TEST(Builds, EventStreamsOfTheCorpusAreEqual) {
  const std::string files = Env("CORPUS");
  const std::string want = Output(Golden() + " hash " + files);
  EXPECT_EQ(Words(want).size(), 3 * Words(files).size()) << want;
  EXPECT_EQ(Output("setarch -R " + Golden() + " hash " + files), want) << "without ASLR";
  for (const std::string& build : Others())
    EXPECT_EQ(Output(build + " hash " + files), want) << build;
}

TEST(Builds, EventStreamsOfGeneratedTracesAreEqual) {
  const std::string want = Output(Golden() + " generated 10000");
  EXPECT_EQ(Words(want).size(), 3u) << want;
  EXPECT_EQ(Output("setarch -R " + Golden() + " generated 10000"), want) << "without ASLR";
  for (const std::string& build : Others())
    EXPECT_EQ(Output(build + " generated 10000"), want) << build;
}

TEST(Builds, WorldsCloseWithEqualVerdictsAndGoldenCounts) {
  const std::string worlds = Env("WORLDS");
  const std::string want = Output(Golden() + " explore " + worlds);
  std::string closed;
  for (const std::string& world : Words(worlds))
    closed += "verdict " + world.substr(world.rfind('/') + 1) + " closed\n";
  EXPECT_EQ(Lines(want, "verdict"), closed);
  for (const char* golden : {"GOLDEN_STATES_2CPU", "GOLDEN_STATES_3CPU"})
    EXPECT_NE(Lines(want, "states").find(Env(golden) + "\n"), std::string::npos) << want;
  for (const std::string& build : Others())
    EXPECT_EQ(Lines(Output(build + " explore " + worlds), "verdict"), Lines(want, "verdict"))
        << build;
}

TEST(Builds, KeepingFreedFramesMissesTheGoldenCount) {
  std::string world;
  for (const std::string& file : Words(Env("WORLDS")))
    if (file.ends_with("/pkmap_2cpu_endless.hm")) world = file;
  const std::string golden = Env("GOLDEN_STATES_2CPU");
  const uint64_t count = std::stoull(golden.substr(golden.rfind(' ') + 1));
  const std::string within = " within " + std::to_string(count + 1) + " " + world;
  EXPECT_EQ(Lines(Output(Golden() + within), "states"), golden + "\n");
  const std::string got = Output(Env("KEEP_FRAMES_BUILD") + within);
  EXPECT_EQ(Lines(got, "verdict"), "verdict pkmap_2cpu_endless.hm bounded\n") << got;
}

}  // namespace
