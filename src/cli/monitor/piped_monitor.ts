import { BrokenError, createClient, DEFAULT_LIMITS, TimeoutError } from "../../../mod.ts";
import { ExitCode } from "../../console/exit_code.ts";
import { escapeText } from "../../show/escape.ts";
import type { Ending } from "../ending.ts";
import { note, printData } from "../printer.ts";
import { Goal } from "./goal.ts";
import { JsonView } from "./json_view.ts";
import type { MonitorOptions } from "./monitor_options.ts";
import { INPUT_BYTES, patience, sendInput, untilQuiet } from "./piped_input.ts";
import { TrafficLog } from "./traffic_log.ts";
import { TrafficView } from "./traffic_view.ts";

/**
 * A monitor in a pipe: the input is sent as it is, and what comes is printed as it is, unless it is to be shown. Ends
 * when the input has ended and nothing has come for a while, when what is waited for has come, or never. Resolves with
 * the exit code.
 *
 * @throws {TimeoutError} code `timeout`: what is waited for has not come.
 * @throws {BrokenError} code `disconnected`: the link has ended before it came. @throws what the link has ended with.
 */
export async function runPiped(options: MonitorOptions, ending: Ending): Promise<number> {
  using log = options.log === undefined ? undefined : new TrafficLog(options.log);
  const over = Promise.withResolvers<number>();
  const view = viewFor(options);
  const goal = goalOf(options);
  const print = (data: string | Uint8Array) => {
    try {
      if (data.length > 0) printData(data);
    } catch (error) {
      over.reject(error); // a full disk: whoever reads the output must not take it for all there was
    }
  };
  const show = (direction: "<" | ">", bytes: Uint8Array) =>
    print(view?.show(direction, bytes, Date.now()) ?? "");
  // Somebody who types waits for the device, as at a terminal of one's own.
  const isFollowing = options.follow || Deno.stdin.isTerminal();
  await using client = createClient(options.address, {
    ...options.settings,
    dialect: "raw",
    reconnect: isFollowing && !options.once,
    signal: ending.signal,
    limits: { outboxHighBytes: INPUT_BYTES, outboxLowBytes: 1 }, // the input waits in its file, not here
    onReceive: (bytes: Uint8Array) => {
      if (goal?.isReached) return;
      const problem = log?.append(bytes);
      if (problem !== undefined) note(problem, options);
      const wanted = goal === undefined ? bytes : goal.take(bytes);
      if (view === undefined) print(wanted);
      else show("<", wanted);
      if (goal?.isReached) over.resolve(ExitCode.OK);
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
  const soon = patience(client, options);
  const timer = goal === undefined ? undefined : deadline(options, goal, isFollowing, over.reject);
  try {
    await ending.race(Promise.race([client.start(), over.promise]));
    client.closed.then((reason) => {
      if (reason.error !== undefined) over.reject(reason.error);
      else if (goal === undefined || goal.isReached) over.resolve(ExitCode.OK);
      else over.reject(new BrokenError("disconnected", `${reason.message} before ${goal.wanted} came`));
    });
    sendInput(client, options, soon, (bytes) => show(">", bytes)).then(
      async () => {
        if (goal !== undefined || isFollowing && !Deno.stdin.isTerminal()) return;
        await untilQuiet(client, options.timeoutMs ?? QUIET_MS, soon);
        over.resolve(ExitCode.OK);
      },
      (error) => over.reject(error),
    );
    return await ending.race(over.promise);
  } finally {
    clearTimeout(timer);
    if (view !== undefined) printData(view.end());
  }
}

function goalOf({ until, count }: MonitorOptions): Goal | undefined {
  return until === undefined && count === undefined ? undefined : new Goal({ until, count });
}

/** Who follows waits for ever, unless a limit was given. */
function deadline(
  { address, timeoutMs }: MonitorOptions,
  goal: Goal,
  isFollowing: boolean,
  fail: (error: Error) => void,
): ReturnType<typeof setTimeout> | undefined {
  const ms = timeoutMs ?? (isFollowing ? undefined : DEFAULT_LIMITS.receiveMs);
  if (ms === undefined) return undefined;
  const why = `${goal.wanted} did not come from ${address} within ${ms} ms (--timeout)`;
  return setTimeout(() => fail(new TimeoutError("timeout", why)), ms);
}

/** Bytes for a program stay as they are; a terminal is only shown what is harmless. */
function viewFor(options: MonitorOptions): TrafficView | JsonView | undefined {
  const { hex, stamps, echo, colours, json, address } = options;
  if (json) return new JsonView(address, { echo });
  if (!hex && stamps === undefined && !echo && !Deno.stdout.isTerminal()) return undefined;
  return new TrafficView({ hex, stamps, echo, colours, newline: "\n", startMs: Date.now() });
}

/** How long to wait for more when the input has ended, in milliseconds. */
const QUIET_MS = 1000;
