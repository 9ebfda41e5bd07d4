"""OTLP requests as protobuf, written by hand so that they can be odd."""

import struct


def varint(value):
    out = bytearray()
    while value >= 128:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def field(number, payload):
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def fixed(number, value):
    return varint(number << 3 | 1) + struct.pack("<Q", value)


def text(key, value):
    return field(9, field(1, key) + field(2, field(1, value)))


def span(trace_id, span_id, start, attributes=b""):
    times = fixed(7, start) + fixed(8, start + 1_000_000)
    return field(1, trace_id) + field(2, span_id) + field(5, b"work") + bytes([6 << 3, 2]) + times + attributes


def request(spans, service=b"soak"):
    resource = field(1, field(1, field(1, b"service.name") + field(2, field(1, service))))
    return field(1, resource + field(2, b"".join(field(2, one) for one in spans)))
