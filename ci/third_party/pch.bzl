"""Headers of libraries that are compiled once: half the time of a test is gmock's."""

load("@bazel_tools//tools/cpp:toolchain_utils.bzl", "find_cpp_toolchain")

def _precompiled_header_impl(ctx):
    toolchain = find_cpp_toolchain(ctx)
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    out = ctx.actions.declare_file(ctx.label.name)
    variables = cc_common.create_compile_variables(
        cc_toolchain = toolchain,
        feature_configuration = features,
        # The path stays in the result; a source of the workspace would lie elsewhere next time.
        source_file = "/usr/include/" + ctx.attr.header,
        output_file = out.path,
        user_compile_flags = ctx.fragments.cpp.copts + ctx.fragments.cpp.cxxopts + [
            "-O0",
            "-Xclang",
            "-fno-pch-timestamp",
            "-fpch-instantiate-templates",
            "-xc++-header",
        ],
    )
    action = "c++-compile"
    ctx.actions.run(
        executable = cc_common.get_tool_for_action(
            feature_configuration = features,
            action_name = action,
        ),
        arguments = cc_common.get_memory_inefficient_command_line(
            feature_configuration = features,
            action_name = action,
            variables = variables,
        ),
        env = cc_common.get_environment_variables(
            feature_configuration = features,
            action_name = action,
            variables = variables,
        ),
        inputs = toolchain.all_files,
        outputs = [out],
        mnemonic = "PrecompileHeader",
        progress_message = "Precompiling %s" % ctx.attr.header,
    )
    outs = depset([out])
    return [
        DefaultInfo(files = outs),
        CcInfo(compilation_context = cc_common.create_compilation_context(headers = outs)),
    ]

precompiled_header = rule(
    doc = """A header of the system, compiled without optimisation.

What depends on it may have pch_copts(NAME) for copts; without them it is compiled as ever.""",
    implementation = _precompiled_header_impl,
    attrs = {
        "header": attr.string(doc = "As in #include <...>.", mandatory = True),
        "_cc_toolchain": attr.label(default = "@bazel_tools//tools/cpp:current_cc_toolchain"),
    },
    fragments = ["cpp"],
    toolchains = ["@bazel_tools//tools/cpp:toolchain_type"],
)

def pch_copts(name):
    """The copts of targets that depend on a precompiled_header, and are at -O0 as it is.

    Args:
      name: of the precompiled_header, a target of this package.
    """
    return ["-O0", "-include-pch", "$(BINDIR)/ci/third_party/" + name]
