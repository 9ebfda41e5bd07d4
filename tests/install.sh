#!/usr/bin/env bash
# Installs what the tests need and this machine lacks; with an argument, only that one of them.
set -euo pipefail

package() {
  local package=$1
  if ! command -v apt-get >/dev/null; then
    echo "$package is needed, and this is no Debian machine: install it by hand" >&2
    exit 1
  fi
  local sudo=()
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  "${sudo[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "$package"
}

can_make_environments() {
  python3 -c 'import ensurepip, venv' 2>/dev/null || /usr/bin/python3 -c 'import ensurepip, venv' 2>/dev/null
}

case "${1:-all}" in
  make) command -v make >/dev/null || package make ;;
  npm)
    command -v node >/dev/null || package nodejs
    command -v npm >/dev/null || package npm
    ;;
  python3-venv) can_make_environments || package python3-venv ;;
  all)
    # The link step needs a C compiler, and so does the allocator.
    command -v cc >/dev/null || package gcc
    command -v node >/dev/null || package nodejs
    cargo nextest --version >/dev/null 2>&1 || cargo install --locked cargo-nextest
    ;;
  *)
    echo "usage: $0 [make|npm|python3-venv]" >&2
    exit 2
    ;;
esac
