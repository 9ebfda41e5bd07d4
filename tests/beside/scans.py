"""Measures how long writes take beside scans and slow clients: `make bench-scans`.

A server with millions of traces takes batches in an open loop, at half the rate that a closed loop reaches, first alone,
then beside streams with a filter, statistics in a loop, and clients that take a few bytes a second of their answers or
send a byte a second of their bodies. Afterwards it shows what an idle stream costs.
"""

import argparse
import json
import multiprocessing
import os
import random
import shutil
import socket
import tempfile
import threading
import time

import writes

POST = "POST /spans HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\r\n"


def fill(server, traces):
    """Sends traces of one span each from a few connections."""
    template = writes.Template(trace_spans=1)

    def send(seed):
        connection, source = server.connect(), random.Random(seed)
        for _ in range(traces // writes.SPANS // 4):
            while writes.post(connection, template.request(source)[0]) != 200:
                time.sleep(0.05)

    senders = [threading.Thread(target=send, args=(f"fill {number}",)) for number in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()


def closed_loop(server, template, seconds):
    """Returns how many batches a second four connections send one after the other."""
    sent = [0] * 4

    def send(number):
        connection, source, end = server.connect(), random.Random(f"closed {number}"), time.perf_counter() + seconds
        while time.perf_counter() < end:
            sent[number] += writes.post(connection, template.request(source)[0]) == 200

    senders = [threading.Thread(target=send, args=(number,)) for number in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    return sum(sent) / seconds


class Others(multiprocessing.Process):
    """The streams, the statistics and the slow clients, in a process of their own."""

    def __init__(self, server, arguments):
        super().__init__(daemon=True)
        self.server, self.arguments = server, arguments
        self.answered = multiprocessing.Value("i", 0)

    def open(self, request):
        client = socket.create_connection((self.server.host, self.server.port))
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(request.encode())
        return client

    def run(self):
        # In place of another machine, so that the clients do not take the cores from the server.
        os.nice(19)
        get = "GET {} HTTP/1.1\r\nhost: x\r\n\r\n".format
        streams = [self.open(get("/api/v1/stream?f=error")) for _ in range(self.arguments.streams)]
        for stream in streams:
            threading.Thread(target=self.drain, args=(stream,), daemon=True).start()
        for _ in range(self.arguments.statistics):
            threading.Thread(target=self.ask, daemon=True).start()
        half = self.arguments.slow // 2
        readers = [self.open(get("/api/v1/traces/points")) for _ in range(half)]
        writers = [self.open(POST) for _ in range(half)]
        while True:
            time.sleep(1)
            for client in readers + writers:
                try:
                    client.setblocking(False)
                    client.recv(64) if client in readers else client.send(b" ")
                except OSError:
                    pass

    def drain(self, stream):
        while stream.recv(1 << 16):
            pass

    def ask(self):
        connection = self.server.connect()
        while True:
            status, _ = writes.get(connection, "/api/v1/stats?buckets=60")
            self.answered.value += status == 200


def cpu_seconds(server):
    return float(writes.metrics(server)["traced_process_cpu_seconds"])


def idle_streams(server, count, seconds=10):
    """Returns the processor time a second of so many streams to which nothing happens, for each of them."""
    others = Others(server, argparse.Namespace(streams=count, statistics=0, slow=0))
    before = cpu_seconds(server)
    time.sleep(seconds)
    without = cpu_seconds(server) - before
    others.start()
    time.sleep(3)
    before = cpu_seconds(server)
    time.sleep(seconds)
    beside = cpu_seconds(server) - before
    others.terminate()
    others.join()
    return (beside - without) / seconds / count


def run(binary, arguments):
    template, folder = writes.Template(), tempfile.mkdtemp(prefix="traced-scans-")
    try:
        server = writes.Server(binary, folder)
        fill(server, arguments.traces)
        writes.sealed(server)
        rate = closed_loop(server, template, 5) / 2
        results = {"batches a second": round(rate)}
        time.sleep(2)
        results["alone"] = writes.open_loop(server, template, rate, arguments.seconds, "alone")
        others = Others(server, arguments)
        others.start()
        time.sleep(5)
        others.answered.value = 0
        results["beside"] = writes.open_loop(server, template, rate, arguments.seconds, "beside")
        results["statistics a second"] = round(others.answered.value / arguments.seconds, 1)
        others.terminate()
        others.join()
        results["ratio of p99"] = round(results["beside"]["p99_ms"] / results["alone"]["p99_ms"], 2)
        before = cpu_seconds(server)
        time.sleep(5)
        results["cores busy after all have gone"] = round((cpu_seconds(server) - before) / 5, 3)
        results["an idle stream, of a core"] = round(idle_streams(server, 64), 6)
        server.stop()
        return results
    finally:
        shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", nargs="+", help="servers to measure one after the other")
    parser.add_argument("--traces", type=int, default=5_000_000, help="traces in the window (5000000)")
    parser.add_argument("--seconds", type=float, default=20, help="length of a measurement (20)")
    parser.add_argument("--streams", type=int, default=64)
    parser.add_argument("--statistics", type=int, default=16, help="clients that ask for statistics in a loop (16)")
    parser.add_argument("--slow", type=int, default=1000, help="slow clients, half of them readers (1000)")
    arguments = parser.parse_args()
    for binary in arguments.binary:
        print(json.dumps({"binary": binary, **run(binary, arguments)}), flush=True)


if __name__ == "__main__":
    main()
