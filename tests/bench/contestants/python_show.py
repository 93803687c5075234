"""Requests on the wire of clever-show in Python, by hand: `python_show.py drive NAME WORK ADDRESS`, as `child.ts`."""

import json
import socket
import struct
import sys
import time

work = json.loads(sys.argv[3])
host, port = sys.argv[4].removeprefix("tcp://").split(":")
value = "x" * work["messageBytes"]


def request(number):
    content = {"requested_value": "echo", "request_id": number, "args": [value], "kwargs": {}}
    body = json.dumps(content).encode()
    header = json.dumps({
        "byteorder": sys.byteorder,
        "content-type": "json",
        "content-encoding": "utf-8",
        "content-length": len(body),
        "message-type": "request",
    }).encode()
    return struct.pack(">H", len(header)) + header + body


def answers(connection):
    data = b""
    at = 0
    while chunk := connection.recv(65536):
        data = data[at:] + chunk
        at = 0
        while len(data) - at >= 2:
            body = at + 2 + struct.unpack_from(">H", data, at)[0]
            if len(data) < body:
                break
            header = json.loads(data[at + 2 : body])
            end = body + header["content-length"]
            if len(data) < end:
                break
            json.loads(data[body:end])
            at = end
            yield header["request_id"]


def count_until(connection, source, until):
    count = 0
    for number in source:
        count += 1
        connection.sendall(request(number))
        if time.perf_counter() >= until:
            return count
    raise EOFError


with socket.create_connection((host, int(port))) as connection:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    source = answers(connection)
    for number in range(work["inFlight"]):
        connection.sendall(request(str(number).zfill(4)))
    count_until(connection, source, time.perf_counter() + work["warmUpMs"] / 1000)
    started = time.perf_counter()
    count = count_until(connection, source, started + work["measureMs"] / 1000)
    print(json.dumps({"value": count / (time.perf_counter() - started)}), flush=True)
    sys.stdin.read()
