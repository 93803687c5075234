import { connect, listen, type Peer } from "@parley/parley";
import assert from "node:assert/strict";
import { Program, testWith } from "./program.ts";

const ECHO_SERVER = `
import socketserver
class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(b"py " + line)
with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()
`;

/** The native wire by hand: nothing but struct and msgpack written out, as the page of the wire has it. */
const NATIVE_WIRE = `
import socket, struct, sys

def frame(kind_of_frame, kind, id, body):
    return struct.pack(">IBBII", 10 + len(body), kind_of_frame, kind, 0, id) + body

def read(stream):
    head = stream.read(14)
    if len(head) < 14: return None
    length, type, kind, seq, id = struct.unpack(">IBBII", head)
    return type, kind, id, stream.read(length - 10)

HELLO, WELCOME, MSG, REQ, RES, ERR, GOAWAY = 0, 3, 7, 8, 9, 10, 16
NONE, MSGPACK, BYTES, TEXT = 0, 1, 2, 3
hello = b"\\x81\\xa1v\\x92\\x01\\x01"                # {"v": [1, 1]}

def call(name):
    return struct.pack(">IB", 0, len(name)) + name     # no deadline, the name

link = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
stream = link.makefile("rb")
`;

testWith("python3", "lines client talks with a Python socketserver", async () => {
  await using python = new Program("python3", ["-c", ECHO_SERVER]);
  const address = `tcp://127.0.0.1:${await python.line()}`;
  await using client = await connect(address, { dialect: "lines" });
  const answers = await Promise.all(["a", "b", "ü"].map((line) => client.ask(line)));
  assert.deepEqual(answers, ["py a", "py b", "py ü"]);
});

testWith("python3", "raw server talks with a Python socket that half-closes", async () => {
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "raw",
    onReceive: async (bytes, peer) => {
      await new Promise((resolve) => setTimeout(resolve));
      await peer.send(bytes.map((byte: number) => byte ^ 0xff));
    },
  });
  const source = `
import socket, sys
link = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
link.sendall(bytes([0, 1, 254, 255]))
link.shutdown(socket.SHUT_WR)
answer = b""
while chunk := link.recv(100): answer += chunk
print(answer.hex())
`;
  await using python = new Program("python3", ["-c", source, `${server.port}`]);
  assert.deepEqual(await python.finished(), { code: 0, stdout: "fffe0100\n", stderr: "" });
});

testWith("python3", "lines server hears of a Python client that resets the connection", async () => {
  const left = Promise.withResolvers<string>();
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onConnect: (peer) => peer.send("welcome"),
    onDisconnect: (_peer, reason) => left.resolve(`${reason.code} ${reason.error?.name} ${reason.byUs}`),
  });
  const source = `
import socket, struct, sys
link = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
link.recv(1)
link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
link.close()
`;
  await using python = new Program("python3", ["-c", source, `${server.port}`]);
  await python.finished();
  assert.equal(await left.promise, "reset BrokenError false");
});

testWith(
  "python3",
  "lines client hears the last words of a Python program before a write to it fails",
  async () => {
    const folder = await Deno.makeTempDir();
    try {
      const source = `
import socket, sys
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1] + "/sock")
server.listen()
print("listening", flush=True)
link, _ = server.accept()
link.sendall(b"ERR too many\\n")
link.close()
server.close()
open(sys.argv[1] + "/gone", "w").close()
`;
      await using python = new Program("python3", ["-c", source, folder]);
      await python.line();
      const heard: string[] = [];
      const client = await connect(`unix://${folder}/sock`, {
        dialect: "lines",
        onReceive: (line) => heard.push(line),
      });
      while (!exists(`${folder}/gone`)); // synchronous: nothing is read before the write is under way
      client.send("hello");
      assert.equal((await client.closed).byUs, false);
      assert.deepEqual(heard, ["ERR too many"]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

testWith("python3", "Python clients that reset before they are accepted keep nobody out", async () => {
  await using server = await listen("tcp://127.0.0.1:0", { onFail: () => {} });
  const source = `
import socket, struct, sys
for _ in range(20):
    link = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    link.close()
`;
  // Synchronous, so that they are gone before the server can look at them.
  const { code } = new Deno.Command("python3", { args: ["-c", source, `${server.port}`] }).outputSync();
  assert.equal(code, 0);
  await using client = await connect(server.address, { limits: { handshakeMs: 2000 } });
  assert.equal(client.isOpen, true);
  assert.equal(server.peers.size, 1);
});

testWith(
  "python3",
  "a request ends with disconnected when the Python program is killed that should answer",
  async () => {
    const met = Promise.withResolvers<Peer>();
    await using server = await listen("tcp://127.0.0.1:0", { onConnect: met.resolve });
    const source = NATIVE_WIRE + `
link.sendall(b"\\xc1PL\\x01" + frame(HELLO, MSGPACK, 0, hello))
assert stream.read(4) == b"\\xc1PL\\x01"
assert read(stream)[0] == WELCOME
type, kind, id, body = read(stream)
print(type, body[5:5 + body[4]].decode(), flush=True)
read(stream)
`;
    await using python = new Program("python3", ["-c", source, `${server.port}`]);
    const peer = await met.promise;
    const waiting = assert.rejects(peer.request("measure"), {
      name: "BrokenError",
      code: "disconnected",
      outcome: "unknown",
    });
    assert.equal(await python.line(), "8 measure");
    await python.kill();
    await waiting;
  },
);

testWith("python3", "native server is spoken with by hand in Python", async () => {
  const received = Promise.withResolvers<unknown>();
  const moved = Promise.withResolvers<unknown>();
  await using server = await listen("tcp://127.0.0.1:0", { onReceive: received.resolve });
  server.onRequest("add", (_call, a: number, b: number) => a + b);
  server.onRequest("whisper", async (_call, text: string) => await Promise.resolve(text.toLowerCase()));
  server.onAction("move", (call, x) => moved.resolve([x, call.kwargs]));
  const source = NATIVE_WIRE + `
link.sendall(b"\\xc1PL\\x01" + frame(HELLO, MSGPACK, 0, hello))
assert stream.read(4) == b"\\xc1PL\\x01"
assert read(stream)[0] == WELCOME
link.sendall(frame(REQ, MSGPACK, 1, call(b"add") + b"\\x92\\x02\\x03"))     # [2, 3]
print(read(stream))
link.sendall(frame(REQ, NONE, 2, call(b"nobody")))
type, kind, id, body = read(stream)
print(type, id, b"not_found" in body)
link.sendall(frame(MSG, TEXT, 0, call(b"") + "grüß".encode()))             # a plain message has no name
link.sendall(frame(MSG, MSGPACK, 0, call(b"move") + b"\\x82\\xa4args\\x91\\x05\\xa6kwargs\\x81\\xa1v\\x07"))
link.sendall(frame(REQ, TEXT, 3, call(b"whisper") + b"LOUD"))
link.shutdown(socket.SHUT_WR)                                              # half-closed: still answered
print(read(stream))
print(read(stream))
`;
  await using python = new Program("python3", ["-c", source, `${server.port}`]);
  const { code, stdout, stderr } = await python.finished();
  assert.equal(stderr, "");
  assert.equal(code, 0);
  assert.deepEqual(stdout.trimEnd().split("\n"), [
    "(9, 1, 1, b'\\x05')",
    "10 2 True",
    "(9, 3, 3, b'loud')",
    "None",
  ]);
  assert.equal(await received.promise, "grüß");
  assert.deepEqual(await moved.promise, [5, { v: 7 }]);
});

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
