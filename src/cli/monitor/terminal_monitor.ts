import {
  type Client,
  createClient,
  describePort,
  describeSettings,
  type LinkEvent,
  type PortChoice,
  SerialClient,
  TimeoutError,
} from "../../../mod.ts";
import { ExitCode } from "../../console/exit_code.ts";
import { escapeText } from "../../show/escape.ts";
import { Goal } from "./goal.ts";
import { runKey } from "./key_commands.ts";
import { MonitorKeys } from "./monitor_keys.ts";
import type { MonitorOptions } from "./monitor_options.ts";
import { MonitorScreen } from "./monitor_screen.ts";
import { TrafficLog } from "./traffic_log.ts";
import { TrafficView } from "./traffic_view.ts";

/** A monitor at a terminal: keys go to the device, what it sends is shown. `run` resolves with the exit code. */
export class TerminalMonitor {
  readonly client: Client;
  readonly view: TrafficView;
  /** How often the link was lost. */
  losses = 0;
  readonly #options: MonitorOptions;
  readonly #keys: MonitorKeys;
  readonly #over = Promise.withResolvers<number>();
  #screen: MonitorScreen | undefined;
  #log: TrafficLog | undefined;
  readonly #goal: Goal;
  #flushTimer: ReturnType<typeof setTimeout> | undefined;
  /** What was told last about a link that is down: the same is not told again. */
  #toldFailure: string | undefined;
  #hasToldUnsent = false;

  constructor(options: MonitorOptions) {
    const { hex, stamps, echo, colours } = options;
    this.#options = options;
    this.#keys = new MonitorKeys(options.enter);
    this.#goal = new Goal(options);
    this.view = new TrafficView({ hex, stamps, echo, colours, newline: "\r\n", startMs: Date.now() });
    this.client = createClient(options.address, {
      ...options.settings,
      dialect: "raw",
      reconnect: !options.once,
      limits: { closeMs: CLOSE_MS },
      onReceive: (bytes: Uint8Array) => this.#received(bytes),
      onEvent: (event) => this.#on(event),
      onFail: () => {}, // `#on` tells of attempts, and the end of the link of its reason
    });
  }

  /** Until the user leaves, or with `once` the link has ended. @throws what the link has ended with. */
  async run(): Promise<number> {
    const { log } = this.#options;
    using _log = this.#log = log === undefined ? undefined : new TrafficLog(log);
    using screen = this.#screen = new MonitorScreen({
      onKeys: (bytes) => this.#pressed(bytes),
      onEnd: (code) => this.#over.resolve(code),
    });
    globalThis.addEventListener("parley:choose-port", this.#choosePort);
    const timer = this.#deadline();
    try {
      this.note(`Ctrl-T q quits, Ctrl-T ? tells more; every other key is for the device`);
      this.client.start().then(() => this.client.closed).then(
        (reason) =>
          reason.error === undefined ? this.#ended(reason.message) : this.#over.reject(reason.error),
        (error) => this.#over.reject(error),
      );
      return await this.#over.promise;
    } finally {
      clearTimeout(timer);
      clearTimeout(this.#flushTimer);
      screen.write(this.view.end());
      this.#screen = undefined; // what still comes while the link closes is not shown
      globalThis.removeEventListener("parley:choose-port", this.#choosePort);
      await this.client.close();
    }
  }

  /** Ends the monitor. */
  quit(): void {
    this.#over.resolve(ExitCode.OK);
  }

  /** Says something in a line of its own. */
  note(text: string): void {
    if (!this.#options.quiet) this.answer(text);
  }

  /** The same for what was asked for, also when notes are not wanted. */
  answer(text: string): void {
    for (const line of text.split("\n")) this.#write(this.view.note(`--- ${escapeText(line)}`));
  }

  /** Empties the screen. */
  clear(): void {
    this.#screen?.clear();
    this.view.cleared();
  }

  /** Changes how things are shown; what was begun in the old way is shown in that. */
  change(options: Partial<Pick<TrafficView["options"], "hex" | "stamps" | "echo">>): void {
    this.#write(this.view.flush());
    Object.assign(this.view.options, options);
  }

  /** Only who waits for something can have waited for too long. */
  #deadline(): ReturnType<typeof setTimeout> | undefined {
    const { until, count, timeoutMs, address } = this.#options;
    if (timeoutMs === undefined || (until === undefined && count === undefined)) return undefined;
    const why = `${this.#goal.wanted} did not come from ${address} within ${timeoutMs} ms (--timeout)`;
    return setTimeout(() => this.#over.reject(new TimeoutError("timeout", why)), timeoutMs);
  }

  #ended(why: string): void {
    this.note(why);
    this.#over.resolve(ExitCode.OK);
  }

  #received(bytes: Uint8Array): void {
    const problem = this.#log?.append(bytes);
    if (problem !== undefined) this.answer(problem);
    this.#show("<", this.#goal.take(bytes));
    if (this.#goal.isReached) this.quit();
  }

  #pressed(bytes: Uint8Array): void {
    for (const key of this.#keys.feed(bytes)) {
      if ("send" in key) this.#send(key.send);
      else runKey(key.command, this);
    }
  }

  /** Not waited for: a device that takes nothing must not keep Ctrl-T from being heard. The outbox is bounded. */
  #send(bytes: Uint8Array): void {
    this.client.send(bytes).then(
      () => this.#hasToldUnsent = false,
      (error) => {
        if (this.#hasToldUnsent) return;
        this.#hasToldUnsent = true;
        this.note(`not sent: ${(error as Error).message}`);
      },
    );
    if (this.client.isOpen) this.#show(">", bytes);
  }

  #show(direction: "<" | ">", bytes: Uint8Array): void {
    this.#write(this.view.show(direction, bytes, Date.now()));
    clearTimeout(this.#flushTimer);
    if (this.view.isWaiting) this.#flushTimer = setTimeout(() => this.#write(this.view.flush()), GATHER_MS);
  }

  #on(event: LinkEvent): void {
    switch (event.kind) {
      case "up": {
        const { client } = this;
        const set = client instanceof SerialClient ? ` (${describeSettings(client.settings)})` : "";
        this.#toldFailure = undefined;
        this.#hasToldUnsent = false;
        return this.note(`${event.first ? "connected" : "connected again"} to ${client.address}${set}`);
      }
      case "down":
        if (!event.willRetry) return;
        this.losses++;
        return this.note(`${event.reason.message}; waiting until it is back (Ctrl-T q quits)`);
      case "retry": {
        const { message } = event.error ?? {};
        if (message === undefined || message === this.#toldFailure) return;
        this.#toldFailure = message;
        return this.note(`${message}; trying again (Ctrl-T q quits)`);
      }
    }
  }

  readonly #choosePort = (event: Event): void => {
    const { ports, answer } = (event as CustomEvent<PortChoice>).detail;
    const newestFirst = ports.toReversed();
    const chosen = this.#screen!.choose("Which serial port?", newestFirst.map(describePort));
    answer(chosen.then((index) => index === null ? undefined : newestFirst[index]));
  };

  #write(text: string): void {
    this.#screen?.write(text);
  }
}

/** Who leaves does not wait for a device that takes nothing, in milliseconds. */
const CLOSE_MS = 300;

/** How long bytes wait for others to fill their row, in milliseconds: USB adapters hand them over every 16. */
const GATHER_MS = 25;
