/**
 * Where shared consoles are found: sockets in a folder that belongs to this user alone. Both sides look whose the folder
 * and the socket are before they use them, so that nobody else can listen in, or pose as the console.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { BrokenError } from "../../../mod.ts";
import { suggestion } from "../../suggestion.ts";

/** A place cannot be used, or there is none. */
export class PlaceError extends BrokenError {
  /** @param message What is wrong with it, and what to do. @param code `usage` when the name can be none. */
  constructor(message: string, code: "no_share" | "usage" = "no_share") {
    super(code, message);
  }
}

const PRIVATE = 0o077;
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;
/** The system's structure for the address of a socket holds 108 bytes on Linux and 104 elsewhere, the end mark included. */
const MAX_PATH_BYTES = 103;

/**
 * The socket for a console that is to be shared as `name`, in a folder that is made if it is not there.
 *
 * @throws {PlaceError} the name is none, or the folder is not private.
 */
export function placeToShare(name: string): string {
  checkName(name);
  const uid = ownUid();
  const folder = folders(uid)[0];
  try {
    Deno.mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) {
      throw new PlaceError(`Cannot share: cannot make the folder ${folder}: ${(error as Error).message}`);
    }
  }
  checkFolder(folder, uid);
  const path = socketPath(folder, name);
  if (new TextEncoder().encode(path).length > MAX_PATH_BYTES) {
    throw new PlaceError(`Cannot share: ${path} is longer than ${MAX_PATH_BYTES} bytes; take a shorter name`);
  }
  const there = facts(path);
  if (there !== undefined) checkSocket(path, there, uid);
  return path;
}

/** Closes the socket to others, and makes sure that it is the one meant. @throws {PlaceError} */
export function guard(path: string): void {
  Deno.chmodSync(path, 0o600);
  checkPrivate(path);
}

/**
 * The socket of the console that is shared as `name`.
 *
 * @throws {PlaceError} there is none, or it may be somebody else's.
 */
export function placeOf(name: string): string {
  checkName(name);
  for (const folder of folders(ownUid())) {
    const path = socketPath(folder, name);
    if (facts(folder) === undefined || facts(path) === undefined) continue;
    checkPrivate(path);
    return path;
  }
  const names = sharedNames();
  const near = suggestion(name, names);
  const others = near ||
    (names.length === 0 ? "; write .share in a console first" : `; shared are ${names.join(", ")}`);
  throw new PlaceError(`Cannot attach to "${name}": no console is shared under that name${others}`);
}

/** The names of all sockets there are; their consoles may have ended. @throws {PlaceError} a folder is not private. */
export function sharedNames(): string[] {
  const uid = ownUid();
  const names = folders(uid).filter((folder) => facts(folder) !== undefined).flatMap((folder) => {
    checkFolder(folder, uid);
    const entries = [...Deno.readDirSync(folder)].map((entry) => entry.name);
    const sockets = entries.filter((each) => each.endsWith(ENDING) && facts(join(folder, each))?.isSocket);
    return sockets.map((each) => each.slice(0, -ENDING.length));
  });
  return [...new Set(names)].sort();
}

const ENDING = ".sock";

function socketPath(folder: string, name: string): string {
  return join(folder, `${name}${ENDING}`);
}

/** The first one is for sharing; the others are looked at because another login may have another environment. */
function folders(uid: number): string[] {
  const runtime = Deno.env.get("XDG_RUNTIME_DIR") || undefined;
  const usual = `/run/user/${uid}`;
  const temporary = join(Deno.env.get("TMPDIR") || "/tmp", `parley-${uid}`);
  const inRuntime = [runtime, usual].filter((each) => each !== undefined && facts(each) !== undefined);
  return [...new Set([...inRuntime.map((each) => join(each!, "parley")), temporary])];
}

function ownUid(): number {
  const uid = Deno.uid();
  if (uid === null) {
    throw new PlaceError(`Cannot share a console: ${Deno.build.os} has no private sockets for it`);
  }
  return uid;
}

/** @throws {PlaceError} */
function checkName(name: string): void {
  if (/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,31}$/.test(name)) return;
  throw new PlaceError(
    `Cannot use ${
      JSON.stringify(name)
    } as the name of a shared console: up to 32 letters, digits, ".", "_", "-" are wanted`,
    "usage",
  );
}

/** @throws {PlaceError} */
function checkPrivate(path: string): void {
  const uid = ownUid();
  checkFolder(dirname(path), uid);
  const there = facts(path);
  if (there === undefined) throw new PlaceError(`Cannot use ${path}: it is gone`);
  checkSocket(path, there, uid);
  if ((there.mode! & PRIVATE) !== 0) {
    throw new PlaceError(`Cannot use ${path}: others may connect to it; remove it and share again`);
  }
}

/** @throws {PlaceError} it, or the folder that it is in, can be changed by others. */
function checkFolder(folder: string, uid: number): void {
  const there = facts(folder);
  if (there === undefined || !there.isDirectory) {
    throw new PlaceError(
      `Cannot use ${folder} for sharing: it is no folder, but should be a private one of yours`,
    );
  }
  if (there.uid !== uid) {
    throw new PlaceError(
      `Cannot use ${folder} for sharing: it belongs to user ${there.uid} and not to you (${uid}); ` +
        "somebody may want to listen in. Remove it, or set XDG_RUNTIME_DIR",
    );
  }
  if ((there.mode! & PRIVATE) !== 0) {
    throw new PlaceError(`Cannot use ${folder} for sharing: others may enter it; chmod 700 ${folder}`);
  }
  const around = Deno.statSync(dirname(folder));
  const isOpen = (around.mode! & WRITABLE_BY_OTHERS) !== 0 && (around.mode! & STICKY) === 0;
  if (isOpen || (around.uid !== uid && around.uid !== 0)) {
    throw new PlaceError(
      `Cannot use ${folder} for sharing: others may put another folder in its place; set XDG_RUNTIME_DIR to a folder of yours`,
    );
  }
}

/** @throws {PlaceError} */
function checkSocket(path: string, there: Deno.FileInfo, uid: number): void {
  if (there.isSocket !== true) {
    throw new PlaceError(`Cannot use ${path}: it is no socket; remove it, or take another name`);
  }
  if (there.uid !== uid) {
    throw new PlaceError(`Cannot use ${path}: it belongs to user ${there.uid} and not to you (${uid})`);
  }
}

/** Of the thing itself: a link that leads elsewhere is none of these. */
function facts(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw new PlaceError(`Cannot look at ${path}: ${(error as Error).message}`);
  }
}
