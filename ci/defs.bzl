"""Build rules of this repository: parts, mutants, litmus tests."""

load("//ci:fuzz.bzl", "FUZZER_LINKOPTS")
load("//ci:script.bzl", "quote", "script")
load("//ci:stage.bzl", "STAGE")
load("@rules_cc//cc:cc_binary.bzl", "cc_binary")
load("@rules_cc//cc:cc_library.bzl", "cc_library")
load("//ci:parts.bzl", "PARTS", "instrumented", "part_of")

# For everything from highmem/machine to highmem/schedule: a BUG abandons coroutine frames, which
# no unwinder could cross.
CORE_COPTS = ["-fno-exceptions"]

# Coverage of the parts is the signal; coverage of executor and checkers only slows the fuzzer.
_COVERAGE_COPTS = ["-fsanitize=fuzzer-no-link"]

def part_library(name, srcs, deps = [], **kwargs):
    """A swappable part: .cc files and private headers; its API headers come from deps.

    Makes NAME (plain) and NAME_cov (the same sources with coverage for fuzzers). A binary links
    exactly one of them. NAME_srcs, NAME_deps and NAME_rest are what highmem_mutant builds a mutant
    from: of the last, an archive, the linker takes what the mutant's own objects do not define.

    Args:
      name: listed in PARTS.
      srcs: sources and private headers.
      deps: cc_library labels; no other part, only its API headers.
      **kwargs: passed to both libraries.
    """
    native.filegroup(
        name = name + "_srcs",
        srcs = srcs,
        visibility = ["//visibility:public"],
    )
    cc_library(
        name = name + "_deps",
        visibility = ["//visibility:public"],
        deps = deps,
    )
    for suffix, copts in {"": [], "_cov": _COVERAGE_COPTS}.items():
        cc_library(
            name = name + suffix,
            srcs = srcs,
            # Parts call each other, so no order of archives would do.
            alwayslink = True,
            copts = CORE_COPTS + copts,
            deps = deps,
            **kwargs
        )
    cc_library(
        name = name + "_rest",
        srcs = srcs,
        copts = CORE_COPTS + _COVERAGE_COPTS,
        tags = ["manual"],
        visibility = ["//visibility:public"],
        deps = deps,
    )

def _patched_sources_impl(ctx):
    # Single files, not a directory: Bazel 4.2.3 forgets --cxxopt for sources in a directory.
    kept = [f for f in ctx.files.srcs if f.basename in ctx.attr.patched or f.extension == "h"]
    outs = [ctx.actions.declare_file(ctx.label.name + "/" + f.short_path) for f in kept]
    dest = "/".join([ctx.bin_dir.path, ctx.label.package, ctx.label.name])
    ctx.actions.run_shell(
        outputs = outs,
        inputs = ctx.files.srcs + [ctx.file.patch],
        command = STAGE + """
dest=$PWD/$1 kept=$2 patch=$3
for file in $(sed -n 's|^+++ b/||p' "$patch"); do
  [[ " $kept " != *" $file "* ]] || continue
  echo "$patch changes $file, which srcs does not name"
  exit 1
done
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
stage "$tree" "${@:3}"
cd "$tree"
cp --parents -t "$dest" $kept
""",
        arguments = [dest, " ".join([f.path for f in kept]), ctx.file.patch.path] +
                    [f.path for f in ctx.files.srcs],
        mnemonic = "Patch",
        progress_message = "Applying %s" % ctx.file.patch.short_path,
        use_default_shell_env = True,
    )
    return [DefaultInfo(files = depset(outs))]

_patched_sources = rule(
    implementation = _patched_sources_impl,
    attrs = {
        "patch": attr.label(allow_single_file = True, mandatory = True),
        "patched": attr.string_list(mandatory = True),
        "srcs": attr.label_list(allow_files = True),
    },
)

def _lines_impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(out, "".join([line + "\n" for line in ctx.attr.lines]))
    return [DefaultInfo(files = depset([out]), runfiles = ctx.runfiles([out]))]

_lines = rule(
    implementation = _lines_impl,
    attrs = {"lines": attr.string_list(mandatory = True)},
)

