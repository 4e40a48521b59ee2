#!/usr/bin/env bash
# The steps of the action beside it. What they need comes in variables:
#
#   key      prints, as outputs, where the tool is to be and what its version is known by
#   install  installs it there unless it is there already
#   lint     runs it: on PROMCFG_PATHS (one a line), with PROMCFG_FAIL_ON, and to PROMCFG_SARIF if given
set -euo pipefail
# What was checked out with this script is the version of the tool that belongs to it.
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
output=${GITHUB_OUTPUT:-/dev/stdout}

key() {
  if [ -n "${PROMCFG_REF:-}" ]; then
    printf '%s' "$PROMCFG_REF" | git hash-object --stdin
  else
    (cd "$source" && find Cargo.toml Cargo.lock src rules -type f | LC_ALL=C sort | git hash-object --stdin-paths) |
      git hash-object --stdin
  fi
}

install() {
  if [ -x "$PROMCFG_ROOT/bin/promcfg" ] || [ -x "$PROMCFG_ROOT/bin/promcfg.exe" ]; then
    return
  elif [ -n "${PROMCFG_REF:-}" ]; then
    cargo install --locked --root "$PROMCFG_ROOT" --git "$PROMCFG_REPOSITORY" --rev "$PROMCFG_REF" promcfg
  else
    cargo install --locked --root "$PROMCFG_ROOT" --path "$source"
  fi
}

# Files outside the repository are not read, though a config may name them: it can be a stranger's.
lint() {
  local status=0 path paths=() options=(--root .)
  while IFS= read -r path; do
    if [ -n "$path" ]; then paths+=("$path"); fi
  done <<<"${PROMCFG_PATHS:-}"
  if [ "${#paths[@]}" = 0 ]; then paths=(.); fi
  if [ -n "${PROMCFG_FAIL_ON:-}" ]; then options+=("--fail-on=$PROMCFG_FAIL_ON"); fi
  if [ -n "${PROMCFG_SARIF:-}" ]; then
    # What it finds is told by the second run.
    "$PROMCFG_ROOT/bin/promcfg" lint --quiet --format sarif "${options[@]}" -- "${paths[@]}" \
      >"$PROMCFG_SARIF" 2>/dev/null || true
    # Wrong usage leaves nothing to upload.
    if [ -s "$PROMCFG_SARIF" ]; then echo "sarif-file=$PROMCFG_SARIF" >>"$output"; fi
  fi
  "$PROMCFG_ROOT/bin/promcfg" lint --format github "${options[@]}" -- "${paths[@]}" || status=$?
  return "$status"
}

case ${1:-} in
key)
  key=$(key)
  printf 'root=%s\nkey=%s\n' "$PROMCFG_ROOT" "$key" >>"$output"
  ;;
install | lint) "$1" ;;
*)
  echo "usage: lint.sh key|install|lint" >&2
  exit 2
  ;;
esac
