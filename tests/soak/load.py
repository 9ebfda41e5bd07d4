"""Writers that remember what was acknowledged."""

import collections
import os
import random
import threading
import time

import otlp

PROTOBUF = {"content-type": "application/x-protobuf"}
# One in so many batches is remembered and looked up later.
REMEMBERED = 7


class Acknowledged:
    """Traces whose batch was acknowledged: the start of the root, the id, and how many spans."""

    def __init__(self):
        self.lock = threading.Lock()
        self.traces = collections.deque()
        self.statuses = collections.Counter()
        self.spans = 0

    def note(self, status, traces, spans):
        with self.lock:
            self.statuses[status] += 1
            if status == 200:
                self.spans += spans
                self.traces.extend(traces)

    def since(self, start):
        with self.lock:
            while self.traces and self.traces[0][0] < start - 60 * 10**9:
                self.traces.popleft()
            return [trace for trace in self.traces if trace[0] >= start]


def batch(rng, noise, attribute_bytes, traces, spans_each):
    """A request with traces of a root and children, and what is to be remembered of it."""
    now, spans, known = time.time_ns(), [], []
    for _ in range(traces):
        trace_id, root = rng.randbytes(16), rng.randbytes(8)
        for number in range(spans_each):
            at = rng.randrange(len(noise) - attribute_bytes)
            attribute = otlp.text(b"noise", noise[at : at + attribute_bytes])
            parent = otlp.field(4, root) if number else b""
            failed = otlp.field(15, bytes([3 << 3, 2])) if number and rng.random() < 0.02 else b""
            span_id = rng.randbytes(8) if number else root
            spans.append(otlp.span(trace_id, span_id, now + number, parent + attribute + failed))
        known.append((now, trace_id.hex(), spans_each))
    return otlp.request(spans), known


def write(server, acknowledged, stop, shape, pause, seed):
    """Sends batches until `stop` is set."""
    rng, noise = random.Random(seed), os.urandom(1 << 19).hex().encode()
    number = 0
    while not stop.is_set():
        body, known = batch(rng, noise, *shape)
        number += 1
        try:
            status, _ = server.request("POST", "/v1/traces", body, PROTOBUF)
        except OSError:
            status = "no answer"
        kept = known[:1] if number % REMEMBERED == 0 else []
        acknowledged.note(status, kept, shape[1] * shape[2])
        time.sleep(pause if status == 200 else max(pause, 0.2))
