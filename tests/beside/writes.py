"""Batches at fixed times, and what a server needs to be measured beside other work."""

import http.client
import random
import signal
import subprocess
import sys
import threading
import time

SPANS = 100
TRACE_SPANS = 4


def field(number, payload):
    """A length-delimited field of protobuf."""
    return bytes([number << 3 | 2]) + varint(len(payload)) + payload


def varint(value):
    out = bytearray()
    while True:
        value, byte = value >> 7, value & 127
        out.append(byte | (128 if value else 0))
        if not value:
            return bytes(out)


class Template:
    """An OTLP request of SPANS spans in traces of a few, whose ids and times are patched for each request."""

    def __init__(self, trace_spans=TRACE_SPANS):
        spans, marks = b"", []
        self.trace_spans = trace_spans
        for number in range(SPANS):
            is_root = number % trace_spans == 0
            span = field(1, bytes([0xA5]) * 16) + field(2, bytes([0xB6]) * 8)
            span += b"" if is_root else field(4, bytes([0xC7]) * 8)
            span += field(5, b"GET /orders") + bytes([6 << 3, 2])
            span += bytes([7 << 3 | 1]) + bytes([0xD8]) * 8 + bytes([8 << 3 | 1]) + bytes([0xE9]) * 8
            text = field(1, b"user_agent.original") + field(2, field(1, b"Mozilla/5.0 (X11; Linux x86_64)"))
            spans += field(2, span + field(9, text))
        service = field(1, b"service.name") + field(2, field(1, b"checkout"))
        self.body = field(1, field(1, field(1, service)) + field(2, spans))
        for byte, length in ((0xA5, 16), (0xB6, 8), (0xC7, 8), (0xD8, 8), (0xE9, 8)):
            marks.append(list(positions(self.body, bytes([byte]) * length)))
        self.traces, self.spans, self.parents, self.starts, self.ends = marks

    def request(self, source):
        body, now = bytearray(self.body), time.time_ns()
        ids = source.randbytes(16 * SPANS // self.trace_spans)
        span_ids = source.randbytes(8 * SPANS)
        for number, at in enumerate(self.traces):
            trace = number // self.trace_spans
            body[at : at + 16] = ids[16 * trace : 16 * trace + 16]
        for number, at in enumerate(self.spans):
            body[at : at + 8] = span_ids[8 * number : 8 * number + 8]
        for number, at in enumerate(self.parents):
            root = number // (self.trace_spans - 1) * self.trace_spans
            body[at : at + 8] = span_ids[8 * root : 8 * root + 8]
        for number, at in enumerate(self.starts):
            body[at : at + 8] = (now - 1_000_000_000 + number).to_bytes(8, "little")
        for at in self.ends:
            body[at : at + 8] = now.to_bytes(8, "little")
        traces = [ids[at : at + 16].hex() for at in range(0, len(ids), 16)]
        return bytes(body), traces


def positions(body, mark):
    at = body.find(mark)
    while at >= 0:
        yield at
        at = body.find(mark, at + len(mark))


class Server:
    def __init__(self, binary, folder):
        arguments = [binary, "serve", "--listen", "127.0.0.1:0", "--otlp-grpc", "off", "--otlp-http", "off"]
        arguments += ["--data-dir", folder]
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in self.process.stdout:
            if "listens on http://" in line:
                address = line.split("listens on http://")[1].split()[0].strip("/\"")
                self.host, port = address.rsplit(":", 1)
                self.port = int("".join(filter(str.isdigit, port)))
                break
        else:
            sys.exit(f"{binary} does not start")
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def connect(self):
        return http.client.HTTPConnection(self.host, self.port, timeout=60)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


def post(connection, body):
    connection.request("POST", "/v1/traces", body, {"content-type": "application/x-protobuf"})
    response = connection.getresponse()
    response.read()
    return response.status


def get(connection, path):
    connection.request("GET", path)
    response = connection.getresponse()
    return response.status, response.read()


def fill(server, spans, template, source):
    connection, known = server.connect(), []
    for _ in range(spans // SPANS):
        body, traces = template.request(source)
        while post(connection, body) != 200:
            time.sleep(0.05)  # As its Retry-After says, only sooner: nothing is measured here.
        known.append(traces[0])
    return known


def metrics(server):
    _, text = get(server.connect(), "/metrics")
    return dict(line.rsplit(" ", 1) for line in text.decode().splitlines() if line and line[0] != "#")


def sealed(server):
    """Waits until what was sent is in segments."""
    while True:
        values = metrics(server)
        if float(values["traced_frozen_generations"]) == 0:
            return
        time.sleep(0.1)


class Writer(threading.Thread):
    """Sends batches at fixed times, whether or not those before were answered."""

    def __init__(self, server, template, rate, offset, seconds, seed):
        super().__init__()
        self.server, self.latencies, self.refused = server, [], 0
        # Made before the measurement begins: a request that is sent again would have only duplicates.
        source = random.Random(seed)
        self.bodies = [template.request(source)[0] for _ in range(int(rate * seconds) + 2)]
        self.rate, self.offset, self.seconds = rate, offset, seconds

    def run(self):
        connection, begin, number = self.server.connect(), time.perf_counter(), 0
        while True:
            due = begin + self.offset + number / self.rate
            if due - begin > self.seconds:
                return
            time.sleep(max(0, due - time.perf_counter()))
            self.refused += post(connection, self.bodies[number]) != 200
            self.latencies.append(time.perf_counter() - due)
            number += 1


def open_loop(server, template, rate, seconds, name):
    """Sends batches at a rate from four connections. Returns the latencies, from the moment when each was due."""
    seeds = [f"{name} {number}" for number in range(4)]
    writers = [Writer(server, template, rate / 4, number / rate, seconds, seed) for number, seed in enumerate(seeds)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    repeated = float(metrics(server)["traced_spans_repeated_total"])
    assert repeated == 0, f"{repeated} spans were duplicates: their batches cost less than others"
    latencies = sorted(latency for writer in writers for latency in writer.latencies)
    at = lambda part: 1000 * latencies[min(len(latencies) - 1, int(len(latencies) * part))]
    return {
        "writes": len(latencies),
        "refused": sum(writer.refused for writer in writers),
        "p50_ms": round(at(0.5), 2),
        "p99_ms": round(at(0.99), 2),
        "max_ms": round(1000 * latencies[-1], 1),
    }
