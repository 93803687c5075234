import { cleverShow } from "../../src/dialect/clever_show/clever_show.ts";
import { checkDialect } from "../../src/testing/check_dialect.ts";

const ENCODER = new TextEncoder();

Deno.test("the dialect clever-show keeps the contract of dialects", () => {
  checkDialect({
    dialect: cleverShow(),
    samples: [
      {
        messages: [
          { kind: "action", name: "led", args: [1, 2.5, "é", null, true, [], {}], kwargs: { on: true } },
          { kind: "action", name: "", args: [] },
          { kind: "request", name: "id", args: [[-0, 1e22, 2n ** 70n, '\0\n"\\🚀']], id: 1, remainingMs: 0 },
        ],
        arrives: [
          { kind: "action", name: "led", args: [1, 2.5, "é", null, true, [], {}], kwargs: { on: true } },
          { kind: "action", name: "", args: [] },
          { kind: "request", name: "id", args: [[-0, 1e22, 2n ** 70n, '\0\n"\\🚀']], id: 1, remainingMs: 0 },
        ],
      },
      {
        bytes: message(
          ' {"message-type":"message","x":[1],"content-length":15,"action":"a","content-encoding":"ascii",' +
            '"content-type":"json","byteorder":5}\n',
          '{"args": [NaN]}',
        ),
        arrives: [{ kind: "action", name: "a", args: [NaN] }],
      },
    ],
    unsayable: [
      { kind: "message", value: "text" },
      { kind: "action", name: "filetransfer", args: [] },
      { kind: "request", name: "filetransfer", args: [] },
      { kind: "action", name: "a", args: [new Set([1])] },
      { kind: "action", name: "a", args: [], kwargs: { at: new Date(0) } },
      { kind: "action", name: "x".repeat(70_000), args: [] },
    ],
    requests: {
      args: [1, { two: 2 }],
      answers: [{ three: [3] }, "four", null],
      unsayable: () => 5,
      askers: ["client", "server"],
    },
    sized: (bytes) => ({ kind: "action", name: "a", args: ["x".repeat(bytes)] }),
    skip: ["failures"], // nothing on this wire says that a request has failed
  });
});

function message(header: string, content: string): Uint8Array {
  const [head, body] = [ENCODER.encode(header), ENCODER.encode(content)];
  return Uint8Array.of(head.length >> 8, head.length & 0xff, ...head, ...body);
}
