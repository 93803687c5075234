import { Admission, randomSecret } from "./admission.ts";
import { isFromOurPage } from "./request_check.ts";

/** A page may be shown, with the key and the cookie that it is given; or why not. */
export type Entrance =
  | { readonly key?: string; readonly cookie?: string }
  | { readonly status: number; readonly refusal: string };

/** Lets pages in: by the token of the address once, and by their cookie when they are loaded again. */
export class FrontDoor {
  readonly #admission = new Admission(randomSecret);
  /** Browsers keep one jar of cookies for all ports of a machine. */
  readonly #cookieName: string;
  readonly #renewal: string;

  /** @param renewal How whoever has a used address gets a new one, as the end of a sentence. */
  constructor(port: number, renewal: string) {
    this.#cookieName = `parley-${port}`;
    this.#renewal = renewal;
  }

  /** What the next page has to show. */
  get token(): string {
    return this.#admission.token;
  }

  /** Somebody wants the page. */
  enter({ headers }: Request, url: URL): Entrance {
    const token = url.searchParams.get("token");
    if (token === null) {
      if (this.#admission.hasCookie(this.#cookieOf(headers))) return {};
      return { status: 401, refusal: `The address of this page has a token; ${this.#renewal}` };
    }
    const pass = this.#admission.enter(token);
    if (pass === undefined) {
      return {
        status: 403,
        refusal: `This address was used, and is good for one page only; ${this.#renewal}`,
      };
    }
    return { key: pass.key, cookie: `${this.#cookieName}=${pass.cookie}; HttpOnly; SameSite=Strict; Path=/` };
  }

  /** Why a page may not ask for what is behind the door; `undefined` when it may. */
  refusalOf({ headers }: Request): string | undefined {
    const key = /^Bearer (\S+)$/.exec(headers.get("authorization") ?? "")?.[1];
    const mayAsk = this.#admission.hasKey(key) && this.#admission.hasCookie(this.#cookieOf(headers)) &&
      isFromOurPage(headers);
    return mayAsk ? undefined : `This page was not let in; ${this.#renewal}`;
  }

  #cookieOf(headers: Headers): string | undefined {
    const cookies = (headers.get("cookie") ?? "").split("; ");
    const name = `${this.#cookieName}=`;
    return cookies.find((cookie) => cookie.startsWith(name))?.slice(name.length);
  }
}
