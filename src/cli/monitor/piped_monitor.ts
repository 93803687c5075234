import { type Client, createClient, SerialClient } from "../../../mod.ts";
import { ExitCode } from "../../console/exit_code.ts";
import { writeOut } from "../../console/write_out.ts";
import { escapeText } from "../../show/escape.ts";
import { note } from "../printer.ts";
import type { MonitorOptions } from "./monitor_options.ts";
import { TrafficLog } from "./traffic_log.ts";
import { TrafficView } from "./traffic_view.ts";

/**
 * A monitor in a pipe: the input is sent as it is, and what comes is printed as it is, unless it is to be shown. Ends
 * when the input has ended and nothing has come for a while, or never. Resolves with the exit code.
 */
export async function runPiped(options: MonitorOptions): Promise<number> {
  using log = options.log === undefined ? undefined : new TrafficLog(options.log);
  const over = Promise.withResolvers<number>();
  const view = viewFor(options);
  const show = (direction: "<" | ">", bytes: Uint8Array) => {
    const text = view?.show(direction, bytes, Date.now()) ?? "";
    if (text !== "") writeOut(Deno.stdout, text);
  };
  // Somebody who types waits for the device, as at a terminal of one's own.
  const isFollowing = options.follow || Deno.stdin.isTerminal();
  const client = createClient(options.address, {
    ...options.settings,
    dialect: "raw",
    reconnect: isFollowing && !options.once,
    onReceive: (bytes: Uint8Array) => {
      const problem = log?.append(bytes);
      if (problem !== undefined) note(problem, options);
      if (view === undefined) writeOut(Deno.stdout, bytes);
      else show("<", bytes);
    },
    onDisconnect: (_peer, reason) => {
      if (reason.willRetry) note(`${escapeText(reason.message)}; waiting until it is back`, options);
    },
    onFail: () => {}, // what ends the link, and why an attempt failed, is told elsewhere
    onEvent: (event) => {
      if (event.kind === "up" && !event.first) note(`connected again to ${client.address}`, options);
      if (event.kind === "retry" && event.attempt === 2 && event.error !== undefined) {
        note(`${escapeText(event.error.message)}; waiting for it`, options);
      }
    },
  });
  const stop = () => over.resolve(ExitCode.INTERRUPTED);
  Deno.addSignalListener("SIGINT", stop);
  try {
    await Promise.race([client.start(), over.promise]);
    client.closed.then((reason) => {
      if (reason.error === undefined) over.resolve(ExitCode.OK);
      else over.reject(reason.error);
    });
    sendInput(client, options, (bytes) => show(">", bytes)).then(
      async () => {
        if (isFollowing && !Deno.stdin.isTerminal()) return;
        await untilQuiet(client, options.quietMs);
        over.resolve(ExitCode.OK);
      },
      (error) => over.reject(error),
    );
    return await over.promise;
  } finally {
    Deno.removeSignalListener("SIGINT", stop);
    if (view !== undefined) writeOut(Deno.stdout, view.end());
    await client.close();
  }
}

/** Bytes for a program stay as they are; a terminal is only shown what is harmless. */
function viewFor(options: MonitorOptions): TrafficView | undefined {
  const { hex, stamps, echo, colours } = options;
  if (!hex && stamps === undefined && !echo && !Deno.stdout.isTerminal()) return undefined;
  return new TrafficView({ hex, stamps, echo, colours, newline: "\n", startMs: Date.now() });
}

async function sendInput(
  client: Client,
  { enter }: MonitorOptions,
  onSent: (bytes: Uint8Array) => void,
): Promise<void> {
  const isTyped = Deno.stdin.isTerminal();
  const buffer = new Uint8Array(INPUT_BYTES);
  for (;;) {
    const length = await Deno.stdin.read(buffer);
    if (length === null) return;
    const bytes = isTyped ? withEnter(buffer.subarray(0, length), enter) : buffer.slice(0, length);
    await client.send(bytes, { queue: true });
    onSent(bytes);
  }
}

/** The terminal, which is not in raw mode here, gives LF for the Enter key. */
function withEnter(bytes: Uint8Array, enter: Uint8Array): Uint8Array {
  return Uint8Array.from([...bytes].flatMap((byte) => byte === 0x0a ? [...enter] : [byte]));
}

/** Resolves when everything has left and nothing has come for `quietMs`. */
async function untilQuiet(client: Client, quietMs: number): Promise<void> {
  if (client instanceof SerialClient) await client.drain().catch(() => {}); // its link tells why it has ended
  for (let before = ""; before !== passed(client);) {
    before = passed(client);
    await new Promise((resolve) => setTimeout(resolve, quietMs));
  }
}

function passed(client: Client): string {
  const { bytesIn, bytesOut } = client.counts;
  return `${bytesIn} ${bytesOut}`;
}

/** Read at once: small enough that what is typed ahead does not pile up here. */
const INPUT_BYTES = 16 * 1024;
