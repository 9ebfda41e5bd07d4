"""SDKs whose programs stand in other folders. Each is given addresses, and writes a line for each trace it has sent."""

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
    """The traces that a client has sent, when it is done."""
    out, _ = client.communicate(timeout=SECONDS)
    assert client.returncode == 0, f"{client.args} ended with {client.returncode}"
    return [json.loads(line) for line in out.splitlines()]


def send_all(server, command):
    """A trace by each transport, packed and not."""
    sent = finish(start(server, command, *TRANSPORTS))
    assert len(sent) == 2 * len(TRANSPORTS), len(sent)
    return sent
