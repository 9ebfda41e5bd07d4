"""The server under test: started under its limits, killed, and asked."""

import glob
import http.client
import json
import os
import re
import signal
import subprocess
import threading
import time

READY_SECONDS_MAX = 60
FAKETIME = "/usr/lib/*/faketime/libfaketimeMT.so.1"


class Server:
    def __init__(self, binary, folder, limit, arguments):
        self.binary, self.folder, self.limit, self.arguments = binary, folder, limit, arguments
        self.log = os.path.join(folder, "..", "server.log")
        self.offset = os.path.join(folder, "..", "clock")
        self.library = (glob.glob(FAKETIME) or [None])[0]
        self.process, self.port, self.ready_seconds = None, 0, []
        self.peak_kib, self.kills, self.ended = 0, 0, []
        self.lock = threading.Lock()
        self.set_clock(0)

    def set_clock(self, seconds):
        """Moves the server's wall clock; its monotonic clocks go on as they are."""
        with open(self.offset, "w", encoding="ascii") as file:
            file.write(f"{seconds:+d}")

    def environment(self):
        if not self.library:
            return dict(os.environ)
        faked = {
            "LD_PRELOAD": self.library,
            "FAKETIME_TIMESTAMP_FILE": self.offset,
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        return {**os.environ, **faked}

    def start(self):
        began = time.monotonic()
        command = [self.binary, "serve", "--listen", f"127.0.0.1:{self.port}", "--otlp-grpc", "off"]
        command += ["--otlp-http", "off", "--data-dir", os.path.join(self.folder, "data"), *self.arguments]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=log,
                env=self.environment(),
                preexec_fn=self.limit.enter,
            )
        line = self.process.stdout.readline().decode()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if not found:
            raise AssertionError(f"the server did not start: {self.process.wait()}; see {self.log}")
        self.port = int(found[1])
        self.until_ready(began)

    def until_ready(self, began):
        while time.monotonic() - began < READY_SECONDS_MAX:
            try:
                if self.get("/health", 5)[0] == 200:
                    self.ready_seconds.append(time.monotonic() - began)
                    return
            except OSError:
                time.sleep(0.02)
        raise AssertionError(f"the server is not ready after {READY_SECONDS_MAX} s; see {self.log}")

    def kill(self):
        with self.lock:
            if self.process.poll() is not None:
                self.ended.append(self.process.returncode)
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.kills += 1
            self.start()

    def check_alive(self):
        """Notes that the system ended the server, and starts it again."""
        with self.lock:
            if self.process.poll() is not None:
                self.ended.append(self.process.returncode)
                self.start()

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=60)

    def watch_memory(self):
        """Notes the memory that cannot be taken back by dropping pages of files."""
        try:
            with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
                self.peak_kib = max(self.peak_kib, int(re.search(r"RssAnon:\s+(\d+)", file.read())[1]))
        except (OSError, TypeError):
            pass

    def request(self, method, path, body=None, headers=(), timeout=30):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read()
        except http.client.HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            connection.close()

    def get(self, path, timeout=30):
        return self.request("GET", path, timeout=timeout)

    def json(self, path):
        status, body = self.get(path)
        if status != 200:
            raise OSError(f"{path}: {status} {body[:200]}")
        return json.loads(body)

    def metrics(self):
        text = self.get("/metrics")[1].decode()
        return {name: float(value) for name, value in re.findall(r"^(traced\S+) (\S+)$", text, re.M)}