def highmem_mutant(name, patch, srcs, accept, target = "pkmap"):
    """A binary of the whole harness in which one part is broken on purpose.

    It is a libFuzzer binary and, when its first argument is a subcommand, the hm tool. Costs one
    compile and one link, for only the sources that the patch changes are compiled. A patch that no
    longer applies breaks the build, as does one that changes others.

    Args:
      name: of the binary; NAME_parts are all parts, the broken one among them; NAME.accept is a
        file with the accepted ids, one a line.
      patch: a unified diff from the repository root (a/highmem/... b/highmem/...), of one part.
      srcs: names of the .cc files that it changes; if it changes a private header, of all that
        include it.
      accept: ids of the findings that count as finding this mutant.
      target: of //fuzz, that looks for it.
    """
    part = part_of(srcs)
    _patched_sources(
        name = name + "_src",
        srcs = [part + "_srcs"],
        patch = patch,
        patched = srcs,
        tags = ["manual"],
    )
    cc_library(
        name = name + "_part",
        srcs = [name + "_src"],
        alwayslink = True,
        copts = CORE_COPTS + _COVERAGE_COPTS,
        includes = [name + "_src"],
        tags = ["manual"],
        deps = [part + "_deps"],
    )
    cc_library(
        name = name + "_parts",
        tags = ["manual"],
        visibility = ["//fuzz:__pkg__"],
        # In this order: what the mutant defines is not taken from the rest.
        deps = [name + "_part", part + "_rest"] + instrumented([p for p in PARTS if p != part]),
    )
    cc_binary(
        name = name,
        testonly = True,
        # There are dozens, and lines of a mutant's code are of no interest.
        linkopts = FUZZER_LINKOPTS + ["-Wl,--strip-debug"],
        tags = ["manual"],
        deps = [name + "_parts", "//fuzz:mutant_main", "//fuzz:%s_spec" % target],
    )
    _lines(
        name = name + ".accept",
        lines = accept,
        tags = ["manual"],
        visibility = ["//ci:__subpackages__", "//fuzz:__pkg__"],
    )

def _highmem_litmus_test_impl(ctx):
    body = "exec %s litmus \"$@\" %s\n" % (
        ctx.executable._hm.short_path,
        quote([f.short_path for f in ctx.files.srcs]),
    )
    return script(ctx, body, ctx.files.srcs + [ctx.executable._hm], [ctx.attr._hm])

highmem_litmus_test = rule(
    doc = "Runs `hm litmus` on the files; fails when one of them does not hold.",
    implementation = _highmem_litmus_test_impl,
    attrs = {
        "srcs": attr.label_list(allow_files = True, mandatory = True),
        "_hm": attr.label(default = "//:hm", executable = True, cfg = "target"),
    },
    test = True,
)

def _mutant_test_impl(ctx):
    mutant = ctx.executable.mutant.short_path
    accept = ctx.file.accept.short_path
    body = """\
accepted() {
  grep -qxF -- "$1" %s || { echo "found $1, which %s does not accept"; exit 1; }
}
""" % (accept, accept)
    files = [ctx.file.accept, ctx.executable.mutant]
    if ctx.file.reproducer:
        files.append(ctx.file.reproducer)
        body += """\
if report=$(%s replay '%s'); then
  echo "the reproducer passes"
  exit 1
fi
id=$(awk 'NR == 1 {print $2}' <<<"$report")
echo "reproducer fails with $id"
accepted "$id"
""" % (mutant, ctx.file.reproducer.short_path)
        if ctx.attr.minimal:
            body += "%s removals '%s'\n" % (mutant, ctx.file.reproducer.short_path)
    if ctx.file.world:
        files.append(ctx.file.world)
        body += """\
if report=$(%s stress --strategy random --runs 10000 '%s'); then
  echo "10000 random schedules of the world pass"
  %s explore '%s' -o "$TEST_TMPDIR/world.hm" && { echo "all of them"; exit 1; }
  report=$(%s replay "$TEST_TMPDIR/world.hm" || true)
fi
id=$(awk 'NR == 1 {print $2}' <<<"$report")
echo "the world fails with $id: $(grep -m1 -o 'run [0-9]* of [0-9]*' <<<"$report")"
accepted "$id"
""" % (mutant, ctx.file.world.short_path, mutant, ctx.file.world.short_path, mutant)
    if ctx.attr.seed:
        body += """\
findings=$(mktemp -d)
HIGHMEM_FINDINGS=$findings %s -seed=%d -max_total_time=%d -artifact_prefix="$findings/" \
    >"$findings/log" 2>&1 || true
found=$(cd "$findings" && ls -- *.hm 2>/dev/null || true)
if [[ -z $found ]]; then
  tail -n 20 "$findings/log"
  echo "seed %d did not find it"
  exit 1
fi
echo "found as $found"
accepted "${found%%%%-*}"
""" % (mutant, ctx.attr.seed, ctx.attr.seconds, ctx.attr.seed)
    return script(ctx, body, files, [ctx.attr.mutant])

