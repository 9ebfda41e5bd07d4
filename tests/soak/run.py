"""Everything at once: `make soak`.

A server under a limit of twice its `--memory`, on a volume that fills up, takes large spans and odd ones, while slow
clients read and write, streams and scans run, its clock jumps, and it is killed again and again. It must never be ended by
the system, stay within its memory, keep its ledger balanced, and have every acknowledged trace that is inside the
window it says it keeps.
"""

import argparse
import functools
import json
import random
import sys
import threading
import time

import hostile
import load
from server import Server
from volume import MemoryLimit, volume

MEMORY_MIB = 256
# What comes on top of `--memory`: the program, its threads, connections, and what the allocator has not given back.
ON_TOP = 0.75
WINDOW_SECONDS = 300
STATISTICS = "/api/v1/stats?buckets=60"
POINTS, ERRORS = "/api/v1/traces/points", "/api/v1/traces/points?f=error"
STREAM = "/api/v1/stream?f=error"


def threads(server, acknowledged, stop):
    writers = [
        # bytes of each attribute, traces, spans each; pause
        ((200, 20, 5), 0.02),
        ((200, 20, 5), 0.02),
        ((2_000, 20, 5), 0.05),
        ((100_000, 2, 5), 0.1),
    ]
    for seed, (shape, pause) in enumerate(writers):
        yield functools.partial(load.write, server, acknowledged, stop, shape, pause, seed)
    yield functools.partial(hostile.slow_readers, server, stop, [POINTS, ERRORS, STATISTICS, "/traces?limit=1000"], 150)
    yield functools.partial(hostile.slow_readers, server, stop, [STREAM, "/api/v1/stream"], 64)
    yield functools.partial(hostile.slow_bodies, server, stop, 300)
    yield functools.partial(hostile.bombs, server, stop)
    yield functools.partial(hostile.long_names, server, stop)
    for _ in range(4):
        yield functools.partial(hostile.scans, server, stop, [STATISTICS, STATISTICS + "&f=error", POINTS, ERRORS])


class Checks:
    def __init__(self, server, acknowledged):
        self.server, self.acknowledged = server, acknowledged
        self.missing, self.unbalanced, self.looked_up = [], [], 0

    def cutoff(self):
        _, body = self.patient(lambda: self.server.get(POINTS + "?max=1"))
        return int(json.loads(body)["evict_before_ns"])

    def traces(self, count):
        """Looks acknowledged traces up, among them the oldest that must be there."""
        known = self.acknowledged.since(self.cutoff())
        chosen = known[: count // 4] + random.sample(known, min(count, len(known)))
        for start, trace_id, spans in chosen:
            answer = self.patient(lambda: self.server.get(f"/traces/{trace_id}"))
            found = answer[1].count(b'"span_id"') if answer[0] == 200 else 0
            self.looked_up += 1
            if found != spans and start >= self.cutoff():
                self.missing.append((trace_id, start, found, spans))

    def patient(self, ask):
        """Asks again while the server is overloaded, as a client would."""
        for _ in range(100):
            try:
                answer = ask()
                if answer[0] != 503:
                    return answer
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError("no query is answered for ten seconds")

    def ledger(self):
        """What was stored is there, or was evicted and counted."""
        metrics = self.server.metrics()
        evicted = sum(value for name, value in metrics.items() if name.startswith("traced_spans_evicted_total"))
        stored, held = metrics["traced_spans_stored_total"], metrics["traced_spans"]
        return stored, held, evicted


def soak(server, seconds):
    acknowledged, stop = load.Acknowledged(), threading.Event()
    checks = Checks(server, acknowledged)
    running = [threading.Thread(target=work, daemon=True) for work in threads(server, acknowledged, stop)]
    for thread in running:
        thread.start()
    began, next_kill, next_jump, next_report = time.monotonic(), 20.0, 10.0, 0.0
    while (passed := time.monotonic() - began) < seconds:
        server.watch_memory()
        server.check_alive()
        if passed >= next_kill:
            server.kill()
            next_kill = passed + random.uniform(20, 90)
        if passed >= next_jump:
            # An hour ahead for four seconds, or a minute back for two.
            ahead = random.random() < 0.7
            server.set_clock(3600 if ahead else -60)
            stop.wait(4 if ahead else 2)
            server.set_clock(0)
            next_jump = passed + random.uniform(40, 120)
        if passed >= next_report:
            report(server, acknowledged, passed)
            checks.traces(20)
            next_report = passed + 10
        stop.wait(0.1)
    stop.set()
    for thread in running:
        thread.join(60)
    return acknowledged, checks


def report(server, acknowledged, passed):
    try:
        health = server.json("/health")
        window, disk = health["window"], health["disk_bytes"] >> 20
        print(
            f"{passed:6.0f} s: {acknowledged.spans} spans acknowledged, {health['spans']} held, "
            f"{window['effective_seconds']:.0f} s kept (limited by {window['limited_by']}), {disk} MiB on disk, "
            f"peak {server.peak_kib >> 10} MiB, {dict(acknowledged.statuses)}",
            flush=True,
        )
    except OSError as error:
        print(f"{passed:6.0f} s: {error}", flush=True)


def last_checks(server, checks):
    """After the load: the ledger of the running process, and a restart that everything survives."""
    problems = []
    one = checks.ledger()
    time.sleep(3)
    two = checks.ledger()
    if one[0] + two[1] + two[2] != two[0] + one[1] + one[2]:
        problems.append(f"the ledger does not balance while it runs: stored, held, evicted were {one}, then {two}")
    server.kill()
    three = checks.ledger()
    # The new process counts from zero, so what it holds and has evicted is what the other one held.
    if three[1] + three[2] != two[1]:
        problems.append(f"the ledger does not balance after a restart: stored, held, evicted were {two}, now {three}")
    checks.traces(400)
    return problems


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("binary")
    arguments.add_argument("--seconds", type=float, default=3600)
    arguments.add_argument("--volume-mib", type=int, default=1024)
    arguments.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    options = arguments.parse_args()
    random.seed(options.seed)
    limit = MemoryLimit(2 * MEMORY_MIB)
    with volume(options.volume_mib) as (folder, kind):
        print(f"seed {options.seed}; the data is on {kind}; memory is limited by {limit.kind}", flush=True)
        server = Server(options.binary, folder, limit, ["--memory", f"{MEMORY_MIB}MiB", "--window", f"{WINDOW_SECONDS}s"])
        print("the clock jumps" if server.library else "the clock does not jump: libfaketime is not installed")
        try:
            server.start()
            acknowledged, checks = soak(server, options.seconds)
            problems = last_checks(server, checks)
        finally:
            if server.process and server.process.poll() is None:
                server.process.kill()
                server.process.wait()
            limit.close()
    allowed = int(MEMORY_MIB * (1 + ON_TOP))
    problems += [f"the system ended the server: {code}" for code in server.ended]
    if server.peak_kib >> 10 > allowed:
        problems.append(f"the peak of memory is {server.peak_kib >> 10} MiB of {allowed}")
    problems += [f"an acknowledged trace is missing: {one}" for one in checks.missing[:20]]
    if acknowledged.statuses[200] == 0:
        problems.append("nothing was acknowledged")
    slowest = max(server.ready_seconds)
    print(
        f"{acknowledged.spans} spans acknowledged, {checks.looked_up} traces looked up, {server.kills} kills, "
        f"slowest start {slowest:.1f} s, peak {server.peak_kib >> 10} MiB of {allowed} allowed"
    )
    for problem in problems:
        print("FAILED:", problem)
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
