import { SYSTEM } from "./open_line.ts";

/**
 * How a port was set before it was opened, to be set so again when it turns out to be another device. Its descriptor is
 * open meanwhile, so that nothing of it is lost in between. The levels of DTR and RTS cannot be known: opening a port
 * raises them. But whether the last close drops them is one of the settings.
 */
export class KeptSettings {
  readonly #fd: number;
  readonly #settings: Uint8Array<ArrayBuffer> | undefined;

  constructor(path: string) {
    const libc = SYSTEM.take();
    this.#fd = libc.open(path);
    this.#settings = this.#fd < 0 ? undefined : libc.settings(this.#fd);
    SYSTEM.release();
  }

  /** Sets the port as it was. */
  restore(): void {
    if (this.#settings === undefined) return;
    SYSTEM.take().setSettings(this.#fd, this.#settings);
    SYSTEM.release();
  }

  /** Gives the descriptor back, without a change. */
  close(): void {
    if (this.#fd < 0) return;
    SYSTEM.take().close(this.#fd);
    SYSTEM.release();
  }
}
