import { BrokenError } from "../../mod.ts";
import { randomSecret } from "./admission.ts";
import { FrontDoor } from "./front_door.ts";
import { LastingServer } from "./lasting_server.ts";
import { ObjectIds } from "./object_ids.ts";
import { PageDocument } from "./page_document.ts";
import { pageHandlers } from "./page_handlers.ts";
import { LONG, pageSaid } from "./page_said.ts";
import { PageStream } from "./page_stream.ts";
import { readBody } from "./read_body.ts";
import { json, lines, page, plain } from "./responses.ts";
import { refusalOf } from "./request_check.ts";
import { OrderError, readOrder } from "./send_order.ts";
import { carryOut } from "./sending.ts";
import type { WebSource } from "./web_source.ts";

/** How a {@linkcode WebView} is started. */
export interface WebViewOptions {
  /** Where on this machine it listens; 0 (default): the system chooses. */
  readonly port?: number;
  /** How whoever has a used address gets a new one, as the end of a sentence. */
  readonly renewal: string;
}

/**
 * A page for the browsers of this machine that shows links and their traffic, and sends. It listens on 127.0.0.1 and
 * nowhere else; who has no token of an address gets nothing.
 */
export class WebView {
  readonly #source: WebSource;
  readonly #door: FrontDoor;
  readonly #document = new PageDocument();
  readonly #ids = new ObjectIds();
  readonly #streams = new Set<PageStream>();
  readonly #closing = new AbortController();
  readonly #server: LastingServer;
  #sends = 0;

  /** @throws {BrokenError} `address_in_use`, `permission`: it cannot listen on that port. */
  constructor(source: WebSource, options: WebViewOptions) {
    this.#source = source;
    const { port = 0 } = options;
    try {
      this.#server = new LastingServer({
        hostname: HOST,
        port,
        answer: (request) => this.#answer(request),
        onError: () => plain(500, "That has failed"),
        onBreak: () => this.#closeStreams(),
      });
    } catch (error) {
      throw cannotServe(error, port);
    }
    this.#door = new FrontDoor(this.port, options.renewal);
  }

  get port(): number {
    return this.#server.port;
  }

  /** The address with the token that lets one page in; another one once that is used. */
  get address(): string {
    return `http://${HOST}:${this.port}/?token=${this.#door.token}`;
  }

  /** How many pages look on. */
  get pages(): number {
    return this.#streams.size;
  }

  /** Ends it, and what its pages wait for. */
  async close(): Promise<void> {
    this.#closing.abort(new Error("The web view was closed"));
    this.#closeStreams();
    await this.#server.close();
  }

  /** A page whose stream ends asks for another one, if there is anybody to ask. */
  #closeStreams(): void {
    for (const stream of [...this.#streams]) stream.close();
  }

  async #answer(request: Request): Promise<Response> {
    const url = URL.parse(request.url);
    if (url === null) return plain(400, "This is no address"); // made of its host, which may be anything
    const route = this.#routes.get(url.pathname);
    const refusal = refusalOf(request, this.port, [route?.method ?? "GET"]);
    if (refusal !== undefined) {
      const { status, text, allow } = refusal;
      return plain(status, text, allow === undefined ? {} : { allow });
    }
    const notLetIn = url.pathname === "/" ? undefined : this.#door.refusalOf(request);
    if (notLetIn !== undefined) return plain(401, notLetIn);
    return await route?.answer(request, url) ?? plain(404, "There is nothing here");
  }

  /** To add one: its path, what may be done there, and what does it. */
  readonly #routes: ReadonlyMap<string, Route> = new Map<string, Route>([
    ["/", { method: "GET", answer: (request, url) => this.#page(request, url) }],
    ["/api/stream", { method: "GET", answer: (_request, url) => this.#stream(url) }],
    ["/api/said", { method: "GET", answer: (_request, url) => this.#whole(url) }],
    ["/api/handlers", { method: "GET", answer: (_request, url) => this.#handlers(url) }],
    ["/api/send", { method: "POST", answer: (request) => this.#send(request) }],
  ]);

  #page(request: Request, url: URL): Response {
    const entrance = this.#door.enter(request, url);
    if ("refusal" in entrance) return plain(entrance.status, entrance.refusal);
    const { key, cookie } = entrance;
    const nonce = randomSecret();
    return page(
      this.#document.render(nonce, key),
      nonce,
      cookie === undefined ? {} : { "set-cookie": cookie },
    );
  }

  #stream(url: URL): Response {
    if (this.#streams.size >= MAX_PAGES) {
      return plain(503, `There are ${MAX_PAGES} pages already; close one of them`);
    }
    const after = Number(url.searchParams.get("after") ?? 0);
    const wishes = { after, wire: url.searchParams.get("wire") === "1" };
    const stream = new PageStream(this.#source, this.#ids, wishes, () => this.#streams.delete(stream));
    this.#streams.add(stream);
    return lines(stream.body);
  }

  /** One message, whole. */
  #whole(url: URL): Response {
    const seq = Number(url.searchParams.get("seq"));
    const said = this.#source.entries().find((each) => each.seq === seq);
    if (said === undefined) return plain(404, "This message is no longer kept: too many came after it");
    const link = this.#source.links().find((each) => each.link === said.link);
    const place = { link: this.#ids.of(said.link), linkName: link?.name ?? said.link.address };
    return json(pageSaid(said, place, { limits: LONG, masks: this.#source.masks }));
  }

  async #handlers({ searchParams }: URL): Promise<Response> {
    const peer = searchParams.get("peer");
    const target = { link: Number(searchParams.get("link")), peer: peer === null ? undefined : Number(peer) };
    return json(await pageHandlers(target, this.#source, this.#ids));
  }

  async #send(request: Request): Promise<Response> {
    if (this.#sends >= MAX_SENDS) {
      return plain(503, `${MAX_SENDS} messages are being sent; wait until some are done`);
    }
    this.#sends++;
    try {
      const body = await readBody(request, MAX_BODY_BYTES);
      if (body === undefined) {
        return plain(413, `More than ${MAX_BODY_BYTES} bytes at once cannot be sent here`);
      }
      const result = await carryOut(readOrder(body), this.#source, this.#ids, this.#closing.signal);
      return json(result);
    } catch (error) {
      return plain(400, error instanceof OrderError ? error.message : "The request could not be read");
    } finally {
      this.#sends--;
    }
  }
}

interface Route {
  readonly method: string;
  answer(request: Request, url: URL): Response | Promise<Response>;
}

/** This machine, and nobody else. */
const HOST = "127.0.0.1";
/** Pages that look on at once. */
const MAX_PAGES = 16;
/** Messages of pages that are being sent or wait for their answer. */
const MAX_SENDS = 64;
/** Largest order of a page: a frame of the usual limit in hexadecimal with spaces. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

function cannotServe(error: unknown, port: number): unknown {
  const where = `Cannot show the web view on ${HOST} port ${port}`;
  if (error instanceof Deno.errors.AddrInUse) {
    return new BrokenError(
      "address_in_use",
      `${where}: another program has that port; leave it out for a free one`,
    );
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return new BrokenError("permission", `${where}: not allowed; choose a port above 1023`);
  }
  return error;
}
