import assert from "node:assert/strict";
import { errorText } from "../../../src/console/evaluator/error_text.ts";

/** An error without a stack, so that only its own text is left. */
function bare(message: string, options?: ErrorOptions): Error {
  const error = new Error(message, options);
  error.stack = undefined;
  return error;
}

const noOrigin = () => undefined;

Deno.test("errorText puts the message first, then typed and user frames, then the causes", () => {
  const error = bare("no answer", { cause: bare("link\nlost", { cause: "unplugged" }) });
  error.stack = [
    "Error: no answer",
    "    at ask (typed:3:2:9)",
    "    at helper (file:///home/user/helper.ts:4:5)",
    "    at inner (file:///cache/npm/some/package/index.js:1:1)",
    `    at pump (${new URL("../../../src/peer/peer.ts", import.meta.url)}:10:3)`,
    "    at Script.runInContext (node:vm:1:1)",
    "    at async typed:4:1:1",
  ].join("\n");
  const text = errorText(
    error,
    (script, { line, column }) => script === "typed:3" ? { line, column: column - 5 } : undefined,
  );
  assert.equal(
    text,
    [
      "Error: no answer",
      "    at ask (typed:3:2:4)",
      "    at helper (file:///home/user/helper.ts:4:5)",
      "    at async typed:4:1:1",
      "  cause: Error: link lost",
      "  cause: unplugged",
    ].join("\n"),
  );
});

Deno.test("errorText lists the errors of an AggregateError", () => {
  const error = new AggregateError([bare("a"), bare("b")], "all failed");
  error.stack = undefined;
  assert.equal(
    errorText(error, noOrigin),
    "AggregateError: all failed\n  error: Error: a\n  error: Error: b",
  );
});

Deno.test("errorText ends with a ring of causes", () => {
  const error = bare("a");
  error.cause = error;
  assert.equal(errorText(error, noOrigin).split("\n").length, 9);
});

Deno.test("errorText shows whatever was thrown", () => {
  assert.equal(errorText(5, noOrigin), "Thrown: 5");
  assert.equal(errorText(undefined, noOrigin), "Thrown: undefined");
  assert.equal(errorText({ a: 1 }, noOrigin), "Thrown: { a: 1 }");
  const hostile = bare("a");
  Object.defineProperty(hostile, "message", {
    get: () => {
      throw hostile;
    },
  });
  assert.equal(errorText(hostile, noOrigin), "a value that cannot be shown");
});

Deno.test("errorText makes control characters visible", () => {
  assert.equal(errorText(bare("a\x1b[2Jb\nc"), noOrigin), "Error: a\\x1b[2Jb\nc");
});
