"""Stands in for rules_cc: the rules built into Bazel 4 to 7 under the names newer ones load."""

cc_binary = native.cc_binary
cc_library = native.cc_library
cc_test = native.cc_test

# @bazel_tools//tools/cpp loads these.
cc_toolchain = native.cc_toolchain
cc_toolchain_suite = native.cc_toolchain_suite
