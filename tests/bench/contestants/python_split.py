"""Messages of text as scripts in Python read them: `python_split.py drive NAME WORK ADDRESS`, as `child.ts` is called.

With LF as separator by lines of a file on the socket; with any other 512 bytes at a time, cut at the separator.
"""

import json
import socket
import sys
import time

work = json.loads(sys.argv[3])
host, port = sys.argv[4].removeprefix("tcp://").split(":")
separator = work["separator"].encode()


def messages(connection):
    if separator == b"\n":
        yield from connection.makefile("r", encoding="utf-8", newline="\n")
        return
    rest = b""
    while chunk := connection.recv(512):
        *whole, rest = (rest + chunk).split(separator)
        for message in whole:
            yield message.decode()


def count_until(source, until):
    count = 0
    for _ in source:
        count += 1
        if count & 255 == 0 and time.perf_counter() >= until:
            return count
    raise EOFError


with socket.create_connection((host, int(port))) as connection:
    source = messages(connection)
    count_until(source, time.perf_counter() + work["warmUpMs"] / 1000)
    started = time.perf_counter()
    count = count_until(source, started + work["measureMs"] / 1000)
    print(json.dumps({"value": count / (time.perf_counter() - started)}), flush=True)
    sys.stdin.read()
