// The page of a campaign, opened in a real browser, on a desktop and on a phone.

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "highmem/campaign/report.h"
#include "highmem/campaign/store_for_test.h"
#include "highmem/report/webdriver_for_test.h"

namespace highmem {
namespace {

const char kEvil[] =
    "</script><img src=x onerror='window.injected=1'><script>window.injected=1</script>";

class PageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(browser_.ok()) << "no chromedriver, or no browser: ci/setup installs both";
  }
  void Show(const CampaignData& data, const std::vector<std::string>& cells,
            const CellReasons& reasons = {}) {
    const std::string path = std::string(std::getenv("TEST_TMPDIR")) + "/page.html";
    std::ofstream(path) << CampaignPage(data, cells, reasons);
    browser_.Open(path);
  }
  int Count(const std::string& selector) {
    return browser_.Run("return document.querySelectorAll('" + selector + "').length").get<int>();
  }
  void ExpectQuiet() {
    const nlohmann::json log = browser_.Log();
    EXPECT_TRUE(log.is_array() && log.empty()) << log.dump(1);
  }
  // No wider than the window, no letter too small.
  void ExpectReadable(int width) {
    EXPECT_LE(browser_.Run("return document.documentElement.scrollWidth").get<int>(), width);
    EXPECT_EQ(browser_.Run("return innerWidth").get<int>(), width);
    EXPECT_GE(browser_
                  .Run("return Math.min(...[...document.querySelectorAll('body *')].map("
                       "(e) => parseFloat(getComputedStyle(e).fontSize)))")
                  .get<double>(),
              12);
  }
  void Keep(const std::string& name) {
    const char* outputs = std::getenv("TEST_UNDECLARED_OUTPUTS_DIR");
    if (outputs == nullptr) return;
    std::ofstream(std::string(outputs) + "/" + name + ".png.base64") << browser_.Screenshot();
  }

  Browser browser_;
};

TEST_F(PageTest, ShowsTheCampaign) {
  CampaignData data = InventedCampaign();
  data.findings[2].report = data.findings[2].minimized = kEvil;
  data.findings[2].raw += kEvil;
  data.cells[0].trace = data.runs[0].id = data.directory = data.findings[0].key = kEvil;
  std::vector<std::string> cells = InventedCells();
  cells.push_back(std::string("evil/") + kEvil);
  Show(data, cells, {{cells.back(), kEvil}});

  EXPECT_EQ(Count(".heat button"), 301);
  EXPECT_EQ(Count(".heat button.never"), 301 - static_cast<int>(data.cells.size()));
  EXPECT_EQ(Count(".group"), 7);
  EXPECT_EQ(Count(".finding"), 5);
  EXPECT_EQ(Count("#runs tbody tr"), 40);
  EXPECT_EQ(Count("path.event"), 4 * 5);

  // Each curve ends where the campaign is.
  EXPECT_EQ(browser_.Run("return charts.map((c) => c.points.at(-1).i)"),
            browser_.Run("return charts.map((c) => at.length - 1)"));
  EXPECT_EQ(browser_.Run("return charts[0].points.at(-1).v"), data.samples.back().cells);
  EXPECT_GT(browser_.Run("return charts[1].points.at(-1).v").get<double>(), 3000);
  for (const int width : {1280, 390}) {
    browser_.Resize(width, 844);
    browser_.Run("document.querySelectorAll('details').forEach((d) => d.open = true)");
    for (const char* axis : {"linear", "log"}) {
      browser_.Run("by('" + std::string(axis) + "').click()");
      EXPECT_GE(browser_.Run("return charts[0].points.length"), 50);
      EXPECT_LE(browser_.Run("return charts[0].points.at(-1).x"), width);
    }
    ExpectReadable(width);
    Keep("campaign_" + std::to_string(width));
  }

  // All of it stayed text.
  EXPECT_EQ(browser_.Run("return document.querySelectorAll('.finding')[2].querySelector('pre')"
                         ".textContent"),
            kEvil);
  EXPECT_EQ(browser_.Run("const b = [...document.querySelectorAll('.heat button')].find((b) => "
                         "b.title.startsWith('" +
                         data.cells[0].name +
                         ": ')); b.click(); return b.closest('.group').querySelector('pre')"
                         ".textContent"),
            kEvil);
  EXPECT_EQ(browser_.Run("return [...document.querySelectorAll('.heat button')].at(-1).title"),
            cells.back() + ": never hit: " + kEvil);
  EXPECT_EQ(browser_.Run("return typeof window.injected"), "undefined");
  EXPECT_EQ(browser_.Run("return document.images.length + document.scripts.length"), 2);

  // A campaign that has just begun. Here, because a browser is dear.
  Show({}, {"slot/a/b"});
  EXPECT_EQ(Count(".never"), 2);  // one in the legend
  EXPECT_EQ(Count(".finding"), 0);
  ExpectQuiet();
}

}  // namespace
}  // namespace highmem
