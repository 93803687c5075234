/**
 * What a name or a chain such as `psu.ask` is, in words.
 *
 * @module
 */
import { types } from "node:util";
import * as parley from "../../../mod.ts";
import { chainBefore, valueOf } from "../completion/chain.ts";
import { classOf, peerOrServer } from "../completion/parley_class.ts";
import { dataProperty } from "../evaluator/member_names.ts";
import type { Reference } from "../reference/reference.ts";
import { suggestion } from "../../suggestion.ts";
import { functionPage, memberPage, typePage } from "./entry_page.ts";
import { wrapped } from "./layout.ts";

/** What was asked about. */
export interface Topic {
  /** The page about it. */
  readonly page: string;
  /** The link or the peer that it is, or is a member of: what can be called there belongs to the page. */
  readonly peer?: parley.Peer | parley.Server;
  /** The member of it that was asked about. */
  readonly member?: string;
}

/** Finds it without running anything; undefined when nothing of that name is known. */
export function findTopic(
  text: string,
  reference: Reference,
  columns: number,
  globals: object,
): Topic | undefined {
  const chain = chainBefore(text);
  if (chain === undefined) return undefined;
  const { root, keys } = chain;
  const [member] = keys.slice(-1);
  const page = member === undefined ? undefined : ofParley(root, keys, reference, columns);
  if (page !== undefined) return { page };
  const holder = member === undefined ? undefined : valueOf({ root, keys: keys.slice(0, -1) }, globals);
  const owner = holder && classOf(holder.value);
  const known = owner === undefined ? undefined : reference.members(owner).get(member!);
  if (known !== undefined) {
    return { page: memberPage(owner!, known, reference, columns), peer: peerOrServer(holder!.value), member };
  }
  const value = valueOf(chain, globals);
  const entry = member === undefined ? reference.entry(root) : undefined;
  if (entry !== undefined && (value === undefined || isOurs(root, value.value))) {
    const isFunction = entry.members === undefined && entry.kind === "function";
    return {
      page: isFunction ? functionPage(entry, reference, columns) : typePage(root, entry, reference, columns),
    };
  }
  if (value !== undefined) return ofValue(text, value.value, reference, columns);
  // What it is called on is not there, or behind a getter: the name alone says enough.
  return anywhere(member ?? root, reference, columns);
}

/** A chain that begins with a type or a function of ours: `Limits.requestMs`, `listen.maxPeers`, `Peer.ask`. */
function ofParley(
  root: string,
  keys: readonly string[],
  reference: Reference,
  columns: number,
): string | undefined {
  if (keys.length !== 1) return undefined;
  const entry = reference.entry(root);
  const taken =
    entry?.calls?.flatMap(({ parameters = [] }) => parameters.flatMap(({ options = [] }) => options)) ?? [];
  for (const owner of [root, ...taken]) {
    const found = entry === undefined ? undefined : reference.members(owner).get(keys[0]);
    if (found !== undefined) return memberPage(owner, found, reference, columns);
  }
  return undefined;
}

/** A name that is a member of something of ours: `ask`, `baudRate`, `requestMs`. */
function anywhere(name: string, reference: Reference, columns: number): Topic | undefined {
  for (const owner of [...likely, ...reference.names]) {
    const own = reference.entry(owner)?.members;
    if (own !== undefined && Object.hasOwn(own, name)) {
      return { page: memberPage(owner, own[name], reference, columns) };
    }
  }
  return undefined;
}

/** Where a name that several have is looked for first. */
const likely: readonly string[] = Object.freeze([
  "Peer",
  "Client",
  "SerialClient",
  "Server",
  "LinkOptions",
  "ClientOptions",
  "ServerOptions",
  "Callbacks",
]);

/** What was most likely meant by a name that is not known, of all names there are; empty when nothing comes to mind. */
export function nearTopic(
  text: string,
  reference: Reference,
  globals: object,
  commands: readonly string[],
): string {
  const command = suggestion(text.replace(/^\./, ""), commands).replace('"', '".');
  return command || suggestion(text, [...reference.names, ...Object.keys(globals)]);
}

/** False for a variable of the user's that has a name of ours. The console has its own functions that make links. */
function isOurs(name: string, value: unknown): boolean {
  return (parley as Record<string, unknown>)[name] === value ||
    (typeof value === "function" && dataProperty(value, "name")?.value === name);
}

function ofValue(text: string, value: unknown, reference: Reference, columns: number): Topic {
  const owner = classOf(value);
  const peer = peerOrServer(value);
  if (owner === undefined) return { page: `${text}: ${kindOf(value)}` };
  const members = [...reference.members(owner).keys()];
  const doc = reference.entry(owner)?.doc;
  const shown = members.includes("ask") ? "ask" : members.find((name) => name.startsWith("on")) ?? members[0];
  return {
    page: [
      ...wrapped(`${text}: ${owner}${doc === undefined ? "" : `. ${doc}`}`, columns),
      ...wrapped(members.map((name) => `.${name}`).join(" "), columns - 2).map((line) => `  ${line}`),
      ...members.length === 0 ? [] : [`(${text}.${shown}? tells of one of them)`],
    ].join("\n"),
    peer,
  };
}

function kindOf(value: unknown): string {
  if (types.isProxy(value)) return "a proxy, which is not looked into";
  if (typeof value === "function") return functionHead(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value === null || typeof value !== "object") return value === null ? "null" : typeof value;
  return "an object; Tab behind a dot lists what is in it";
}

/** The parameters as they were typed: the text of a function runs nothing. */
function functionHead(value: object): string {
  const source = Function.prototype.toString.call(value);
  const head = /^[^]*?\)(?=\s*(?:=>|\{|:))/.exec(source)?.[0] ?? source.split("\n")[0];
  return `a function: ${head.replace(/\s+/g, " ").replace(/ (?=[,)])/g, "").slice(0, MAX_HEAD_CHARS)}`;
}

const MAX_HEAD_CHARS = 200;
