"""The same sources, compiled by several compilers, to compare what they make of them."""

load("//ci:stage.bzl", "STAGE")

_VariantObjects = provider(fields = ["tar"])

def _variant_binary_impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name)
    tar = ctx.actions.declare_file(ctx.label.name + ".o.tar")
    patches = ctx.files.patch
    base = [ctx.attr.base[_VariantObjects].tar] if ctx.attr.base else []
    ctx.actions.run_shell(
        outputs = [out, tar],
        inputs = ctx.files.srcs + patches + base,
        command = STAGE + """
out=$PWD/$1 tar=$PWD/$2 base=${3:+$PWD/$3} compiler=$4 copts=$5 linkopts=$6
shift 6
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
stage "$tree" "$@"
[[ -z $1 ]] || changed=$(sed -nE 's,^\\+\\+\\+ b/(.*)/[^/]*$,\\1,p' "$1")
cd "$tree"
# One translation unit a directory: most of the time goes into headers.
while read -r dir; do
  printf '#include "%s"\n' "$dir"/*.cc > "$dir/unity.cpp"
done < <(find . -name '*.cc' -printf '%h\n' | sort -u)
# What the patch leaves as it is the base has compiled.
[[ -z $base ]] || { tar -xf "$base" && rm $(sed 's,$,/unity.cpp.o,' <<<"$changed"); }
find . -name unity.cpp -exec test ! -e {}.o \\; -print0 |
  xargs -0 -r -P2 -I{} "$compiler" $copts -I. -c {} -o {}.o
readarray -d '' objects < <(find . -name '*.o' -print0 | sort -z)
"$compiler" -o "$out" "${objects[@]}" $linkopts
tar -cf "$tar" "${objects[@]}"
""",
        arguments = [
            out.path,
            tar.path,
            base[0].path if base else "",
            ctx.attr.compiler,
            " ".join(ctx.attr.copts),
            " ".join(ctx.attr.linkopts),
            patches[0].path if patches else "",
        ] + [f.path for f in ctx.files.srcs],
        mnemonic = "Variant",
        progress_message = "Building %s with %s" % (ctx.label.name, ctx.attr.compiler),
        use_default_shell_env = True,
    )
    return [DefaultInfo(executable = out), _VariantObjects(tar = tar)]

variant_binary = rule(
    doc = """One executable from sources and one explicit compiler command.

Independent of the toolchain and of --config, to compare what several compilers make of the same
sources. Compiles the .cc files of srcs, those of a directory together, so names in their anonymous
namespaces must differ.""",
    implementation = _variant_binary_impl,
    attrs = {
        "base": attr.label(
            doc = "A variant_binary with equal srcs and flags; `patch` touches .cc files alone.",
            providers = [_VariantObjects],
        ),
        "compiler": attr.string(mandatory = True, doc = "A program in PATH, e.g. g++."),
        "copts": attr.string_list(),
        "linkopts": attr.string_list(),
        "patch": attr.label(allow_single_file = True, doc = "As for highmem_mutant."),
        "srcs": attr.label_list(allow_files = True, mandatory = True),
    },
    executable = True,
)
