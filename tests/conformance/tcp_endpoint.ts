import { type Client, connect, listen, type Peer, ProtocolError, type Server } from "@parley/parley";
import type { Case, EventNote, Step } from "./case.ts";
import { act, type Calls } from "./public_acts.ts";
import type { Told } from "./side.ts";

/** What an application gives to `listen` and `connect`, and what it hears of them, in the words of the table. */
export class TcpEndpoint {
  readonly #case: Case;
  readonly #heard: (told: Told) => void;
  /** Answers that are still to be given, by the id that the table expects. */
  readonly #open = new Map<unknown, PromiseWithResolvers<unknown>>();
  /** The ids that the table expects, in the order in which they come: the public API does not tell them. */
  readonly #ids: unknown[];
  readonly #calls: Calls = new Map();
  #peer: Peer | undefined;
  #server: Server | undefined;
  #client: Promise<Client> | undefined;
  #listener: Deno.TcpListener | undefined;

  constructor(one: Case, heard: (told: Told) => void) {
    this.#case = one;
    this.#heard = heard;
    this.#ids = expectedEvents(one).filter(({ id }) => id !== undefined).map(({ id }) => id);
  }

  /** Listens, or connects to a listener of the table's own. */
  async start(): Promise<void> {
    const { limits, resume } = this.#case.options ?? {};
    const options = {
      limits,
      onConnect: (peer: Peer, { resumed }: { resumed: boolean }) => {
        this.#peer = peer;
        this.#heard({ event: "ready", resumed });
      },
      onReceive: (value: unknown) => this.#receive({ event: "message", value }, hasId(this.#case, value)),
      onFail: (error: Error) => {
        // A server may tell of clients that never came in; the table only knows that they did not.
        if (error instanceof ProtocolError && this.#peer !== undefined) {
          this.#heard({ event: "fault", code: error.code, fatal: error.fatal });
        }
      },
    };
    if (this.#case.role === "server") {
      this.#server = await listen("tcp://127.0.0.1:0", options);
      this.#register(this.#server);
      return;
    }
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const onInitialize = (client: Client) => this.#register(client);
    const reconnect = resume === true && { minMs: 1, maxMs: 1 };
    const address = `tcp://127.0.0.1:${this.#listener.addr.port}`;
    this.#client = connect(address, { ...options, reconnect, onInitialize });
    this.#client.catch((error) => this.#heard({ event: "refused", code: error.code }));
  }

  /** The other end of the next link. */
  link(): Promise<Deno.TcpConn> {
    if (this.#listener !== undefined) return this.#listener.accept();
    return Deno.connect({ hostname: "127.0.0.1", port: this.#server!.port });
  }

  /** Does what a step says. */
  act(step: Step, value: (note: unknown) => unknown): void {
    const answer = this.#open.get(step.id);
    if (step.do === "answer") answer!.resolve(value(step.value));
    else if (step.do === "fail") answer!.reject(new Error(String(step.message)));
    else act(this.#peer!, step, { value, calls: this.#calls, heard: this.#heard });
  }

  /** Lets every handler end: none may keep the link open. */
  release(): void {
    for (const answer of this.#open.values()) answer.resolve(undefined);
  }

  async close(): Promise<void> {
    this.#listener?.close();
    await this.#server?.close();
    await this.#client?.then((client) => client.close(), () => {});
  }

  #register(endpoint: Server | Client): void {
    const names = (kind: string) =>
      new Set(
        expectedEvents(this.#case).filter(({ event }) => event === kind).map(({ name }) => String(name)),
      );
    for (const name of names("action")) {
      endpoint.onAction(name, (call, ...args) => {
        return this.#receive({ event: "action", name, args, kwargs: call.kwargs }, hasId(this.#case, name));
      });
    }
    for (const name of names("request")) {
      endpoint.onRequest(name, (call, ...args) => {
        return this.#receive({ event: "request", name, args, kwargs: call.kwargs }, true);
      });
    }
  }

  #receive(told: Told, wantsAnswer: boolean): Promise<unknown> | undefined {
    this.#heard(told);
    if (!wantsAnswer) return undefined;
    const answer = Promise.withResolvers<unknown>();
    this.#open.set(this.#ids.shift(), answer);
    return answer.promise;
  }
}

/** All events that a case expects. */
export function expectedEvents({ steps }: Case): EventNote[] {
  return steps.flatMap(({ events = [] }) => [...events]);
}

/** Whether the table wants what comes under that name, or as any message, to be answered. */
function hasId(one: Case, name: unknown): boolean {
  return expectedEvents(one).some((event) =>
    event.id !== undefined && (event.event === "message" || event.name === name)
  );
}
