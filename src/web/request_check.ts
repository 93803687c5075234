/** What a request asks for, as far as the check needs it. */
export interface Asked {
  readonly method: string;
  readonly headers: Headers;
}

/** Why a request is refused. */
export interface Refusal {
  readonly status: number;
  /** One line for people. */
  readonly text: string;
  /** The methods that would do. */
  readonly allow?: string;
}

/**
 * Refuses what no page of ours asks: another method; a name for this machine that is not ours, which is how a foreign
 * page gets past the browser's rules (DNS rebinding); and whatever a page of another origin has sent.
 *
 * @param port The port that we listen on.
 * @param methods What may be done at this path.
 */
export function refusalOf(asked: Asked, port: number, methods: readonly string[]): Refusal | undefined {
  const { method, headers } = asked;
  const hosts = HOSTS.map((name) => `${name}:${port}`);
  const host = headers.get("host") ?? "";
  if (!hosts.includes(host.toLowerCase())) {
    return { status: 421, text: `This is not the server of that name. Its address is http://${hosts[0]}/` };
  }
  if (!methods.includes(method)) {
    return { status: 405, text: `Only ${methods.join(" and ")} can be done here`, allow: methods.join(", ") };
  }
  const origin = headers.get("origin");
  const isOurs = origin === null ? method === "GET" : origin === `http://${host.toLowerCase()}`;
  if (!isOurs) return { status: 403, text: "Only the page of this server may ask for that" };
  // A browser that loads a page in advance would use up the token of whoever opens it then.
  if (/prefetch|prerender/.test(`${headers.get("sec-purpose")} ${headers.get("purpose")}`)) {
    return { status: 503, text: "Not in advance" };
  }
  return undefined;
}

/** True unless a browser says that the request comes from another page than ours. */
export function isFromOurPage(headers: Headers): boolean {
  return ["same-origin", null].includes(headers.get("sec-fetch-site"));
}

/** Names of this machine that nobody else can have. */
const HOSTS = ["127.0.0.1", "localhost"] as const;
