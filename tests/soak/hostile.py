"""Clients that ask for much, take little, or send what is small and becomes large."""

import gzip
import os
import random
import socket
import time

import otlp
from load import PROTOBUF


def connect(server):
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(5)
    client.connect(("127.0.0.1", server.port))
    return client


def slow_readers(server, stop, paths, count):
    """Asks for large answers, takes a few bytes of each, and goes after a while."""
    while not stop.is_set():
        clients = []
        for number in range(count):
            try:
                client = connect(server)
                client.sendall(f"GET {paths[number % len(paths)]} HTTP/1.1\r\nhost: soak\r\n\r\n".encode())
                clients.append(client)
            except OSError:
                pass
        for _ in range(10):
            for client in clients:
                try:
                    client.setblocking(False)
                    client.recv(512)
                except OSError:
                    pass
            if stop.wait(1):
                break
        for client in clients:
            client.close()


def slow_bodies(server, stop, count):
    """Announces bodies and sends a byte of each from time to time."""
    head = "POST /spans HTTP/1.1\r\nhost: soak\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\r\n"
    while not stop.is_set():
        clients = []
        for _ in range(count):
            try:
                client = connect(server)
                client.sendall(head.encode())
                clients.append(client)
            except OSError:
                pass
        for _ in range(20):
            for client in clients:
                try:
                    client.send(b" ")
                except OSError:
                    pass
            if stop.wait(1):
                break
        for client in clients:
            client.close()


def bombs(server, stop):
    """Sends a few kilobytes that become a hundred megabytes when they are decoded."""
    events = bytes([11 << 3 | 2, 0]) * 1_900_000
    span = otlp.span(os.urandom(16), os.urandom(8), time.time_ns(), events)
    body = gzip.compress(otlp.request([span]))
    while not stop.wait(0.5):
        try:
            server.request("POST", "/v1/traces", body, {**PROTOBUF, "content-encoding": "gzip"})
        except OSError:
            pass


def long_names(server, stop):
    """Sends services and names that are new each time, and longer than anybody reads."""
    rng = random.Random(5)
    while not stop.wait(0.3):
        span = otlp.span(rng.randbytes(16), rng.randbytes(8), time.time_ns())
        try:
            server.request("POST", "/v1/traces", otlp.request([span], rng.randbytes(20_000).hex().encode()), PROTOBUF)
        except OSError:
            pass


def scans(server, stop, paths):
    """Asks for the whole window again and again."""
    rng = random.Random()
    while not stop.is_set():
        try:
            server.get(rng.choice(paths), 10)
        except OSError:
            stop.wait(0.2)
