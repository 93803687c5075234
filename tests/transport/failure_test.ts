import assert from "node:assert/strict";
import { BrokenError } from "../../src/errors.ts";
import { broken } from "../../src/transport/failure.ts";

const CASES: [thrown: unknown, code: string, text: string | RegExp][] = [
  [withCode("ECONNREFUSED"), "refused", "connection refused; is something listening there?"],
  [withCode("ECONNRESET"), "reset", "the other side reset the connection"],
  [withCode("EPIPE"), "broken_pipe", "the other side has closed the connection"],
  [withCode("EADDRNOTAVAIL"), "unreachable", "this machine does not have that address"],
  [withCode("EHOSTUNREACH"), "unreachable", "no route to that host"],
  [withCode("ETIMEDOUT"), "timeout", "the network did not answer in time"],
  [withCode("EACCES"), "permission", /^permission denied; /],
  [withCode("EMFILE"), "too_many_files", "this process has no file descriptors left"],
  [new Deno.errors.ConnectionRefused("x"), "refused", "connection refused; is something listening there?"],
  [new Deno.errors.ConnectionReset("x"), "reset", "the other side reset the connection"],
  [new Deno.errors.ConnectionAborted("x"), "reset", "the other side reset the connection"],
  [new Deno.errors.BrokenPipe("x"), "broken_pipe", "the other side has closed the connection"],
  [new Deno.errors.AddrInUse("x"), "address_in_use", /^the address is in use/],
  [new Deno.errors.AddrNotAvailable("x"), "unreachable", "this machine does not have that address"],
  [new Deno.errors.PermissionDenied("x"), "permission", /^permission denied; /],
  [new Deno.errors.NotFound("x"), "no_such_path", "no such file; is something listening there?"],
  [
    new Deno.errors.NotCapable('Requires net access to "a:1", run again with the --allow-net flag\nmore'),
    "permission",
    'Requires net access to "a:1", run again with the --allow-net flag',
  ],
  [
    new Error("failed to lookup address information: Name or service not known"),
    "unknown_host",
    "no such host name",
  ],
  [new Error("Something else"), "io", "Something else"],
  [withCode("EODD", "Odd thing"), "io", "Odd thing"],
  ["a text", "io", "a text"],
  [7, "io", "7"],
];

function withCode(code: string, message = "as the system says it"): Error {
  return Object.assign(new Error(message), { code });
}

Deno.test("broken says what was done, and why it failed, for everything the system throws", () => {
  for (const [thrown, code, text] of CASES) {
    const error = broken("Cannot do it", thrown);
    assert.ok(error instanceof BrokenError);
    assert.equal(error.code, code, String(thrown));
    assert.ok(error.message.startsWith("Cannot do it: "), error.message);
    const why = error.message.slice("Cannot do it: ".length);
    if (typeof text === "string") assert.equal(why, text);
    else assert.match(why, text);
  }
});

Deno.test("broken keeps the outcome that it is given", () => {
  assert.equal(broken("Cannot do it", withCode("EPIPE"), { outcome: "unknown" }).outcome, "unknown");
});

Deno.test("broken never looks at the stack of what was thrown", () => {
  const thrown = withCode("EMFILE");
  Object.defineProperty(thrown, "stack", { get: () => assert.fail("stack was read") });
  assert.equal(broken("Cannot accept", thrown).code, "too_many_files");
});
