#!/usr/bin/env bash
# Takes the pictures of the README: a server of its own, a few seconds of traces, Chromium without a screen.
# Usage: docs/images/make.sh PATH-OF-TRACED
set -euo pipefail
traced=$1
here=$(cd "$(dirname "$0")" && pwd)
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || {
  echo "Chromium is needed: apt-get install chromium" >&2
  exit 1
}
work=$(mktemp -d)
"$traced" serve --listen 127.0.0.1:0 --otlp-grpc off --otlp-http off --data-dir "$work/data" --window 2m --log error >"$work/out" &
server=$!
trap 'kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
until grep -q 'listens on' "$work/out"; do kill -0 "$server"; sleep 0.1; done
url=$(grep -o 'http://[^ ]*' "$work/out")
"$traced" emit --target-url "$url" --duration 60s --workers 5 --rate 10 --seed 7 --verify=false >/dev/null

picture() { # name, path, height
  # The first wait is for the page's first poll; virtual time ends when nothing is left to wait for.
  "$chromium" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars \
    --disable-background-networking --disable-component-update --disable-sync \
    --user-data-dir="$work/profile" --window-size="1280,$3" --virtual-time-budget=6000 \
    --screenshot="$here/$1" "$url$2" 2>/dev/null
}
picture explore.png / 860
trace=$(curl -s "$url/traces?limit=200" | tr '{' '\n' | grep '"span_count":5' | grep '"status":"error"' |
  head -1 | grep -o '[0-9a-f]\{8\}-[0-9a-f-]\{27\}')
picture trace.png "/?trace=$trace" 420
