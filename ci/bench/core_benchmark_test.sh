#!/bin/bash
set -euo pipefail
"$1" --benchmark_list_tests | grep -q .
