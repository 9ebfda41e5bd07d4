"""Measures how long writes take beside reads whose pages are not in memory: `make bench-cold`.

For each server binary: fill a data folder, restart with an empty page cache, and send batches at a fixed rate, first
alone, then beside readers that open traces that nobody has read since the restart, and lists of 1000. Latencies
count from the moment when a batch was due, so a stall delays all batches behind it.

The page cache can be emptied only by root; otherwise the result says that pages were warm.
"""

import argparse
import ctypes
import json
import multiprocessing
import os
import random
import shutil
import tempfile
import threading
import time

from writes import Server, Template, fill, get, open_loop, sealed

# Linux on x86-64 and ARM64 has these numbers.
PIDFD_OPEN, PROCESS_MADVISE, MADV_PAGEOUT = 434, 440, 21
COOL_SECONDS = 0.1


def empty_page_cache():
    os.sync()
    try:
        with open("/proc/sys/vm/drop_caches", "w") as file:
            file.write("3")
        return True
    except OSError:
        return False


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
    reader = Reader(server, ids, arguments)
    faults, stop = major_faults(server), threading.Event()
    cooling = threading.Thread(target=cool, args=(server, stop))
    cooling.start()
    if ids:
        reader.start()
    latencies = open_loop(server, template, rate, seconds, f"{arguments.seed} {name}")
    if ids:
        reader.join()
    stop.set()
    cooling.join()
    return {**latencies, "pages read from the disk": major_faults(server) - faults}


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
