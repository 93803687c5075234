import assert from "node:assert/strict";
import { connect, listen } from "../../mod.ts";
import { WebView } from "../../src/web/web_view.ts";
import { LookedAt } from "./looked_at.ts";
import { rawRequest } from "./raw_request.ts";

Deno.test("A token lets one page in, and is refused the second time with how to get another", async () => {
  await using looked = new LookedAt();
  const { address } = looked.view;
  const first = await fetch(address);
  assert.equal(first.status, 200);
  assert.match(await first.text(), /<title>Parley<\/title>/);
  assert.match(first.headers.get("set-cookie")!, /; HttpOnly; SameSite=Strict; Path=\/$/);
  const second = await fetch(address);
  assert.equal(second.status, 403);
  assert.equal(
    await second.text(),
    "This address was used, and is good for one page only; ask the tests for a new one\n",
  );
  assert.notEqual(looked.view.address, address);
  assert.equal(looked.view.address, looked.view.address);
});

Deno.test("Nothing is told without a token, a cookie and a key", async () => {
  await using looked = new LookedAt();
  const { cookie, authorization } = await looked.enter();
  const paths = ["/api/stream", "/api/said?seq=1"];
  const strangers: Record<string, string>[] = [
    {},
    { cookie },
    { authorization },
    { cookie, authorization: "Bearer x" },
    { cookie, authorization, "sec-fetch-site": "same-site" },
  ];
  for (const path of paths) {
    for (const headers of strangers) {
      const response = await fetch(looked.origin + path, { headers });
      assert.equal(response.status, 401, `${path} ${JSON.stringify(headers)}`);
      assert.match(await response.text(), /was not let in; ask the tests for a new one/);
    }
  }
  const bare = await fetch(looked.origin);
  assert.equal(bare.status, 401);
  await bare.body?.cancel();
  const wrong = await fetch(`${looked.origin}/?token=guess`, { headers: { cookie } });
  assert.equal(wrong.status, 403);
  await wrong.body?.cancel();
});

Deno.test("A page that is loaded again has its cookie, and gets no key a second time", async () => {
  await using looked = new LookedAt();
  const { cookie } = await looked.enter();
  const again = await fetch(looked.origin, { headers: { cookie } });
  assert.equal(again.status, 200);
  assert.match(await again.text(), /data-key=""/);
});

Deno.test("A page is refused everything but itself, and so is whoever would frame or read it", async () => {
  await using looked = new LookedAt();
  const response = await fetch(looked.view.address);
  const html = await response.text();
  const policy = response.headers.get("content-security-policy")!;
  const nonce = /script-src 'nonce-([\w-]{43})'/.exec(policy)?.[1];
  assert.ok(nonce);
  assert.match(policy, /^default-src 'none';/);
  assert.match(policy, /connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'/);
  assert.match(policy, /frame-ancestors 'none'; require-trusted-types-for 'script'$/);
  for (const [tag] of html.matchAll(/<(?:script|style)\b[^>]*>/g)) {
    assert.ok(tag.includes(`nonce="${nonce}"`), tag);
  }
  const places = [...html.matchAll(/(?:src|href)="([^"]*)"|url\(([^)]*)\)|https?:\/\/[\w.-]+/g)].map((
    [all],
  ) => all);
  const harmless = /^(?:href="data:image\/svg|https?:\/\/(?:www\.w3\.org|github\.com))/; // a name, and a licence
  assert.deepEqual(places.filter((place) => !harmless.test(place)), []);
  assert.equal(response.headers.get("x-frame-options"), "DENY");
  assert.equal(response.headers.get("cross-origin-resource-policy"), "same-origin");
  assert.equal(response.headers.get("access-control-allow-origin"), null);
  const other = await fetch(
    `${looked.origin}/?token=${new URL(looked.view.address).searchParams.get("token")}`,
  );
  assert.ok(!other.headers.get("content-security-policy")!.includes(nonce), "a nonce is used once");
  await other.body?.cancel();
});

Deno.test("A request under another name of this machine is refused", async () => {
  await using looked = new LookedAt();
  const { port } = looked.view;
  const path = new URL(looked.view.address).search;
  for (
    const host of [
      "evil.example",
      `evil.example:${port}`,
      "127.0.0.1",
      `127.0.0.1:1`,
      `0.0.0.0:${port}`,
      "",
      "a b",
      "%",
    ]
  ) {
    const { status } = await rawRequest(port, [`GET /${path} HTTP/1.1`, `host: ${host}`]);
    assert.ok(status === 421 || status === 400, `${host}: ${status}`);
  }
  const { status } = await rawRequest(port, [`GET /${path} HTTP/1.1`, `host: localhost:${port}`]);
  assert.equal(status, 200);
});

Deno.test("Pages of other origins send nothing, whatever they have", async () => {
  await using looked = new LookedAt();
  const visitor = await looked.enter();
  const { port } = looked.view;
  const body = "{}";
  const statusOf = async (path: string, method: string, origin: string[]) => {
    const { status, text } = await rawRequest(
      port,
      [
        `${method} ${path} HTTP/1.1`,
        `host: 127.0.0.1:${port}`,
        ...origin,
        ...Object.entries(visitor).map(([name, value]) => `${name}: ${value}`),
        `content-length: ${method === "POST" ? body.length : 0}`,
      ].concat(method === "POST" ? ["", body] : []),
    );
    assert.doesNotMatch(text, /access-control/i);
    return status;
  };
  const own = `origin: http://127.0.0.1:${port}`;
  for (
    const origin of [["origin: http://evil.example"], ["origin: null"], ["origin: http://127.0.0.1:1"], []]
  ) {
    assert.equal(await statusOf("/api/send", "POST", origin), 403, origin.join());
  }
  assert.equal(await statusOf("/api/stream", "GET", ["origin: http://evil.example"]), 403);
  const socket = ["upgrade: websocket", "sec-websocket-version: 13", "origin: http://evil.example"];
  assert.equal(await statusOf("/api/stream", "GET", socket), 403);
  assert.equal(await statusOf("/api/send", "POST", [own]), 400, "let in, but no order");
});

