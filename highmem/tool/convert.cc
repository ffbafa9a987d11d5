// hm convert IN OUT: text to container and back; --upgrade: an old container to the current form.

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>

#include "highmem/tool/commands.h"
#include "highmem/trace/container.h"
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
  bool upgrade = false;
};

std::string Bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

bool ReadFuzzBytes(const Options& options, Trace* trace) {
  const Profile* profile = FindProfile(options.fuzz_profile);
  if (profile == nullptr) {
    std::fprintf(stderr, "hm: unknown profile '%s', see hm profiles\n",
                 options.fuzz_profile.c_str());
    return false;
  }
  if (!std::ifstream(options.in)) {
    std::fprintf(stderr, "hm: %s: cannot be read\n", options.in.c_str());
    return false;
  }
  const std::string bytes = Bytes(options.in);
  DecodeFuzz(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size(), *profile, trace,
             options.mix);
  trace->misuse = false;
  LaneReport report;
  FilterLane(trace, &report);
  return true;
}

// In place. The one version of the text needs nothing.
int Upgrade(const Options& options) {
  Trace trace;
  std::string error;
  if (!ReadOrComplain(options.in, &trace)) return 1;
  const uint16_t version = ContainerVersionOf(Bytes(options.in));
  const bool old = version != 0 && version != kContainerVersion;
  if (old && !WriteTraceFile(options.in, trace, {.form = TraceForm::container, .overwrite = true},
                             &error)) {
    std::fprintf(stderr, "hm: %s\n", error.c_str());
    return 1;
  }
  if (old)
    std::printf("%s: version %d, now %d\n", options.in.c_str(), version, kContainerVersion);
  else
    std::printf("%s: of the current version\n", options.in.c_str());
  return 0;
}

int Convert(const Options& options) {
  if (options.upgrade != options.out.empty()) {
    std::fprintf(stderr, "hm: convert: expected a file to write, or --upgrade to rewrite IN\n");
    return 1;
  }
  if (options.upgrade) return Upgrade(options);
  Trace trace;
  const bool read = options.fuzz_profile.empty() ? ReadOrComplain(options.in, &trace)
                                                 : ReadFuzzBytes(options, &trace);
  if (!read) return 1;
  std::string error;
  if (options.to == "fuzz-bytes") {
    std::array<uint8_t, kFuzzMaxSize> bytes;
    const size_t size = EncodeFuzz(trace, bytes.data(), bytes.size(), options.mix);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), size);
    if (WriteWholeFile(options.out, text, options.force, &error)) return 0;
    std::fprintf(stderr, "hm: %s\n", error.c_str());
    return 1;
  }
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
  cmd->add_option("OUT", options->out, "file to write");
  CLI::Option* to = cmd->add_option("--to", options->to,
                                    "text, container, or fuzz-bytes: a seed for a target of the "
                                    "same profile and mix, as far as bytes can say it")
                        ->check(CLI::IsMember({"text", "container", "fuzz-bytes"}));
  CLI::Option* bytes = cmd->add_option("--fuzz-bytes", options->fuzz_profile,
                                       "IN is a fuzzer's input for this profile, not a trace; of "
                                       "//fuzz:mixed without its first byte");
  const std::map<std::string, FuzzMix> mixes = {
      {"pkmap", FuzzMix::pkmap}, {"local", FuzzMix::local},       {"dma", FuzzMix::dma},
      {"arch", FuzzMix::arch},   {"high_get", FuzzMix::high_get}, {"hotplug", FuzzMix::hotplug}};
  cmd->add_option("--mix", options->mix, "what the fuzzer's target is about, see fuzz/*.cc")
      ->transform(CLI::CheckedTransformer(mixes));
  cmd->add_flag("-f,--force", options->force, "overwrite OUT");
  cmd->add_flag("--upgrade", options->upgrade, "rewrite IN, if it is of an older version")
      ->excludes(to)
      ->excludes(bytes);
  cmd->callback([options, exit_code] { *exit_code = Convert(*options); });
}

}  // namespace highmem
