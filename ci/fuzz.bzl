"""Fuzz targets: libFuzzer binaries, their tests, and what fuzzing services get of them."""

load("//ci:parts.bzl", "PARTS", "instrumented")
load("//ci:script.bzl", "quote", "script")
load("@rules_cc//cc:cc_binary.bzl", "cc_binary")

FUZZER_LINKOPTS = ["-fsanitize=fuzzer"]

# libFuzzer's exit code after a crash, see its -error_exitcode.
_CRASHED = 77

_FUZZ_ATTRS = {
    "binary": attr.label(executable = True, cfg = "target", mandatory = True),
    "corpus": attr.label_list(allow_files = True),
    "dict": attr.label(allow_single_file = True),
    "target": attr.string(mandatory = True),
}

def _fuzz_test_impl(ctx):
    body = "exec %s -runs=0 -artifact_prefix=\"$TEST_UNDECLARED_OUTPUTS_DIR/\" \"$@\" %s\n" % (
        ctx.executable.binary.short_path,
        quote([f.short_path for f in ctx.files.corpus]),
    )
    files = ctx.files.corpus + [ctx.executable.binary]
    return script(ctx, body, files, [ctx.attr.binary])

_fuzz_test = rule(
    implementation = _fuzz_test_impl,
    attrs = _FUZZ_ATTRS,
    test = True,
)

def _fuzz_finds_test_impl(ctx):
    body = """\
findings=$(mktemp -d)
status=0
HIGHMEM_FINDINGS=$findings %s -seed=1 -runs=%d -artifact_prefix="$findings/" \
    >"$findings/log" 2>&1 || status=$?
if ((status != %d)); then
  tail -n 20 "$findings/log"
  echo "expected exit code %d within %d executions, found $status"
  exit 1
fi
found=$(cd "$findings" && ls -- *.hm)
grep -qxF -- "${found%%%%-*}" %s || { echo "found $found, which %s does not accept"; exit 1; }
echo "found as $found"
""" % (
        ctx.executable.binary.short_path,
        ctx.attr.runs,
        _CRASHED,
        _CRASHED,
        ctx.attr.runs,
        ctx.file.accept.short_path,
        ctx.file.accept.short_path,
    )
    return script(ctx, body, [ctx.file.accept, ctx.executable.binary], [ctx.attr.binary])

_fuzz_finds_test = rule(
    doc = "Fuzzing from nothing finds one of the accepted ids within so many executions.",
    implementation = _fuzz_finds_test_impl,
    attrs = dict(
        _FUZZ_ATTRS,
        accept = attr.label(allow_single_file = True, mandatory = True),
        runs = attr.int(mandatory = True),
    ),
    test = True,
)

def _fuzz_run_impl(ctx):
    seeds = ctx.actions.declare_file(ctx.label.name + ".seeds")
    ctx.actions.write(seeds, ",".join([f.short_path for f in ctx.files.corpus]))
    flags = ["-seed_inputs=@" + seeds.short_path] if ctx.files.corpus else []
    if ctx.file.dict:
        flags.append("-dict=" + ctx.file.dict.short_path)

    # libFuzzer starts in the runfiles, where nobody would find its artifacts.
    body = """\
work="${FUZZER_OUTPUT_ROOT:-$BUILD_WORKSPACE_DIRECTORY/.highmem/%s}"
mkdir -p "$work/corpus" "$work/findings"
exec %s -artifact_prefix="$work/findings/" %s "$@" "$work/corpus"
""" % (ctx.attr.target, ctx.executable.binary.short_path, quote(flags))
    files = ctx.files.corpus + ctx.files.dict + [seeds, ctx.executable.binary]
    return script(ctx, body, files, [ctx.attr.binary])

_fuzz_run = rule(
    implementation = _fuzz_run_impl,
    attrs = _FUZZ_ATTRS,
    executable = True,
)

def _oss_fuzz_impl(ctx):
    tar = ctx.actions.declare_file(ctx.label.name + ".tar")
    ctx.actions.run_shell(
        outputs = [tar],
        inputs = ctx.files.corpus + ctx.files.dict + [ctx.file._options],
        tools = [ctx.executable.binary, ctx.file._pack],
        command = """\
set -euo pipefail
tar=$1 pack=$2
shift 2
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
"$pack" "$out" "$@"
tar --sort=name --mtime=@946684800 --owner=0 --group=0 --numeric-owner -cf "$tar" -C "$out" .
""",
        arguments = [
            tar.path,
            ctx.file._pack.path,
            ctx.attr.target,
            ctx.executable.binary.path,
            ctx.file._options.path,
            ctx.file.dict.path if ctx.file.dict else "",
        ] + [f.path for f in ctx.files.corpus],
        mnemonic = "OssFuzz",
        use_default_shell_env = True,
    )
    return [DefaultInfo(files = depset([tar]))]

_oss_fuzz = rule(
    implementation = _oss_fuzz_impl,
    attrs = dict(
        _FUZZ_ATTRS,
        _options = attr.label(allow_single_file = True, default = "//fuzz:fuzz.options"),
        _pack = attr.label(allow_single_file = True, default = "//ci/oss_fuzz:pack"),
    ),
)

def highmem_fuzz_target(
        name,
        srcs = [],
        deps = [],
        corpus = [],
        dict = None,
        parts = None,
        accept = None,
        runs = 0,
        tags = [],
        **kwargs):
    """A libFuzzer target, with the target names of rules_fuzzing.

    NAME           test: every file of the corpus once, tag fuzz-test.
    NAME_bin       the libFuzzer binary.
    NAME_run       `bazel run //fuzz:NAME_run -- FLAGS` fuzzes; corpus and findings stay in
                   .highmem/NAME of the workspace (or in $FUZZER_OUTPUT_ROOT).
    NAME_oss_fuzz  NAME_oss_fuzz.tar: binary, seeds, dictionary and options as OSS-Fuzz names them.

    Args:
      name: see above.
      srcs: with deps, define LLVMFuzzerTestOneInput.
      deps: without parts; these are added.
      corpus: seed files.
      dict: a libFuzzer dictionary.
      parts: the swappable parts, with coverage, if not those of PARTS.
      accept: with runs, of a target with a planted mistake: a file of ids, one a line. The test
        then is that fuzzing from nothing, seed 1, finds one of them.
      runs: in so many executions at most.
      tags: more tags of the test.
      **kwargs: passed to the test (size, timeout, ...).
    """
    common = {
        "binary": name + "_bin",
        "corpus": corpus,
        "dict": dict,
        "target": name,
        "testonly": True,
    }
    cc_binary(
        name = name + "_bin",
        testonly = True,
        srcs = srcs,
        linkopts = FUZZER_LINKOPTS,
        tags = ["manual"],
        deps = deps + (parts or instrumented(PARTS)),
    )
    _fuzz_run(name = name + "_run", tags = ["manual"], **common)
    _oss_fuzz(name = name + "_oss_fuzz", tags = ["manual"], **common)
    if runs:
        _fuzz_finds_test(
            name = name,
            accept = accept,
            runs = runs,
            tags = ["fuzz-test"] + tags,
            **_with(common, kwargs)
        )
    else:
        _fuzz_test(name = name, tags = ["fuzz-test"] + tags, **_with(common, kwargs))

def _with(a, b):
    # The name dict is an argument's above.
    return dict(a.items() + b.items())
