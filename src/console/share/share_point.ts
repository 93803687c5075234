import type { Seat } from "./seat.ts";
import type { SharedSession, SharedSessionParts } from "./shared_session.ts";

/** Where a console can be shared. What that takes is loaded when it is. */
export class SharePoint {
  readonly #parts: SharedSessionParts;
  #session: SharedSession | undefined;

  constructor(parts: SharedSessionParts) {
    this.#parts = parts;
  }

  /** What is shared now. */
  get session(): SharedSession | undefined {
    return this.#session;
  }

  /** The seat whose code calls this; `undefined` for the console itself. */
  get seat(): Seat | undefined {
    return this.#session?.running;
  }

  /** Shares the console. @throws {PlaceError} the name is taken, or there is no private place for it. */
  async open(name: string = String(Deno.pid)): Promise<SharedSession> {
    const { SharedSession } = await import("./shared_session.ts");
    return this.#session ??= await SharedSession.open(name, this.#parts);
  }

  /** Shares it no longer. */
  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.close();
  }

  /** The console itself is about to evaluate this. */
  typed(text: string): void {
    this.#session?.typed(undefined, text);
  }

  /** Takes what the code of one that has attached prints; false when it is for the console itself. */
  takes(text: string): boolean {
    const { seat } = this;
    seat?.log(text);
    return seat !== undefined;
  }
}
