"""build.sh, run as OSS-Fuzz runs it, and what that service checks."""

load("//ci:script.bzl", "quote", "script")

# As OSS-Fuzz's, but for -O1: without it the sources compile three times as fast.
_CXXFLAGS = "-O0 -gline-tables-only -fsanitize=address -fsanitize=fuzzer-no-link"

def _oss_fuzz_build_impl(ctx):
    tar = ctx.actions.declare_file(ctx.label.name + ".tar")
    ctx.actions.run_shell(
        outputs = [tar],
        inputs = ctx.files.srcs,
        tools = [ctx.file.build],
        command = """\
set -euo pipefail
tar=$PWD/$1 build=$2 cxxflags=$3
read -ra targets <<<"$4"
shift 4
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir "$tree/src" "$tree/src/highmem"
cp -L --parents -t "$tree/src/highmem" "$build" "$@"
cd "$tree/src"
env SRC="$tree/src" OUT="$tree/out" WORK="$tree/work" CC=clang-19 CXX=clang++-19 \\
  CFLAGS="$cxxflags" CXXFLAGS="$cxxflags" LIB_FUZZING_ENGINE=-fsanitize=fuzzer SANITIZER=address \\
  "highmem/$build" "${targets[@]}"
tar -cf "$tar" -C "$tree/out" .
""",
        arguments = [tar.path, ctx.file.build.path, _CXXFLAGS, " ".join(ctx.attr.targets)] +
                    [f.path for f in ctx.files.srcs],
        mnemonic = "OssFuzzBuild",
        progress_message = "Building fuzz targets with %s" % ctx.file.build.short_path,
        use_default_shell_env = True,
    )
    return [DefaultInfo(files = depset([tar]))]

oss_fuzz_build = rule(
    doc = "NAME.tar: the folder OUT of build.sh, for the sources in a tree of their own.",
    implementation = _oss_fuzz_build_impl,
    attrs = {
        "build": attr.label(allow_single_file = True, mandatory = True),
        "srcs": attr.label_list(allow_files = True, mandatory = True),
        "targets": attr.string_list(mandatory = True),
    },
)

def _oss_fuzz_check_test_impl(ctx):
    body = "exec %s %s\n" % (
        ctx.file.check.short_path,
        quote([f.short_path for f in ctx.files.srcs]),
    )
    return script(ctx, body, ctx.files.srcs + [ctx.file.check], [])

oss_fuzz_check_test = rule(
    doc = "The targets in the tars are what fuzzing services accept.",
    implementation = _oss_fuzz_check_test_impl,
    attrs = {
        "check": attr.label(allow_single_file = True, mandatory = True),
        "srcs": attr.label_list(allow_files = True, mandatory = True),
    },
    test = True,
)
