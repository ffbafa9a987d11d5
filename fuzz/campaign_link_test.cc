// The fuzzer's side of a campaign where an engine forks it.

#include "fuzz/campaign_link.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>

#include "highmem/campaign/files.h"
#include "highmem/campaign/status.h"

namespace highmem {
namespace {

uint64_t Executions(const std::string& dir) {
  FuzzStatus status;
  EXPECT_TRUE(ParseStatus(ReadAll(dir + "/status"), &status));
  return status.executions;
}

void Execute(int times) {
  for (int i = 0; i < times; i++) CampaignLink::Get()->EndExecution({}, 1, {});
}

// A child that executes so often, and what became of it.
int Fork(int times) {
  const pid_t child = fork();
  if (child == 0) {
    Execute(times);
    CampaignLink::Get()->WriteStatus();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

TEST(CampaignLink, ChildrenGoOnWithTheNumbersOfThoseBefore) {
  std::string dir = testing::TempDir() + "/link-XXXXXX";
  ASSERT_NE(mkdtemp(dir.data()), nullptr);
  setenv(kCampaignVariable, dir.c_str(), 1);
  Execute(1);  // AFL++'s driver does so before it forks
  EXPECT_EQ(Executions(dir), 1u);
  EXPECT_EQ(Fork(5), 0);
  EXPECT_EQ(Executions(dir), 6u);
  EXPECT_EQ(Fork(3), 0);
  EXPECT_EQ(Executions(dir), 9u);
}

// A parent that is killed while its child stands still, as AFL++ stops it between two inputs.
TEST(CampaignLink, NothingOutlivesItsParent) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t parent = fork();
  if (parent == 0) {
    Execute(1);  // AFL++'s driver does so before it forks
    if (fork() == 0) {
      Execute(1);
      raise(SIGSTOP);
      _exit(0);
    }
    int status = 0;
    waitpid(-1, &status, WUNTRACED);
    if (!WIFSTOPPED(status)) _exit(1);
    raise(SIGKILL);
  }
  close(ends[1]);
  int status = 0;
  waitpid(parent, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  char byte = 0;
  EXPECT_EQ(read(ends[0], &byte, 1), 0) << "somebody still has the other end";
}

}  // namespace
}  // namespace highmem