mutant_test = rule(
    doc = "A mutant is caught: its reproducer fails, a fuzzer finds it again from nothing.",
    implementation = _mutant_test_impl,
    attrs = {
        "accept": attr.label(allow_single_file = True, mandatory = True),
        "minimal": attr.bool(doc = "Nothing can be taken away from the reproducer."),
        "mutant": attr.label(executable = True, cfg = "target", mandatory = True),
        "reproducer": attr.label(allow_single_file = True),
        "seconds": attr.int(default = 120, doc = "Time to find it in."),
        "seed": attr.int(doc = "Of the fuzzer; 0: replay only."),
        "world": attr.label(
            allow_single_file = True,
            doc = "A trace of which some schedule must fail: a random one, or of all there are.",
        ),
    },
    test = True,
)

def _control_test_impl(ctx):
    body = """\
findings=$(mktemp -d)
HIGHMEM_ONLY=%s HIGHMEM_FINDINGS=$findings %s -seed=1 -runs=%d -artifact_prefix="$findings/" \
    >"$findings/log" 2>&1 || { tail -n 40 "$findings/log"; exit 1; }
[[ -z $(cd "$findings" && ls -- *.hm 2>/dev/null) ]] || exit 1
grep -E 'Done [0-9]+ runs' "$findings/log"
""" % ("contract" if ctx.attr.contract else "", ctx.executable.mutant.short_path, ctx.attr.runs)
    if not ctx.attr.contract:
        body = body.replace("HIGHMEM_ONLY= ", "")
    return script(ctx, body, [ctx.executable.mutant], [ctx.attr.mutant])

control_test = rule(
    doc = "A change that is no mistake is not reported.",
    implementation = _control_test_impl,
    attrs = {
        "contract": attr.bool(doc = "It costs more than it must: judge by contract ids alone."),
        "mutant": attr.label(executable = True, cfg = "target", mandatory = True),
        "runs": attr.int(default = 20000, doc = "Executions of the fuzzer."),
    },
    test = True,
)

def _fires_test_impl(ctx):
    mutants = [m[DefaultInfo].files_to_run.executable for m in ctx.attr.mutants]
    body = """\
declare -A mutant=(%s)
rows=0
while read -r id name trace; do
  rows=$((rows + 1))
  if report=$("${mutant[$name]}" replay --only "$id" "corpus/$trace.hm"); then
    echo "$id: passes"
    exit 1
  fi
  read -r _ found _ <<<"$report"
  [[ $found == "$id" ]] || { echo "$id on $name: ${report%%%%$'\\n'*}"; exit 1; }
done < <(./%s invariants --fires)
echo "$rows ids fire"
((rows > 0))
""" % (
        " ".join(["[%s]=%s" % (m.basename, m.short_path) for m in mutants]),
        ctx.executable._hm.short_path,
    )
    files = mutants + ctx.files.traces + [ctx.executable._hm]
    return script(ctx, body, files, ctx.attr.mutants + [ctx.attr._hm])

fires_test = rule(
    doc = """RULINGS 14: every row of `hm invariants --fires` holds. With its checker alone on, the
id fires when that mutant runs that trace.""",
    implementation = _fires_test_impl,
    attrs = {
        "mutants": attr.label_list(mandatory = True, doc = "All that the rows name."),
        "traces": attr.label_list(allow_files = True, mandatory = True),
        "_hm": attr.label(default = "//:hm", executable = True, cfg = "target"),
    },
    test = True,
)

def _compile_fail_test_impl(ctx):
    compile = "clang++-19 -std=c++20 -fsyntax-only -I. %s %s" % (
        " ".join(["-D'%s'" % d for d in ctx.attr.defines]),
        ctx.file.src.short_path,
    )
    body = """\
%s || { echo "does not compile even without -D%s"; exit 1; }
if %s -D%s 2>"$TEST_TMPDIR/errors"; then
  echo "compiles with -D%s"
  exit 1
fi
if ! grep -qF -- %s "$TEST_TMPDIR/errors"; then
  echo "fails for another reason:"
  cat "$TEST_TMPDIR/errors"
  exit 1
fi
""" % (
        compile,
        ctx.attr.wrong,
        compile,
        ctx.attr.wrong,
        ctx.attr.wrong,
        quote([ctx.attr.error]),
    )
    return script(ctx, body, [ctx.file.src] + ctx.files.hdrs, [])

compile_fail_test = rule(
    doc = "A source compiles, and with one more macro it does not, for the reason given.",
    implementation = _compile_fail_test_impl,
    attrs = {
        "defines": attr.string_list(),
        "error": attr.string(mandatory = True, doc = "What the compiler says about it."),
        "hdrs": attr.label_list(allow_files = True),
        "src": attr.label(allow_single_file = True, mandatory = True),
        "wrong": attr.string(mandatory = True, doc = "The macro that makes it fail."),
    },
    test = True,
)