Deno.test("Only what a page does can be done, and with no more bytes than it needs", async () => {
  await using looked = new LookedAt();
  const headers = { ...await looked.enter(), origin: looked.origin };
  for (
    const [path, method] of [["/", "POST"], ["/api/send", "GET"], ["/api/stream", "DELETE"], ["/", "OPTIONS"]]
  ) {
    const response = await fetch(looked.origin + path, { method, headers });
    assert.equal(response.status, 405, `${method} ${path}`);
    assert.match(response.headers.get("allow")!, /^(GET|POST)$/);
    await response.body?.cancel();
  }
  const nowhere = await fetch(`${looked.origin}/__proto__`, { headers });
  assert.equal(nowhere.status, 404);
  await nowhere.body?.cancel();
  const order = { link: 1, doing: "send", format: "text", content: "x".repeat(5 * 1024 * 1024) };
  const large = await fetch(`${looked.origin}/api/send`, {
    method: "POST",
    headers,
    body: JSON.stringify(order),
  });
  assert.equal(large.status, 413);
  assert.match(await large.text(), /^More than 4194304 bytes/);
});

Deno.test("What a browser loads in advance uses up no token", async () => {
  await using looked = new LookedAt();
  const { address } = looked.view;
  const early = await fetch(address, { headers: { "sec-purpose": "prefetch;prerender" } });
  assert.equal(early.status, 503);
  await early.body?.cancel();
  assert.equal(looked.view.address, address);
});

Deno.test("A port that another program has is an error that says so", async () => {
  await using looked = new LookedAt();
  const { port } = looked.view;
  const again = () => new WebView(looked.source, { port, renewal: "" });
  assert.throws(again, {
    code: "address_in_use",
    message: `Cannot show the web view on 127.0.0.1 port ${port}: another program has that port; ` +
      `leave it out for a free one`,
  });
});

Deno.test("A page hears what is said, and what its orders come to", async () => {
  await using looked = new LookedAt();
  await using device = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onReceive: (line, peer) => line === "mute" ? undefined : peer.send(line.toUpperCase()),
  });
  const client = looked.add(
    "psu",
    await connect(device.address, { dialect: "lines", limits: { askMs: 30 } }),
  );
  const visitor = await looked.enter();
  const stream = await fetch(`${looked.origin}/api/stream`, { headers: visitor });
  const batches = batchesOf(stream);
  const { value: { links: [link] } } = await batches.next();
  assert.deepEqual([link.name, link.state, link.dialect], ["psu", "open", "lines"]);
  const send = async (order: Record<string, unknown>) => {
    const headers = { ...visitor, origin: looked.origin };
    const body = JSON.stringify({ link: link.id, doing: "ask", format: "text", content: "", ...order });
    return await (await fetch(`${looked.origin}/api/send`, { method: "POST", headers, body })).json();
  };
  const answer = await send({ content: "volt?" });
  assert.deepEqual([answer.ok, answer.value], [true, "VOLT?"]);
  assert.equal((await send({ format: "hex", content: "61 62" })).value, "AB");
  assert.equal((await send({ format: "json", content: '{"a": 1}' })).value, '{"A":1}');
  assert.match((await send({ content: "mute" })).text, /^TimeoutError \[timeout\]: .* within 30 ms/);
  assert.match((await send({ format: "hex", content: "6" })).text, /1 digits, and a byte has two/);
  assert.match((await send({ link: 99 })).text, /this link is gone/);
  assert.match((await send({ doing: "request", name: "add", content: "1, 2" })).text, /dialect "lines"/);
  const seen: unknown[] = [];
  while (seen.length < 7) {
    const { value } = await batches.next();
    for (const { direction, value: said } of value.said ?? []) {
      seen.push(`${direction} ${said.$bytes ?? said}`);
    }
  }
  assert.deepEqual(seen.slice(0, 4), ["out volt?", "in VOLT?", "out YWI=", "in AB"]);
  await batches.return(undefined);
  await client.close();
});

Deno.test("Closing ends the streams of all pages, and calls off what they wait for", async () => {
  await using looked = new LookedAt();
  await using device = await listen("tcp://127.0.0.1:0", { dialect: "lines", onReceive: () => {} });
  looked.add("psu", await connect(device.address, { dialect: "lines" }));
  const visitor = await looked.enter();
  const batches = batchesOf(await fetch(`${looked.origin}/api/stream`, { headers: visitor }));
  const { value: { links: [{ id }] } } = await batches.next();
  assert.equal(looked.view.pages, 1);
  const heard = Promise.withResolvers<void>();
  const unwatch = looked.book.watch(() => heard.resolve());
  const order = { link: id, doing: "ask", format: "text", content: "anybody?" };
  const headers = { ...visitor, origin: looked.origin };
  const asked = fetch(`${looked.origin}/api/send`, { method: "POST", headers, body: JSON.stringify(order) });
  await heard.promise;
  unwatch();
  const closed = looked.view.close();
  assert.match((await (await asked).json()).text, /The web view was closed/);
  while (!(await batches.next()).done);
  await closed;
  assert.equal(looked.view.pages, 0);
});

// deno-lint-ignore no-explicit-any -- what is told is what is tested
async function* batchesOf(response: Response): AsyncGenerator<any, undefined> {
  assert.equal(response.status, 200);
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of response.body!) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield JSON.parse(line);
  }
}
