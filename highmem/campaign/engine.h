// Who makes inputs: libFuzzer, which is a part of a target's binary, or AFL++, which runs a binary
// that was built for it (ci/afl --build). Either fills the corpus; a campaign may change between
// them.
#ifndef HIGHMEM_CAMPAIGN_ENGINE_H_
#define HIGHMEM_CAMPAIGN_ENGINE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "highmem/campaign/process.h"

namespace highmem {

class Engine {
 public:
  struct Run {
    std::string binary;
    std::string corpus;
    std::string dir;  // of the run; the engine's own files go there, too
    uint64_t seed = 0;
    int seconds = 0;
  };
  struct Command {
    std::vector<std::string> argv;
    std::map<std::string, std::string> variables;
  };

  // "libfuzzer" or "afl++". Null and a sentence in *error if there is no such engine here.
  static std::unique_ptr<Engine> Find(const std::string& name, std::string* error);
  virtual ~Engine() = default;

  virtual const char* name() const = 0;
  // False and a sentence in *error if it cannot run such a file.
  virtual bool CheckBinary(const std::string& binary, std::string* error) const = 0;
  // What fuzzes, beginning with the corpus. It ends by itself.
  virtual bool Prepare(const Run& run, Command* command, std::string* error) const = 0;
  // What runs all inputs of DIR/in once, to say in DIR/out what code they reach; and which inputs
  // that needs, by name: for each piece of code (see below) the smallest that reaches it.
  virtual Command Weigh(const std::string& binary, const std::string& dir) const = 0;
  virtual std::set<std::string> Needed(const std::string& dir) const = 0;
  // How much of the code it has reached so far, in its own unit: libFuzzer's features, AFL++'s
  // edges. 0: not known yet.
  virtual uint64_t Features(const std::string& dir) const = 0;
  // Of a run that is over, and was not killed: the harness has failed, which is no finding.
  virtual bool Crashed(const std::string& dir, int exit_code) const = 0;
  // Why, as a line.
  virtual std::string Complaint(const std::string& dir) const = 0;
};

// Of a run that is over, whichever the engine was: the inputs that lie in its directory go to the
// corpus, one by one, named by their contents.
bool CollectInputs(const std::string& dir, const std::string& corpus, std::string* error);

// Likewise: what made the harness crash or hang lies there. (AFL++ goes on after it)
bool HasCrashes(const std::string& dir);

}  // namespace highmem

#endif  // HIGHMEM_CAMPAIGN_ENGINE_H_
