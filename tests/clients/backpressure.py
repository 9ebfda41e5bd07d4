"""Checks that SDKs try again when the server is full or killed, and that no span is lost or stored twice."""

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
# A limit of the server, and how many bytes of a body use it up.
BODIES = ("--bodies-max=1", 1)
BYTES = ("--queued-bytes-max=1000000", 999_990)
# The gRPC exporter of Node drops a batch at the first refusal, whatever the refusal says.
TRIES_AGAIN = {"Node": ("protobuf", "JSON"), "Rust": ("gRPC", "protobuf", "JSON")}


def check(binary, rust):
    for limit, held_bytes in (BODIES, BYTES):
        with Server(binary, "--in-memory", limit) as server:
            for transport in EXPORTERS:
                full_for_a_batch_processor(server, transport, held_bytes)
    for name, command in (("Node", sdks.NODE), ("Rust", [rust])):
        # These SDKs send spans in parallel, so with one body at a time the server would always be full.
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
        # While the server is full, every answer is a refusal.
        until(lambda: server.exports_answered() > before)
    for sent in sdks.finish(client):
        compare.check(server, {**sent, "name": f"{sent['name']}, refused at first"})


def killed(server, transport):
    """Kills the server among spans that are acknowledged, in flight, and recorded while no server runs."""
    sender = Sender(server, transport)
    sender.record(SPANS // 2)
    until(lambda: server.exports_answered() > 0)
    server.kill()
    sender.record(SPANS // 2)
    until(lambda: sender.log.retried)
    server.start()
    sender.check("killed and started again")


class Sender:
    """Records a trace of many spans, which a batch processor sends meanwhile."""

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
        """Checks that the SDK tried again, dropped nothing, and that every span is stored once."""
        self.provider.force_flush()
        self.provider.shutdown()
        self.log.close()
        assert self.log.retried and not self.log.given_up, (self.log.retried, self.log.given_up)
        answer = self.server.get(f"/traces/{uuid.UUID(int=self.root.get_span_context().trace_id)}")
        found = sorted(uuid.UUID(span["span_id"]).int for span in answer["spans"])
        assert found == sorted(self.ids), f"{len(found)} spans came back, {len(self.ids)} were sent"
        print(f"Python, {self.transport}, {what}: {len(found)} spans came back, each once", flush=True)


class Log(logging.Handler):
    """Reads the log of the SDK, which alone tells what became of its exports."""

    def __init__(self):
        super().__init__()
        self.retried, self.given_up = [], []
        self.logger = logging.getLogger("opentelemetry.exporter")
        self.logger.propagate = False
        self.logger.addHandler(self)
        # This filter would let each message through only once in twenty seconds.
        logging.getLogger("opentelemetry.exporter.otlp.proto.grpc.exporter").filters.clear()

    def emit(self, record):
        text = record.getMessage()
        (self.retried if text.startswith("Transient error") else self.given_up).append(text)

    def close(self):
        self.logger.removeHandler(self)
        super().close()


@contextlib.contextmanager
def full(server, held_bytes):
    """Fills the server with a request whose body stops before its end, until the connection ends."""
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
        assert time.monotonic() < deadline, f"{condition.__qualname__} did not come true within {SECONDS} s"
        time.sleep(POLL_SECONDS)
