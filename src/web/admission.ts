import { timingSafeEqual } from "node:crypto";

/** What a page that was let in shows from then on. */
export interface Pass {
  /** For the cookie: opens the page itself once more, when it is loaded again. */
  readonly cookie: string;
  /** For a header: opens everything else. Only the page has it, and no other server on this machine gets to see it. */
  readonly key: string;
}

/**
 * Who may look on: a token of the address lets one page in, which gets a cookie and a key for it. A cookie alone is not
 * enough, since a browser shows it to every server of this machine, whatever its port.
 */
export class Admission {
  readonly #passes: Pass[] = [];
  readonly #makeSecret: () => string;
  #token: string | undefined;

  /** @param makeSecret Text that nobody can guess. */
  constructor(makeSecret: () => string) {
    this.#makeSecret = makeSecret;
  }

  /** What the next page has to show; the same until one has. */
  get token(): string {
    return this.#token ??= this.#makeSecret();
  }

  /** Takes a token for a pass; `undefined` when it is not the one, or was used. */
  enter(token: string): Pass | undefined {
    if (this.#token === undefined || !isSame(token, this.#token)) return undefined;
    this.#token = undefined;
    const pass = { cookie: this.#makeSecret(), key: this.#makeSecret() };
    this.#passes.push(pass);
    if (this.#passes.length > MAX_PASSES) this.#passes.shift();
    return pass;
  }

  /** True for the cookie of a page that was let in. */
  hasCookie(cookie: string | undefined): boolean {
    return cookie !== undefined && this.#passes.some((pass) => isSame(cookie, pass.cookie));
  }

  /** True for the key of a page that was let in. */
  hasKey(key: string | undefined): boolean {
    return key !== undefined && this.#passes.some((pass) => isSame(key, pass.key));
  }
}

/** Pages that were let in and may come back; of more, the oldest are forgotten. */
const MAX_PASSES = 32;

/** Takes as long for a near guess as for a bad one. */
function isSame(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => new TextEncoder().encode(text));
  return a.length === b.length && timingSafeEqual(a, b);
}

/** 256 bits of chance, as text for an address. */
export function randomSecret(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: "base64url", omitPadding: true });
}
