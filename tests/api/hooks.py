"""Tells schemathesis the rules of the API that JSON Schema cannot express.

Two rules compare two values: a span ends no earlier than it starts, and `after` is less than `before`. Generated
pairs are put in order. Times are written in digits, while JSON Schema also takes 5.0 for an integer. Half of the spans
are moved into the window, so that answers about stored traces are checked, and not only those about stale spans.
"""

import time

import schemathesis

WINDOW_NS = 20 * 60 * 10**9


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.operation.path == "/spans":
        for span in spans_of(case.body):
            write_in_digits(span)
            order(span, "start_time", "end_time")
            move_into_window(span)
    if case.operation.path == "/traces" and isinstance(case.query, dict):
        order_bounds(case.query)


def spans_of(body):
    spans = body.get("spans") if isinstance(body, dict) else None
    return [span for span in spans if isinstance(span, dict)] if isinstance(spans, list) else []


def write_in_digits(span):
    for field in ("start_time", "end_time"):
        if isinstance(span.get(field), float) and span[field].is_integer():
            span[field] = int(span[field])


def is_int64(value):
    return type(value) is int and -(2**63) <= value < 2**63


def order(values, low, high):
    if is_int64(values.get(low)) and is_int64(values.get(high)) and values[low] > values[high]:
        values[low], values[high] = values[high], values[low]


def move_into_window(span):
    """Moves spans with an even start. The start decides and no random number, so that a seed repeats a run."""
    start, end = span.get("start_time"), span.get("end_time")
    if is_int64(start) and is_int64(end) and start % 2 == 0:
        span["start_time"] = time.time_ns() - abs(start) % WINDOW_NS
        span["end_time"] = span["start_time"] + min(end - start, 2**40)


def order_bounds(query):
    """Puts `after` and `before` in order. They are numbers or, in the phase of boundary values, digits."""
    bounds = [query.get("after"), query.get("before")]
    numbers = [int(bound) if str(bound).isascii() and str(bound).isdigit() else None for bound in bounds]
    if None in numbers or not all(map(is_int64, numbers)):
        return
    if numbers[0] == numbers[1]:
        del query["after"]
    elif numbers[0] > numbers[1]:
        query["after"], query["before"] = query["before"], query["after"]
