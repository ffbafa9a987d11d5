"""Tests of googletest."""

load("//ci/third_party:pch.bzl", "pch_copts")
load("@rules_cc//cc:cc_test.bzl", "cc_test")

def cc_gtest(name, deps = [], **kwargs):
    """A cc_test of googletest, with its main.

    Compiled without optimisation: that would double the time and gain nothing. What it tests keeps
    its own.

    Args:
      name: as of a cc_test.
      deps: without googletest.
      **kwargs: of cc_test.
    """
    cc_test(
        name = name,
        copts = pch_copts("gtest.pch"),
        deps = ["//ci/third_party:gtest_main"] + deps,
        **kwargs
    )
