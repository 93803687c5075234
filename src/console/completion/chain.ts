/**
 * Chains such as `fleet.peers` or `links[0]?.name`, read from the end of code, and what they stand for, found without
 * running anything.
 *
 * @module
 */
import { types } from "node:util";
import { Server } from "../../../mod.ts";
import { dataProperty } from "../evaluator/member_names.ts";
import { peerOrServer } from "./parley_class.ts";

/** A name, and the keys that follow it. */
export interface Chain {
  readonly root: string;
  readonly keys: readonly string[];
  /** `[...root.keys][element]`: which element of the set or the list is meant. */
  readonly element?: number;
}

const name = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
const step = String.raw`\s*\??\.\s*${name}|(?:\?\.)?\[(?:\d+|"[^"\\]*"|'[^'\\]*')\]`;
/** What must not stand before a name that begins a chain: a letter, a bracket that closes, or a dot that is no spread. */
const noBegin = String.raw`(?<![\p{ID_Continue}$]|(?<!\.\.)\.\s*)`;
const chainAtEnd = new RegExp(String.raw`${noBegin}(${name})((?:${step})*)$`, "u");
const spreadAtEnd = new RegExp(
  String.raw`\[\s*\.\.\.\s*(${name})((?:${step})*)\s*\]\s*\[\s*(\d+)\s*\]$`,
  "u",
);
const stepKeys = new RegExp(String.raw`\.\s*(${name})|\[(\d+)\]|\[("[^"]*"|'[^']*')\]`, "gu");

/** The chain that code ends with. */
export function chainBefore(code: string): Chain | undefined {
  const trimmed = code.trimEnd().slice(-MAX_CHAIN_CHARS);
  const spread = spreadAtEnd.exec(trimmed);
  if (spread !== null) return { root: spread[1], keys: keysOf(spread[2]), element: Number(spread[3]) };
  const found = chainAtEnd.exec(trimmed);
  return found === null ? undefined : { root: found[1], keys: keysOf(found[2]) };
}

/** A function and what it is called on: `c.request`, the type arguments of a call left out. */
export interface Callee {
  /** Undefined when it is called on something that has no name, such as `(await c).request`. */
  readonly holder?: Chain;
  /** `request`, or the function itself when it is called on nothing. */
  readonly name: string;
  readonly isMember: boolean;
}

const typeArguments = /<[^<>()]*(?:<[^<>()]*>[^<>()]*)*>\s*$/;
const member = new RegExp(String.raw`\??\.\s*(${name})$`, "u");

/** The function whose bracket follows this code. */
export function calleeOf(code: string): Callee | undefined {
  const called = code.slice(-MAX_CHAIN_CHARS).replace(typeArguments, "").replace(/\?\.\s*$/, "").trimEnd();
  const found = member.exec(called);
  if (found !== null) {
    return { name: found[1], isMember: true, holder: chainBefore(called.slice(0, found.index)) };
  }
  const chain = chainBefore(called);
  return chain === undefined || chain.keys.length > 0 ? undefined : { name: chain.root, isMember: false };
}

/** Longer chains are not typed; a bound keeps a pasted file from being searched at each Tab. */
export const MAX_CHAIN_CHARS = 2000;

function keysOf(steps: string): string[] {
  return [...steps.matchAll(stepKeys)].map(([, key, index, quoted]) => key ?? index ?? quoted.slice(1, -1));
}

/** What a chain stands for, boxed. Getters end the search, but for the one of Parley that hands out the peers of a server. */
export function valueOf({ root, keys, element }: Chain, globals: object): { value: unknown } | undefined {
  let found = root === "this" || root === "globalThis"
    ? { value: globals as unknown }
    : dataProperty(globals, root);
  for (const key of keys) found = found && (dataProperty(found.value, key) ?? peersOf(found.value, key));
  return found === undefined || element === undefined ? found : elementOf(found.value, element);
}

/** The peers of a server: that getter, of ours whatever was put in its place since, only hands out what is there. */
function peersOf(holder: unknown, key: string): { value: unknown } | undefined {
  if (key !== "peers" || !(peerOrServer(holder) instanceof Server)) return undefined;
  try {
    return { value: serverPeers.call(holder) };
  } catch { // an object that only has the prototype of a server
    return undefined;
  }
}

const serverPeers = Object.getOwnPropertyDescriptor(Server.prototype, "peers")!.get!;

/** The elements of sets are looked at one by one, so that none of a large set is copied. */
function elementOf(value: unknown, index: number): { value: unknown } | undefined {
  if (types.isProxy(value)) return undefined;
  if (!types.isSet(value)) return dataProperty(value, String(index));
  let at = 0;
  for (const each of Set.prototype.values.call(value)) if (at++ === index) return { value: each };
  return undefined;
}
