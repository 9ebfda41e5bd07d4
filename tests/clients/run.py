"""Sends spans with other projects' clients, and compares what comes back with what was sent.

    run.py TRACED OTLP-CLIENT     the binary of the server, and of the client in Rust
"""

import sys

import backpressure
import compare
import python_sdk
import sdks
import zipkin_client
from server import Server


def main(binary, rust):
    with Server(binary, "--in-memory") as server:
        for sent in python_sdk.send_all(server):
            compare.check(server, sent)
        for command in (sdks.NODE, [rust]):
            for sent in sdks.send_all(server, command):
                compare.check(server, sent)
        zipkin_client.check(server)
    backpressure.check(binary, rust)


if __name__ == "__main__":
    main(*sys.argv[1:])
