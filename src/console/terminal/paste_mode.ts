/** Bracketed paste: the terminal tells where a paste begins and ends, and nothing in it is a key. */
export class PasteMode {
  readonly #write: (text: string) => void;
  #isOn = false;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  set(isOn: boolean): void {
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    this.#write(isOn ? PASTE_MODE_ON : PASTE_MODE_OFF);
  }
}

const PASTE_MODE_ON = "\x1b[?2004h";
const PASTE_MODE_OFF = "\x1b[?2004l";
