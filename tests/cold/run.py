"""Measures how long writes take beside reads whose pages are not in memory: `make bench-cold`.

For each server binary: fill a data folder, restart with an empty page cache, and send batches at a fixed rate, first
alone, then beside readers that open traces that nobody has read since the restart, and lists of 1000. Latencies
count from the moment when a batch was due, so a stall delays all batches behind it.

The page cache can be emptied only by root; otherwise the result says that pages were warm.
"""

import argparse
import ctypes
import http.client
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

SPANS = 100
TRACE_SPANS = 4
# Linux on x86-64 and ARM64 has these numbers.
PIDFD_OPEN, PROCESS_MADVISE, MADV_PAGEOUT = 434, 440, 21
COOL_SECONDS = 0.1


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
    """An OTLP request of SPANS spans in traces of TRACE_SPANS, whose ids and times are patched for each request."""

    def __init__(self):
        spans, marks = b"", []
        for number in range(SPANS):
            is_root = number % TRACE_SPANS == 0
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
        ids = source.randbytes(16 * SPANS // TRACE_SPANS)
        span_ids = source.randbytes(8 * SPANS)
        for number, at in enumerate(self.traces):
            trace = number // TRACE_SPANS
            body[at : at + 16] = ids[16 * trace : 16 * trace + 16]
        for number, at in enumerate(self.spans):
            body[at : at + 8] = span_ids[8 * number : 8 * number + 8]
        for number, at in enumerate(self.parents):
            root = number // (TRACE_SPANS - 1) * TRACE_SPANS
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


def empty_page_cache():
    os.sync()
    try:
        with open("/proc/sys/vm/drop_caches", "w") as file:
            file.write("3")
        return True
    except OSError:
        return False


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


class Reader(multiprocessing.Process):
    """Opens traces that nobody has read, each at a fixed time, from threads of a process of its own."""

    def __init__(self, server, ids, arguments):
        super().__init__(daemon=True)
        self.server, self.ids, self.arguments = server, ids, arguments

    def run(self):
        threads = [threading.Thread(target=self.read, args=(number,)) for number in range(self.arguments.readers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def read(self, number):
        connection, begin = self.server.connect(), time.perf_counter()
        rate = self.arguments.read_rate / self.arguments.readers
        for turn, trace_id in enumerate(self.ids[number :: self.arguments.readers]):
            due = begin + (turn + number / self.arguments.readers) / rate
            if due - begin > self.arguments.seconds:
                return
            time.sleep(max(0, due - time.perf_counter()))
            status, _ = get(connection, "/traces?limit=1000" if turn % 10 == 9 else f"/traces/{trace_id}")
            assert status == 200, status


def measure(server, template, arguments, ids):
    seconds, rate = arguments.seconds, arguments.rate
    name = "beside reads" if ids else "alone"
    seeds = [f"{arguments.seed} {name} {number}" for number in range(4)]
    writers = [Writer(server, template, rate / 4, number / rate, seconds, seed) for number, seed in enumerate(seeds)]
    reader = Reader(server, ids, arguments)
    faults, stop = major_faults(server), threading.Event()
    cooling = threading.Thread(target=cool, args=(server, stop))
    cooling.start()
    if ids:
        reader.start()
    for thread in writers:
        thread.start()
    for writer in writers:
        writer.join()
    if ids:
        reader.join()
    stop.set()
    cooling.join()
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
        "pages read from the disk": major_faults(server) - faults,
    }


def cool(server, stop):
    """Takes the pages of segments out of memory again and again, as a server with little memory would lose them."""
    libc = ctypes.CDLL(None, use_errno=True)
    pid = server.process.pid
    pidfd = libc.syscall(PIDFD_OPEN, pid, 0)
    while not stop.wait(COOL_SECONDS):
        with open(f"/proc/{pid}/maps") as maps:
            ranges = [line.split()[0].split("-") for line in maps if line.rstrip().endswith(".segment")]
        for begin, end in ranges:
            vector = (ctypes.c_size_t * 2)(int(begin, 16), int(end, 16) - int(begin, 16))
            libc.syscall(PROCESS_MADVISE, pidfd, vector, 1, MADV_PAGEOUT, 0)
        empty_page_cache()
    os.close(pidfd)


def major_faults(server):
    """How often the server has waited for a page of a file."""
    with open(f"/proc/{server.process.pid}/stat") as file:
        return int(file.read().rsplit(")", 1)[1].split()[9])


def run(binary, arguments):
    template, source = Template(), random.Random(arguments.seed)
    folder = tempfile.mkdtemp(prefix="traced-cold-")
    try:
        server = Server(binary, folder)
        known = fill(server, arguments.spans, template, source)
        server.stop()
        # A second start seals what was only in the log; a third one reads nothing but ids.
        server = Server(binary, folder)
        sealed(server)
        server.stop()
        source.shuffle(known)
        results = {}
        for name, ids in (("alone", []), ("cold reads", known)):
            is_cold = empty_page_cache()
            server = Server(binary, folder)
            results[name] = measure(server, template, arguments, ids)
            server.stop()
        results["ratio of p99"] = round(results["cold reads"]["p99_ms"] / results["alone"]["p99_ms"], 2)
        results["page cache emptied"] = is_cold
        return results
    finally:
        shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", nargs="+", help="servers to measure one after the other")
    parser.add_argument("--spans", type=int, default=5_000_000, help="spans in the folder (5000000)")
    parser.add_argument("--seconds", type=float, default=20, help="length of a measurement (20)")
    parser.add_argument("--rate", type=float, default=200, help="batches of 100 spans a second (200)")
    parser.add_argument("--readers", type=int, default=16, help="threads that read (16)")
    parser.add_argument("--read-rate", type=float, default=100, help="traces opened a second (100)")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    for binary in arguments.binary:
        print(json.dumps({"binary": binary, **run(binary, arguments)}), flush=True)


if __name__ == "__main__":
    main()
