"""Runs a server for the tests: starts it, asks it, kills it, and starts it again on its addresses."""

import json
import re
import subprocess
import threading
import urllib.request

STOP_SECONDS = 20
ANY = {"listen": "127.0.0.1:0", "otlp-grpc": "127.0.0.1:0", "otlp-http": "127.0.0.1:0"}


class Server:
    """Runs inside a `with`. After a kill it can be started again, and takes the addresses that it had."""

    def __init__(self, binary, *arguments):
        self.binary, self.arguments, self.at = binary, arguments, dict(ANY)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(STOP_SECONDS)

    def start(self):
        addresses = [f"--{name}={address}" for name, address in self.at.items()]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen([self.binary, "serve", *addresses, *self.arguments], **pipes)
        self.at["listen"] = re.search(r"http://(\S+)", self.process.stdout.readline()).group(1)
        waited_for = {"gRPC": "otlp-grpc", "HTTP": "otlp-http"}
        while waited_for:
            line = self.process.stderr.readline()
            assert line, "the server ended before it listened; run it by hand with `serve`"
            if match := re.search(r"accepting OTLP over (\w+).*address=(\S+)", line):
                self.at[waited_for.pop(match.group(1))] = match.group(2)
        # The server would wait for a full pipe, so its log is read to the end.
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def kill(self):
        self.process.kill()
        self.process.wait(STOP_SECONDS)

    @property
    def url(self):
        return f"http://{self.at['listen']}"

    @property
    def grpc(self):
        return f"http://{self.at['otlp-grpc']}"

    @property
    def http(self):
        return f"http://{self.at['otlp-http']}"

    def get(self, path):
        with urllib.request.urlopen(f"{self.url}{path}") as answer:
            return json.load(answer)

    def exports_answered(self):
        """How many requests of OpenTelemetry's protocol were answered, refusals included."""
        return self.metric(r'traced_http_requests_total\{route="[^"]*(?:Export|/v1/traces)".*\}')

    def queued_bytes(self):
        return self.metric("traced_queued_bytes")

    def metric(self, pattern):
        with urllib.request.urlopen(f"{self.url}/metrics") as answer:
            text = answer.read().decode()
        return sum(float(number) for number in re.findall(rf"^{pattern} (\S+)$", text, re.M))
