import { lines } from "../../src/codec/lines.ts";
import { defineDialect, type Dialect } from "../../src/dialect/dialect.ts";
import { ProtocolError, UsageTypeError } from "../../src/errors.ts";
import type { BasicMessage } from "../../src/message.ts";

/**
 * A language of lines without ids: `? name arg` asks, `= text` and `! code text` answer in the order of the requests,
 * `. text` is a message, `+ text` too but is acknowledged by the dialect with `ok text`.
 */
export function orderDialect(): Dialect {
  return defineDialect<string>({
    name: "order",
    correlation: "order",
    open: ({ limits }) => ({
      codec: lines({ maxFrameBytes: limits.maxFrameBytes }),
      read,
      write,
    }),
  });
}

function read(line: string, reply: (line: string) => void): BasicMessage | undefined {
  const rest = line.slice(2);
  switch (line.slice(0, 2)) {
    case "? ": {
      const [name, ...args] = rest.split(" ");
      return { kind: "request", name, args };
    }
    case "= ":
      return { kind: "answer", value: rest };
    case "! ": {
      const [code, ...words] = rest.split(" ");
      return { kind: "failure", code, message: words.join(" ") };
    }
    case "+ ":
      reply(`ok ${rest}`);
      return { kind: "message", value: rest };
    case "ok":
      return undefined;
    case ". ":
      return { kind: "message", value: rest };
  }
  throw new ProtocolError("bad_line", `Line "${line}" begins with no known mark`, {
    fatal: line === "fatal",
  });
}

function write(message: BasicMessage): string {
  switch (message.kind) {
    case "message":
      return `. ${text(message.value)}`;
    case "request":
      return `? ${[message.name, ...message.args.map(text)].join(" ")}`;
    case "answer":
      return `= ${text(message.value)}`;
    case "failure":
      return `! ${message.code} ${message.message}`;
    case "action":
      throw new UsageTypeError('Cannot send an action in the dialect "order": it has none');
  }
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new UsageTypeError(`Cannot send a ${typeof value} in the dialect "order": it carries text`);
}
