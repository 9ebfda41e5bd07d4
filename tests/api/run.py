#!/usr/bin/env python3
"""Sends a server valid and invalid requests that are generated from its own OpenAPI document.

    run.py COMMAND…     starts the server, reads its address from its first line, and stops it at the end
    run.py URL          uses a server that runs already

SCHEMATHESIS_SEED repeats a run. SCHEMATHESIS_MAX_EXAMPLES limits the requests for each operation and phase.
"""

import os
import random
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ADDRESS = re.compile(r"listens on (http://\S+?)[,\s]")
STOP_SECONDS = 20


def main(arguments):
    if len(arguments) == 1 and arguments[0].startswith("http"):
        return check(arguments[0].rstrip("/"))
    if not arguments:
        sys.exit(__doc__)
    server = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    try:
        return check(address_of(server))
    finally:
        stop(server)


def address_of(server):
    """Reads the address from the line that the server prints when it listens."""
    for line in server.stdout:
        print(line, end="", flush=True)
        if found := ADDRESS.search(line + " "):
            return found[1]
    sys.exit(f"the server ended with code {server.wait()} before it printed its address; its errors are above")


def stop(server):
    if server.poll() is not None:
        print(f"the server ended by itself with code {server.returncode}; its errors are above", file=sys.stderr)
        sys.exit(1)
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        sys.exit(f"the server did not stop within {STOP_SECONDS} s")


def check(url):
    seed = os.environ.get("SCHEMATHESIS_SEED") or str(random.SystemRandom().randrange(2**32))
    examples = os.environ.get("SCHEMATHESIS_MAX_EXAMPLES", "60")
    print(f"schemathesis against {url}; SCHEMATHESIS_SEED={seed} repeats this run", flush=True)
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", HERE / "schemathesis.toml"),
        *("run", f"{url}/openapi.json", "--url", url, "--checks", "all"),
        *("--phases", "examples,coverage,fuzzing,stateful"),
        *("--max-examples", examples, "--seed", seed, "--generation-database", "none"),
        *("--request-timeout", "20", "--no-color"),
    ]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE)}
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
