"""Runs the client programs in other languages. Each takes addresses, and prints a line for each trace that it sent."""

import json
import pathlib
import subprocess

HERE = pathlib.Path(__file__).parent
NODE = ["node", str(HERE / "node" / "send.js")]
TRANSPORTS = ("gRPC", "protobuf", "JSON")
SECONDS = 60


def start(server, command, *transports):
    arguments = [*command, server.grpc, server.http, *transports]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def finish(client):
    """Waits for a client to end. Returns the traces that it sent."""
    out, _ = client.communicate(timeout=SECONDS)
    assert client.returncode == 0, f"{client.args} ended with code {client.returncode}; its errors are above"
    return [json.loads(line) for line in out.splitlines()]


def send_all(server, command):
    """Sends a trace over each transport, with and without compression."""
    sent = finish(start(server, command, *TRANSPORTS))
    assert len(sent) == 2 * len(TRANSPORTS), len(sent)
    return sent
