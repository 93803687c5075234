/** What every answer has: nothing of it is kept, framed, or read by another page. */
const SAFE_HEADERS: Readonly<Record<string, string>> = Object.freeze({
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
});

/** One line of text. */
export function plain(status: number, text: string, headers: Record<string, string> = {}): Response {
  return answer(`${text}\n`, "text/plain; charset=utf-8", { status, headers });
}

/** A value. */
export function json(value: unknown): Response {
  return answer(JSON.stringify(value), "application/json");
}

/** Values, one a line, as they come. */
export function lines(body: ReadableStream<Uint8Array>): Response {
  return answer(body, "application/x-ndjson");
}

/**
 * A page that may run and look like nothing but what has its nonce, that reaches nothing but this server, and that
 * cannot turn text into HTML.
 */
export function page(html: string, nonce: string, headers: Record<string, string>): Response {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ];
  return answer(html, "text/html; charset=utf-8", {
    headers: { ...headers, "content-security-policy": policy.join("; ") },
  });
}

function answer(
  body: string | ReadableStream<Uint8Array>,
  type: string,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Response {
  return new Response(body, { status, headers: { ...SAFE_HEADERS, "content-type": type, ...headers } });
}
