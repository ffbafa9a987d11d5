// hm convert IN OUT: text to container and back.

#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>

#include "highmem/tool/commands.h"
#include "highmem/trace/file.h"
#include "highmem/trace/fuzz_codec.h"
#include "highmem/trace/lane.h"

namespace highmem {
namespace {

struct Options {
  std::string in;
  std::string out;
  std::string to = "text";
  std::string fuzz_profile;
  FuzzMix mix = FuzzMix::pkmap;
  bool force = false;
};

bool ReadFuzzBytes(const Options& options, Trace* trace) {
  const Profile* profile = FindProfile(options.fuzz_profile);
  if (profile == nullptr) {
    std::fprintf(stderr, "hm: unknown profile '%s', see hm profiles\n",
                 options.fuzz_profile.c_str());
    return false;
  }
  std::ifstream in(options.in, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in) {
    std::fprintf(stderr, "hm: %s: cannot be read\n", options.in.c_str());
    return false;
  }
  DecodeFuzz(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size(), *profile, trace,
             options.mix);
  LaneReport report;
  FilterLane(trace, &report);
  return true;
}

int Convert(const Options& options) {
  Trace trace;
  const bool read = options.fuzz_profile.empty() ? ReadOrComplain(options.in, &trace)
                                                 : ReadFuzzBytes(options, &trace);
  if (!read) return 1;
  std::string error;
  const TraceForm form = options.to == "container" ? TraceForm::container : TraceForm::text;
  if (WriteTraceFile(options.out, trace, {.form = form, .overwrite = options.force}, &error))
    return 0;
  std::fprintf(stderr, "hm: %s\n", error.c_str());
  return 1;
}

}  // namespace

void AddConvert(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* cmd = app.add_subcommand("convert", "Rewrite a trace in another form");
  cmd->add_option("IN", options->in, "trace")->required();
  cmd->add_option("OUT", options->out, "file to write")->required();
  cmd->add_option("--to", options->to, "text or container")
      ->check(CLI::IsMember({"text", "container"}));
  cmd->add_option("--fuzz-bytes", options->fuzz_profile,
                  "IN is a fuzzer's input for this profile, not a trace");
  const std::map<std::string, FuzzMix> mixes = {{"pkmap", FuzzMix::pkmap},
                                                {"local", FuzzMix::local},
                                                {"dma", FuzzMix::dma},
                                                {"arch", FuzzMix::arch},
                                                {"high_get", FuzzMix::high_get}};
  cmd->add_option("--mix", options->mix, "what the fuzzer's target is about, see fuzz/*.cc")
      ->transform(CLI::CheckedTransformer(mixes));
  cmd->add_flag("-f,--force", options->force, "overwrite OUT");
  cmd->callback([options, exit_code] { *exit_code = Convert(*options); });
}

}  // namespace highmem
