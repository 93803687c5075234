import type { Step } from "./case.ts";

/** What a side under test has told its application, in the words of the table. */
export type Told = Readonly<Record<string, unknown>> & { readonly event: string };

/** A side under test, driven by the table: the one thing that another implementation has to write. */
export interface Side {
  /** A new link is up. */
  link(): void;
  /** Bytes arrive. */
  receive(bytes: Uint8Array): void;
  /** The application does what `step.do` says. */
  act(step: Step, value: (note: unknown) => unknown): void;
  /** Time passes, in milliseconds. */
  tick(ms: number): void;
  /** The link ends without a word. */
  cut(): void;
  /** What the application was told since the last call. */
  takeEvents(): Told[];
  /** What was written since the last call. */
  takeOutput(): Uint8Array;
  /** What was written on the link before this one, since the last call. */
  takeOldOutput(): Uint8Array;
}
