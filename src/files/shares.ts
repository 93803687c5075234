import type { OutgoingFile } from "./outgoing_file.ts";
import type { FileSink } from "./part_file.ts";
import { ProtocolError } from "../errors.ts";
import type { Share } from "./share.ts";

/** What an endpoint shares: at most one directory that files are taken from, and one that they are put into. */
export class Shares {
  #read: Share | undefined;
  #write: Share | undefined;

  /** From now on, instead of the one that was shared for the same. */
  add(share: Share): void {
    if (share.modes.includes("read")) this.#read = share;
    if (share.modes.some((mode) => mode !== "read")) this.#write = share;
  }

  /** Opens the file that the other side asks for. @throws what {@linkcode Share.open} throws, and `not_shared`. */
  async open(name: string): Promise<OutgoingFile> {
    if (this.#read?.isActive !== true) throw notShared("given", "read");
    return await this.#read.open(name);
  }

  /** A place for a file that comes. @throws what {@linkcode Share.take} throws, and `not_shared`. */
  async take(name: string, size: number): Promise<FileSink> {
    if (this.#write?.isActive !== true) throw notShared("taken", "write-new");
    return await this.#write.take(name, size);
  }
}

function notShared(what: string, mode: string): ProtocolError {
  const text = `no directory is shared that files are ${what === "given" ? "given from" : "taken into"}; ` +
    `share(directory, { mode: "${mode}" }) does that`;
  return new ProtocolError("not_shared", text, { fatal: false });
}
