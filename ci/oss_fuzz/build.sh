#!/bin/bash
# Builds fuzz targets for OSS-Fuzz, ClusterFuzzLite and AFL++ (ci/afl): no Bazel, one compiler
# command a directory, and what the caller's variables say.
#
#   build.sh [TARGET...]      of fuzz/TARGET.cc, and `canary`; default: $TARGETS below
#
#   SRC        its folder highmem is this repository
#   OUT        gets, for each target, what ci/oss_fuzz/pack describes
#   WORK       for objects; default: a folder that is removed in the end
#   CXX, CXXFLAGS, LIB_FUZZING_ENGINE, SANITIZER
#              as those services set them; without them clang++-19, libFuzzer and ASan
#
# CC and CFLAGS are not used: there is no C.
set -euo pipefail

TARGETS=(mixed pkmap local dma_vivt canary)
CANARY_PATCH=highmem/mutants/zero-count-without-flush.patch

: "${CXX:=clang++-19}" "${SANITIZER:=address}" "${LIB_FUZZING_ENGINE:=-fsanitize=fuzzer}"
: "${CXXFLAGS=-O1 -gline-tables-only -fsanitize=$SANITIZER -fsanitize=fuzzer-no-link}"
if [[ -z ${WORK:-} ]]; then
  WORK=$(mktemp -d)
  trap 'rm -rf "$WORK"' EXIT
fi
targets=("${@:-${TARGETS[@]}}")
read -ra compile <<<"$CXX -std=c++20 -fno-exceptions -I. $CXXFLAGS"
read -ra engine <<<"$LIB_FUZZING_ENGINE"
cd "$SRC/highmem"

for target in "${targets[@]}"; do
  [[ $target == canary ]] || grep -qs 'highmem::kTarget' "fuzz/$target.cc" && continue
  echo "build.sh: cannot build $target: expected a file fuzz/$target.cc that defines kTarget" >&2
  exit 1
done

# sources DIRECTORY...: those that are part of a fuzz target.
sources() {
  find "$@" -maxdepth 1 -name '*.cc' ! -name '*_test.cc' ! -name '*_for_test.cc' | sort
}

# unit FILE: one translation unit of the sources on stdin; most of the time goes into headers.
unit() {
  sed 's/.*/#include "&"/' >"$1"
}

# Coverage of the swappable parts is the signal. Of executor and checkers it would only slow the
# fuzzer, by a factor of two. AFL++'s own compiler reads the same list from a variable.
uncovered=$WORK/uncovered
mkdir -p "$WORK/parts" "$WORK/rest" "$OUT"
echo 'src:*' >"$uncovered"

# The swappable parts: ci/parts.bzl.
{
  sources highmem/kmap | grep -v /page_is_no_address
  echo highmem/kernel/shootdown.cc
} | unit "$WORK/parts/clean.cc"
sources highmem/kernel | grep -v /shootdown | unit "$WORK/rest/kernel.cc"
# Not what only the command line and the properties call; it costs time, and needs more libraries.
only_tools='/(costs|event_text|export|few_decisions|generate|invariants|litmus|negate|pct'
only_tools+='|portfolio|recording|regression|sticky)\.cc$'
for floor in machine trace model check verdict schedule coverage report; do
  sources "highmem/$floor" | grep -vE "$only_tools" | unit "$WORK/rest/$floor.cc"
done
{
  printf 'highmem/campaign/%s.cc\n' files status
  printf 'fuzz/%s.cc\n' ablate asan_options campaign_link cross_over fuzz_main mutator \
    mutator_hooks run_stats run_trace target
} | unit "$WORK/rest/fuzz.cc"

# The canary is the pkmap target on parts with a mistake in them.
mkdir -p "$WORK/targets"
for target in "${targets[@]}"; do
  spec=$target
  if [[ $target == canary ]]; then
    spec=pkmap
    mkdir -p "$WORK/patched"
    cp -L --parents -t "$WORK/patched" highmem/kmap/*
    patch -p1 --fuzz=0 --silent -d "$WORK/patched" <"$CANARY_PATCH"
    cp "$WORK/parts/clean.cc" "$WORK/parts/canary.cc"
  fi
  echo "fuzz/$spec.cc" | unit "$WORK/targets/$target.cc"
done

# object UNIT: the compiler's command for one of the above.
object() {
  local flags=()
  if [[ $1 == "$WORK"/parts/* ]]; then
    [[ $1 != */canary.cc ]] || flags=(-I "$WORK/patched")
  else
    flags=("-fsanitize-coverage-ignorelist=$uncovered" -Wno-unused-command-line-argument)
    local -x AFL_LLVM_DENYLIST=$uncovered
  fi
  "${compile[0]}" "${flags[@]}" "${compile[@]:1}" -c "$1" -o "$1.o"
}

running=0
for source in "$WORK"/{rest,parts,targets}/*.cc; do
  if ((running == $(nproc))); then
    wait -n
    running=$((running - 1))
  fi
  object "$source" &
  running=$((running + 1))
done
while ((running > 0)); do
  wait -n
  running=$((running - 1))
done

for target in "${targets[@]}"; do
  parts=$WORK/parts/clean.cc.o
  [[ $target != canary ]] || parts=$WORK/parts/canary.cc.o
  "${compile[@]}" "$WORK/targets/$target.cc.o" "$parts" "$WORK"/rest/*.o "${engine[@]}" \
    -o "$WORK/$target"
  dict=fuzz/$target.dict
  [[ -f $dict ]] || dict=
  seeds=("corpus/fuzz/$target"/*)
  [[ -e ${seeds[0]} ]] || seeds=()
  ci/oss_fuzz/pack "$OUT" "$target" "$WORK/$target" fuzz/fuzz.options "$dict" "${seeds[@]}"
done
