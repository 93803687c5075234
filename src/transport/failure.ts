import { BrokenError, type ParleyErrorOptions } from "../errors.ts";

/** What the system calls it, what we call it, and what people read. */
const FAILURES: Readonly<Record<string, readonly [code: string, text: string]>> = Object.freeze({
  ECONNREFUSED: ["refused", "connection refused; is something listening there?"],
  EADDRINUSE: [
    "address_in_use",
    "the address is in use by another program; choose another, or port 0 for any free one",
  ],
  EADDRNOTAVAIL: ["unreachable", "this machine does not have that address"],
  EACCES: ["permission", "permission denied; ports below 1024 and files of other users need more rights"],
  EPERM: ["permission", "operation not permitted"],
  ECONNRESET: ["reset", "the other side reset the connection"],
  ECONNABORTED: ["reset", "the connection was aborted"],
  EPIPE: ["broken_pipe", "the other side has closed the connection"],
  ETIMEDOUT: ["timeout", "the network did not answer in time"],
  EHOSTUNREACH: ["unreachable", "no route to that host"],
  ENETUNREACH: ["unreachable", "the network is unreachable"],
  ENOENT: ["no_such_path", "no such file; is something listening there?"],
  ENOTSOCK: ["no_such_path", "the file is not a socket"],
  EMFILE: ["too_many_files", "this process has no file descriptors left"],
  ENFILE: ["too_many_files", "this machine has no file descriptors left"],
});

/**
 * What the system threw, as a `BrokenError` that says what was being done and why it failed.
 *
 * Only `name`, `code` and `message` of `thrown` are read: formatting its stack needs a file descriptor, and when
 * there are none left the attempt ends the whole process.
 */
export function broken(doing: string, thrown: unknown, options: ParleyErrorOptions = {}): BrokenError {
  const { name, code, message } = thrown as { name?: string; code?: string; message?: string };
  const known = FAILURES[code ?? ""] ?? byName(name, message);
  const [ourCode, text] = known ?? ["io", message ?? String(thrown)];
  return new BrokenError(ourCode, `${doing}: ${text}`, options);
}

function byName(name: string | undefined, message = ""): readonly [string, string] | undefined {
  switch (name) {
    case "ConnectionRefused":
      return FAILURES.ECONNREFUSED;
    case "ConnectionReset":
    case "ConnectionAborted":
      return FAILURES.ECONNRESET;
    case "BrokenPipe":
      return FAILURES.EPIPE;
    case "AddrInUse":
      return FAILURES.EADDRINUSE;
    case "AddrNotAvailable":
      return FAILURES.EADDRNOTAVAIL;
    case "PermissionDenied":
      return FAILURES.EACCES;
    case "NotFound":
      return FAILURES.ENOENT;
    case "NotCapable":
      return ["permission", `${message.split("\n")[0]}`];
  }
  if (/failed to lookup address|name or service not known|nodename nor servname/i.test(message)) {
    return ["unknown_host", "no such host name"];
  }
  return undefined;
}
