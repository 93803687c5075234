/**
 * What the typed views of a contract are built of: names, arguments and answers, taken out of what one end offers.
 *
 * @module
 */
import type { Call } from "./call.ts";
import type { Contract, Offer, TypedCall } from "./contract.ts";
import type { Peer } from "./peer.ts";

/** Anything that may stand for a handler in a contract. */
export type Signature = (...args: any[]) => any;

/**
 * One of the three tables of an offer; an empty one when it has none, and any names when it is `any` (the only type
 * for which `0 extends 1 & O`).
 */
export type TableOf<O, Kind extends keyof Offer> = 0 extends 1 & O ? Record<string, Signature>
  : Kind extends keyof O ? NonNullable<O[Kind]>
  : Record<never, never>;

/** The names in one table of an offer. */
export type NamesOf<O, Kind extends keyof Offer> = keyof TableOf<O, Kind> & string;

/** What stands for a name in one table of an offer. */
export type SignatureOf<O, Kind extends keyof Offer, Name> = Name extends keyof TableOf<O, Kind>
  ? TableOf<O, Kind>[Name]
  : never;

/** The arguments of what a name stands for. */
export type ArgumentsOf<Function> = Function extends (...args: infer Args) => unknown ? Args : never;

/** What comes of it, once it is there. */
export type AnswerOf<Function> = Function extends (...args: any[]) => infer Answer ? Awaited<Answer> : never;

/** What follows a name in a call: the arguments, which may be left out where none are needed, and the options. */
export type CallArguments<Args extends readonly unknown[], Options> = [] extends Args
  ? [args?: ListOrOne<Args>, options?: Options]
  : [args: ListOrOne<Args>, options?: Options];

/**
 * The list of arguments, or the first one as it is where no more are needed; but not one whose type allows a list,
 * since a list is always taken for the list of arguments.
 */
export type ListOrOne<Args extends readonly unknown[]> =
  | Readonly<Args>
  | ([Args[0]] extends Args
    ? Args[0] extends infer One ? One extends readonly unknown[] ? never : any[] extends One ? never : One
    : never
    : never);

/** The call that a handler of `C` gets. */
export type CallOf<C extends Contract> = 0 extends 1 & C ? Call : TypedCall<C>;

/** A callback whose peer is no longer any peer but this one. */
export type WithPeer<Hook, P> = Hook extends (...args: infer Args) => infer Answer ? (
    ...args: {
      [Place in keyof Args]: Args[Place] extends infer Value ? Value extends Peer ? P : Value : never;
    }
  ) => Answer
  : Hook;
