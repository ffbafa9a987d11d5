"""Shell that copies sources into a tree and patches them there: mutants and variants begin so."""

STAGE = """\
set -euo pipefail
# stage TREE PATCH SOURCE...: copies the sources into the tree, patches them unless PATCH is "".
stage() {
  local tree=$1 patch=$2
  shift 2
  mkdir -p "$tree"
  cp -L --parents --no-preserve=mode -t "$tree" "$@"
  if [[ -n $patch ]]; then
    patch -p1 --fuzz=0 --force --silent --no-backup-if-mismatch -d "$tree" < "$patch"
  fi
}
"""
