"""A serial line with python3-serial: `pyserial.py drive NAME WORK PATH`, called and answering as `child.ts` is."""

import json
import sys
import time

work = json.loads(sys.argv[3])
path = sys.argv[4]
message = b"\7" * work["messageBytes"]


def now():
    return time.perf_counter() * 1000


def open_port():
    import serial

    return serial.Serial(path, 115200)


def round_trips(port, ms):
    times = []
    before = now()
    until = before + ms
    while before < until:
        port.write(message)
        port.read(len(message))
        after = now()
        times.append((after - before) * 1000)
        before = after
    return times


def read_for(port, ms):
    count = 0
    started = at = now()
    while at < started + ms:
        # What is there, and at least a byte, as its documentation has it.
        count += len(port.read(port.in_waiting or 1))
        at = now()
    return count / 1000 / (at - started)


def open_times(count):
    times = []
    for _ in range(count):
        started = now()
        port = open_port()
        times.append((now() - started) * 1000)
        port.close()
    return times


def percentile(times, part):
    return sorted(times)[int((len(times) - 1) * part)]


def measure():
    if work["line"] == "open":
        times = open_times(work["connections"])
        return {"value": times[0] if len(times) == 1 else percentile(times[1:], 0.5)}
    port = open_port()
    if work["line"] == "echo":
        round_trips(port, work["warmUpMs"])
        times = round_trips(port, work["measureMs"])
        return {"value": percentile(times, 0.5), "p99": percentile(times, 0.99)}
    if work["line"] == "read":
        port.write(b"\7")
        read_for(port, work["warmUpMs"])
        return {"value": read_for(port, work["measureMs"])}
    while True:
        port.write(message)


print(json.dumps(measure()), flush=True)
sys.stdin.read()
