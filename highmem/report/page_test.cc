// The page of a failing run, opened in a real browser.

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "highmem/report/export.h"
#include "highmem/report/webdriver_for_test.h"
#include "highmem/schedule/replay.h"
#include "highmem/trace/text.h"
#include "highmem/verdict/outcome.h"

namespace highmem {
namespace {

constexpr const char* kLeft = "\uE012";
constexpr const char* kRight = "\uE014";
constexpr const char* kUp = "\uE013";
constexpr const char* kDown = "\uE015";
constexpr const char* kHome = "\uE011";
constexpr const char* kEnd = "\uE010";

const char kTrace[] =
    "#hm 1\nprofile x86_tiny1 cpus=2\npage A high\npage B high\nlane misuse\n"
    "task T1@0:\n  b = kmap B\n  store b+1 9\n  kunmap b\n  a = kmap A\n"
    "task T2@1:\n  a = kmap_local_page B\n  load a\n  kunmap_local a\n"
    "irq H3@0 x1:\n  kunmap A\n"
    "schedule:\n  start T2\n  at T2.2 op -> T1\n  at T1.4 unlock -> H3\n";

// A page for the trace, as a file.
class PageTest : public ::testing::Test {
 protected:
  // One browser for all: starting it takes longer than a test.
  static void SetUpTestSuite() { shared_ = new Browser; }
  static void TearDownTestSuite() {
    delete shared_;
    shared_ = nullptr;
  }
  void SetUp() override {
    ParseError error;
    ASSERT_TRUE(ParseTrace(kTrace, "test", &trace_, &error)) << error.Text();
    Executor executor;
    Judge judge;
    ReplayChooser replay;
    finding_ = RunOnce(executor, judge, trace_, replay).finding;
    ASSERT_TRUE(finding_);
    recording_ = RecordState(executor, trace_, finding_);
    ASSERT_TRUE(browser_.ok()) << "no chromedriver, or no browser: ci/setup installs both";
  }

  void Show(const ExportOptions& options) {
    const std::string path = std::string(std::getenv("TEST_TMPDIR")) + "/page.html";
    std::ofstream(path) << RunAsPage(trace_, finding_, recording_, options);
    browser_.Open(path);
  }
  int Now() { return browser_.Run("return now").get<int>(); }
  int Last() const { return static_cast<int>(recording_.steps.size()); }
  void ExpectQuiet() {
    const nlohmann::json log = browser_.Log();
    EXPECT_TRUE(log.is_array() && log.empty()) << log.dump(1);
  }
  // No wider than the window.
  void ExpectFits(int width) {
    EXPECT_LE(browser_.Run("return document.documentElement.scrollWidth").get<int>(), width);
    EXPECT_EQ(browser_.Run("return innerWidth").get<int>(), width);
    const nlohmann::json size =
        browser_.Run("return parseFloat(getComputedStyle(document.querySelector('td')).fontSize)");
    EXPECT_GE(size.get<double>(), 12);
  }
  void Keep(const std::string& name) {
    const char* outputs = std::getenv("TEST_UNDECLARED_OUTPUTS_DIR");
    if (outputs == nullptr) return;
    std::ofstream(std::string(outputs) + "/" + name + ".png.base64") << browser_.Screenshot();
  }

  Trace trace_;
  Finding finding_;
  Recording recording_;
  Browser& browser_ = *shared_;

 private:
  static inline Browser* shared_ = nullptr;
};

TEST_F(PageTest, OpensAtTheFailure) {
  Show({.file = "a.hm"});
  EXPECT_EQ(Now(), Last());
  EXPECT_EQ(browser_.Run("return by('sentence').textContent").get<std::string>().rfind("L1: ", 0),
            0u);
  EXPECT_EQ(browser_.Run("return document.querySelectorAll('tr.here').length"), 1);
  EXPECT_EQ(browser_.Run("return document.querySelectorAll('tr.row').length").get<size_t>(),
            recording_.lanes.rows.size());
  ExpectQuiet();
}

TEST_F(PageTest, KeysMove) {
  Show({.turns = 30});
  browser_.Key(kLeft);
  EXPECT_EQ(Now(), Last() - 1);
  browser_.Key(kRight);
  browser_.Key(kRight);
  EXPECT_EQ(Now(), Last());
  browser_.Key(kHome);
  EXPECT_EQ(Now(), 0);
  browser_.Key(kDown);
  EXPECT_EQ(Now(), static_cast<int>(recording_.lanes.rows.front().step));
  browser_.Key("t");
  EXPECT_EQ(Now(), 30);
  browser_.Key(kEnd);
  EXPECT_EQ(Now(), Last());
  browser_.Key(kUp);
  EXPECT_LT(Now(), Last());
  ExpectQuiet();
}

// At every step the page shows what was recorded.
TEST_F(PageTest, SliderShowsTheStateOfEachStep) {
  Show({});
  ASSERT_FALSE(recording_.cells.empty());
  std::vector<std::string> want;
  for (const Recording::Cell& cell : recording_.cells) want.push_back(cell.first);
  size_t change = 0;
  for (int step = 0; step <= Last(); step++) {
    for (; change < recording_.changes.size() &&
           recording_.changes[change].step <= static_cast<uint64_t>(step);
         change++)
      want[recording_.changes[change].cell] = recording_.changes[change].value;
    const nlohmann::json shown = browser_.Run(
        "const s = by('step'); s.value = " + std::to_string(step) +
        "; s.dispatchEvent(new Event('input')); return cells.map((c) => c.value.textContent)");
    EXPECT_EQ(shown.get<std::vector<std::string>>(), want) << step;
  }
  ExpectQuiet();
}

TEST_F(PageTest, ReadableOnDesktopAndPhone) {
  Show({.fails = std::vector<int>(200, 7), .remarks = {{"turns", std::string(300, 'x')}}});
  for (const int width : {1280, 390}) {
    browser_.Resize(width, 844);
    ExpectFits(width);
    Keep("page_" + std::to_string(width));
  }
  ExpectQuiet();
}

// Text of a trace, or of the command line, stays text.
TEST_F(PageTest, NothingIsInjected) {
  const std::string evil = "</script><script>window.hit=1</script><img src=x onerror='hit=1'>";
  Show({.file = evil, .remarks = {{evil, evil}}});
  EXPECT_EQ(browser_.Run("return typeof window.hit"), "undefined");
  EXPECT_EQ(browser_.Run("return by('remarks').lastChild.textContent"), evil);
  EXPECT_EQ(browser_.Run("return document.images.length"), 0);
  ExpectQuiet();
}

}  // namespace
}  // namespace highmem
