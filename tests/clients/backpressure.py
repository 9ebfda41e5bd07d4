"""A server that cannot take more, or that is killed, makes an SDK try again, and nothing is lost or there twice."""

import contextlib
import logging
import socket
import tempfile
import time
import uuid

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

import compare
import sdks
from server import Server

SECONDS = 60
POLL_SECONDS = 0.01
SPANS = 600
BATCH = 50
EXPORTERS = {
    "gRPC": lambda server: GrpcExporter(endpoint=server.grpc, insecure=True, timeout=SECONDS),
    "protobuf": lambda server: HttpExporter(endpoint=f"{server.http}/v1/traces", timeout=SECONDS),
}
# What a server is short of, and how much of a body takes all of that.
REQUESTS = ("--requests-max=1", 1)
BYTES = ("--queued-bytes-max=1000000", 999_990)
# The exporter of Node for gRPC gives a batch up at the first refusal, whatever the refusal says.
TRIES_AGAIN = {"Node": ("protobuf", "JSON"), "Rust": ("gRPC", "protobuf", "JSON")}


def check(binary, rust):
    for limit, held_bytes in (REQUESTS, BYTES):
        with Server(binary, "--in-memory", limit) as server:
            for transport in EXPORTERS:
                full_for_a_batch_processor(server, transport, held_bytes)
    for name, command in (("Node", sdks.NODE), ("Rust", [rust])):
        # These send spans beside each other, for which one request at a time would be full without an end.
        limit, held_bytes = BYTES
        with Server(binary, "--in-memory", limit) as server:
            for transport in TRIES_AGAIN[name]:
                full_for_another_sdk(server, command, transport, held_bytes)
    for transport in EXPORTERS:
        with tempfile.TemporaryDirectory() as folder, Server(binary, f"--data-dir={folder}") as server:
            killed(server, transport)


def full_for_a_batch_processor(server, transport, held_bytes):
    sender = Sender(server, transport)
    with full(server, held_bytes):
        sender.record(SPANS)
        until(lambda: sender.log.retried)
    sender.check(f"refused at first ({held_bytes} bytes held)")


def full_for_another_sdk(server, command, transport, held_bytes):
    with full(server, held_bytes):
        before = server.exports_answered()
        client = sdks.start(server, command, transport)
        # There is nothing but refusals as long as it is full.
        until(lambda: server.exports_answered() > before)
    for sent in sdks.finish(client):
        compare.check(server, {**sent, "name": f"{sent['name']}, refused at first"})


def killed(server, transport):
    """What was acknowledged before, what is on its way, and what is recorded while there is no server."""
    sender = Sender(server, transport)
    sender.record(SPANS // 2)
    until(lambda: server.exports_answered() > 0)
    server.kill()
    sender.record(SPANS // 2)
    until(lambda: sender.log.retried)
    server.start()
    sender.check("killed and started again")


class Sender:
    """One trace of many spans, sent by a batch processor while it is recorded."""

    def __init__(self, server, transport):
        self.server, self.transport, self.ids, self.log = server, transport, [], Log()
        self.exporter = EXPORTERS[transport](server)
        self.provider = TracerProvider(resource=Resource.create({"service.name": transport}))
        self.provider.add_span_processor(BatchSpanProcessor(self.exporter, max_export_batch_size=BATCH))
        self.tracer = self.provider.get_tracer("clients")
        self.root = self.tracer.start_span("root")
        self.root.end()
        self.ids.append(self.root.get_span_context().span_id)

    def record(self, count):
        context = trace.set_span_in_context(self.root)
        for number in range(count):
            span = self.tracer.start_span(f"child {number}", context)
            span.end()
            self.ids.append(span.get_span_context().span_id)

    def check(self, what):
        """Everything is there once, after the SDK had to try again, and gave nothing up."""
        self.provider.force_flush()
        self.provider.shutdown()
        self.log.close()
        assert self.log.retried and not self.log.given_up, (self.log.retried, self.log.given_up)
        answer = self.server.get(f"/traces/{uuid.UUID(int=self.root.get_span_context().trace_id)}")
        found = sorted(uuid.UUID(span["span_id"]).int for span in answer["spans"])
        assert found == sorted(self.ids), f"{len(found)} spans of {len(self.ids)} came back"
        print(f"Python, {self.transport}, {what}: {len(found)} spans came back, each once", flush=True)


class Log(logging.Handler):
    """What the SDK says about its exports, which nothing else tells."""

    def __init__(self):
        super().__init__()
        self.retried, self.given_up = [], []
        self.logger = logging.getLogger("opentelemetry.exporter")
        self.logger.propagate = False
        self.logger.addHandler(self)
        # It would say a thing once in twenty seconds, however often it happens.
        logging.getLogger("opentelemetry.exporter.otlp.proto.grpc.exporter").filters.clear()

    def emit(self, record):
        text = record.getMessage()
        (self.retried if text.startswith("Transient error") else self.given_up).append(text)

    def close(self):
        self.logger.removeHandler(self)
        super().close()


@contextlib.contextmanager
def full(server, held_bytes):
    """The body of a request that does not go on takes what there is, until the connection ends."""
    host, port = server.http.removeprefix("http://").split(":")
    head = f"POST /v1/traces HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n"
    until(lambda: server.queued_bytes() == 0)
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(f"{head}content-length: {held_bytes + 1}\r\n\r\n".encode() + held_bytes * b" ")
        until(lambda: server.queued_bytes() == held_bytes)
        yield


def until(condition):
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"nothing has changed for {SECONDS} seconds"
        time.sleep(POLL_SECONDS)
