// A headless Chromium, driven over WebDriver (https://www.w3.org/TR/webdriver2/).
#ifndef HIGHMEM_REPORT_WEBDRIVER_FOR_TEST_H_
#define HIGHMEM_REPORT_WEBDRIVER_FOR_TEST_H_

#include <httplib.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace highmem {

class Browser {
 public:
  // Starts chromedriver and a session; `ok` says whether both came up.
  Browser() {
    int out[2];
    if (pipe(out) != 0) return;
    driver_ = fork();
    if (driver_ == 0) {
      dup2(out[1], STDOUT_FILENO);
      dup2(out[1], STDERR_FILENO);
      close(out[0]);
      // Chromium looks for a writable home.
      setenv("HOME", std::getenv("TEST_TMPDIR"), 1);
      execlp("chromedriver", "chromedriver", "--port=0", nullptr);
      _exit(127);
    }
    close(out[1]);
    output_ = fdopen(out[0], "r");
    char line[512];
    while (port_ == 0 && std::fgets(line, sizeof(line), output_) != nullptr) {
      const std::string text = line;
      const size_t at = text.find("on port ");
      if (at != std::string::npos) port_ = std::atoi(text.c_str() + at + 8);
    }
    if (port_ == 0) return;
    client_ = std::make_unique<httplib::Client>("127.0.0.1", port_);
    client_->set_read_timeout(60);
    const std::string dir = std::string(std::getenv("TEST_TMPDIR")) + "/chromium";
    const nlohmann::json chrome = {{"args",
                                    {"--headless=new", "--no-sandbox", "--disable-gpu",
                                     "--disable-dev-shm-usage", "--user-data-dir=" + dir}}};
    session_ = Post("/session", {{"capabilities",
                                  {{"alwaysMatch",
                                    {{"browserName", "chrome"},
                                     {"goog:chromeOptions", chrome},
                                     {"goog:loggingPrefs", {{"browser", "ALL"}}}}}}}})
                   .value("sessionId", "");
  }
  ~Browser() {
    if (!session_.empty()) client_->Delete(("/session/" + session_).c_str());
    if (driver_ > 0) {
      kill(driver_, SIGTERM);
      waitpid(driver_, nullptr, 0);
    }
    if (output_ != nullptr) std::fclose(output_);
  }
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  bool ok() const { return !session_.empty(); }

  void Open(const std::string& path) { Call("/url", {{"url", "file://" + path}}); }
  // In CSS pixels, as a phone or a desktop would lay out.
  void Resize(int width, int height) {
    Call("/goog/cdp/execute", {{"cmd", "Emulation.setDeviceMetricsOverride"},
                               {"params",
                                {{"width", width},
                                 {"height", height},
                                 {"deviceScaleFactor", 1},
                                 {"mobile", width < 700}}}});
  }
  // The value of a script's `return`.
  nlohmann::json Run(const std::string& script) {
    return Call("/execute/sync", {{"script", script}, {"args", nlohmann::json::array()}});
  }
  // One key: a character, or a code of WebDriver's, such as "\uE012" for the left arrow.
  void Key(const std::string& key) {
    const nlohmann::json actions = {{{"type", "keyDown"}, {"value", key}},
                                    {{"type", "keyUp"}, {"value", key}}};
    Call("/actions", {{"actions", {{{"type", "key"}, {"id", "keys"}, {"actions", actions}}}}});
  }
  // What the console has said since it was asked last.
  nlohmann::json Log() { return Call("/se/log", {{"type", "browser"}}); }
  // A PNG, base64.
  std::string Screenshot() {
    const auto answer = client_->Get(("/session/" + session_ + "/screenshot").c_str());
    return answer ? nlohmann::json::parse(answer->body)["value"].get<std::string>() : "";
  }

 private:
  nlohmann::json Post(const std::string& path, const nlohmann::json& body) {
    const auto answer = client_->Post(path.c_str(), body.dump(), "application/json");
    if (!answer) return nullptr;
    return nlohmann::json::parse(answer->body, nullptr, false).value("value", nlohmann::json());
  }
  nlohmann::json Call(const std::string& command, const nlohmann::json& body) {
    return Post("/session/" + session_ + command, body);
  }

  pid_t driver_ = -1;
  FILE* output_ = nullptr;
  int port_ = 0;
  std::string session_;
  std::unique_ptr<httplib::Client> client_;
};

}  // namespace highmem

#endif  // HIGHMEM_REPORT_WEBDRIVER_FOR_TEST_H_
