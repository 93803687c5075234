/**
 * The broker: `nats-server` of the system, on a port that it chooses itself.
 *
 * @module
 */

/** Says why the rows of NATS cannot be measured, if the broker is not there. */
export async function whyNoNatsServer(): Promise<string | undefined> {
  return await findServer() === undefined
    ? "nats-server is not installed: apt-get install nats-server"
    : undefined;
}

/**
 * Starts a broker that ends with this process, however that ends.
 *
 * @returns its address, `nats://127.0.0.1:port`.
 * @throws {Error} it is not installed, or ended before it listened; the message holds what it wrote.
 */
export async function startNatsServer(): Promise<string> {
  const program = await findServer();
  if (program === undefined) throw new Error(await whyNoNatsServer());
  const { stderr } = new Deno.Command("sh", {
    args: ["-c", END_WITH_INPUT, program],
    stdin: "piped", // held open until this process is gone
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const listening = Promise.withResolvers<string>();
  watchLog(stderr, listening);
  return await listening.promise;
}

/** The broker does not look at its input: the shell beside it does, and ends it when there is no more. */
const END_WITH_INPUT = 'exec 3<&0; "$0" -a 127.0.0.1 -p -1 3<&- & server=$!; ' +
  "(cat <&3; kill $server) >/dev/null 2>&1 & wait $server";
/** Debian puts it where only root looks for programs. */
const PROGRAMS = ["nats-server", "/usr/sbin/nats-server"];

async function watchLog(
  stderr: ReadableStream<Uint8Array>,
  listening: PromiseWithResolvers<string>,
): Promise<void> {
  let log = "";
  for await (const text of stderr.pipeThrough(new TextDecoderStream())) {
    log += text;
    const port = /Listening for client connections on 127\.0\.0\.1:(\d+)/.exec(log)?.[1];
    if (port !== undefined) listening.resolve(`nats://127.0.0.1:${port}`);
  }
  listening.reject(new Error(`nats-server ended before it listened: ${log.trim() || "no message"}`));
}

async function findServer(): Promise<string | undefined> {
  for (const program of PROGRAMS) {
    try {
      const { success } = await new Deno.Command(program, { args: ["--version"], stdout: "null" }).output();
      if (success) return program;
    } catch {
      // Not here; the next one may be.
    }
  }
  return undefined;
}
