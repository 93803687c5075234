import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { connect, listen, type Server } from "../../mod.ts";
import { hexDump } from "../../src/web/page/hex_dump.ts";
import { Browser, browserAvailable, browserNote } from "./browser.ts";
import { LookedAt } from "./looked_at.ts";

/** A power supply that answers, and a fleet of one drone. */
async function makeWorld(): Promise<{ looked: LookedAt; device: Server; fleet: Server } & AsyncDisposable> {
  const looked = new LookedAt();
  const device = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onReceive: (line, peer) => line.endsWith("?") ? peer.send(`${line.slice(0, -1)}=5.01`) : undefined,
  });
  looked.add("psu", await connect(device.address, { dialect: "lines" }));
  const fleet = looked.add("fleet", await listen("tcp://127.0.0.1:0"));
  const arrived = fleet.nextPeer();
  const drone = await connect(fleet.address);
  drone.onRequest("battery", (_call, unit) => ({ level: 14.1, unit }));
  await arrived;
  return {
    looked,
    device,
    fleet,
    [Symbol.asyncDispose]: async () => {
      await drone.close();
      await looked[Symbol.asyncDispose]();
      await device.close();
    },
  };
}

/** Resolves when a row has this text. */
async function row(page: Page, text: string): Promise<ReturnType<Page["locator"]>> {
  const found = page.locator(".row", { hasText: text }).first();
  await found.waitFor();
  return found;
}

function say(device: Server, ...lines: string[]): void {
  for (const peer of device.peers) for (const line of lines) void peer.send(line);
}

Deno.test({ name: `The page in a browser${browserNote}`, ignore: !browserAvailable }, async (t) => {
  // One after another does what the one before has left: after a failure the rest would only wait.
  const step = async (name: string, look: () => Promise<void>) => {
    if (!await t.step(name, look)) throw new Error(`The page fails: ${name}`);
  };
  await using world = await makeWorld();
  const { looked, device } = world;
  await using browser = await Browser.start();
  const { address } = looked.view;
  const { page, problems } = await browser.open(address);

  await step("shows the links and what they carry", async () => {
    await page.locator(".link", { hasText: "psu" }).waitFor();
    const text = await page.locator("#links").innerText();
    assert.match(text, /psu\s+open\s+tcp:\/\/127\.0\.0\.1:\d+\s+lines/);
    assert.match(text, /fleet\s+listening[^]*native\s*1 peer/);
    assert.equal(await page.locator("#state").innerText(), "live");
    assert.equal(new URL(page.url()).search, "", "the token is not left in the address");
  });

  await step("shows what is received and sent, with time, link, peer and direction", async () => {
    say(device, "temp=21.5");
    const text = await (await row(page, "temp=21.5")).innerText();
    assert.match(text, /^\d\d:\d\d:\d\d\.\d{3}\s+psu\s+←\s+127\.0\.0\.1:\d+\s+temp=21\.5/);
  });

  await step("sends a message and shows the answer", async () => {
    await page.locator("#send-target").selectOption({ label: "psu" });
    await page.locator("#send-content").fill("volt?");
    await page.keyboard.press("Enter");
    await page.locator(".result.is-ok", { hasText: "volt=5.01" }).waitFor();
    assert.match(await page.locator(".result").innerText(), /volt\?\s+←?\s*volt=5\.01\s*[\d.]+ ms/);
    await row(page, "volt?");
  });

  await step("sends a request to one peer of a server, and shows the answer and the failure", async () => {
    await page.locator("#send-target").selectOption({ label: await peerLabel(page) });
    await page.locator("#send-doing").selectOption("request");
    await page.locator("#send-name").focus();
    await page.locator("#send-names option[value=battery]", { hasText: "(unit)" }).waitFor({
      state: "attached",
    });
    await page.locator("#send-name").fill("battery");
    await page.locator("#send-content").fill('"V"');
    await page.keyboard.press("Enter");
    await page.locator(".result", { hasText: '{ level: 14.1, unit: "V" }' }).waitFor();
    await page.locator("#send-name").fill("batery");
    await page.locator("#send-go").click();
    const failed = page.locator(".result.is-failed", { hasText: "not_found" });
    await failed.waitFor();
    assert.match(await failed.innerText(), /battery/);
  });

  await step("filters by text, link, direction and kind", async () => {
    say(device, "apple", "pear");
    await row(page, "pear");
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    await page.keyboard.type("apple");
    await page.locator(".row:visible", { hasText: "pear" }).waitFor({ state: "detached" });
    assert.equal(await page.locator(".row:visible").count(), 1);
    await page.locator("#filter").fill("");
    await page.locator("#filter-direction").selectOption("out");
    await page.locator("#filter-kind").selectOption("call");
    await page.locator(".row:visible", { hasText: "pear" }).waitFor({ state: "detached" });
    assert.match(await (await row(page, 'battery("V")')).innerText(), /fleet\s+→[^]*request/);
    await page.locator("#filter-direction").selectOption("");
    await page.locator("#filter-kind").selectOption("");
    await page.locator(".link", { hasText: "psu" }).click();
    await page.locator(".row:visible", { hasText: "fleet" }).first().waitFor({ state: "detached" });
    await page.locator(".link", { hasText: "psu" }).click();
  });

  await step("shows a message as text, as JSON and as bytes", async () => {
    say(device, '{"speed": 12.5}');
    await (await row(page, "speed")).click();
    const body = page.locator("#detail-body");
    assert.equal(await body.innerText(), '{"speed": 12.5}');
    await page.locator("#detail [data-tab=json]").click();
    assert.equal(await body.innerText(), '{\n  "speed": 12.5\n}');
    await page.locator("#detail [data-tab=hex]").click();
    assert.equal(
      await body.innerText(),
      '0000  7b 22 73 70  65 65 64 22  {"speed"\n0008  3a 20 31 32  2e 35 7d     : 12.5}',
    );
    await page.locator("#detail-reuse").click();
    assert.equal(await page.locator("#send-content").inputValue(), '{"speed": 12.5}');
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.locator("#detail").waitFor({ state: "hidden" });
  });

  await step("is used with keys alone", async () => {
    await page.locator("#list").focus();
    await page.keyboard.press("End");
    const [last] = await page.locator(".row[aria-selected=true]").allInnerTexts();
    assert.match(last, /speed/);
    await page.keyboard.press("ArrowUp");
    await page.locator(".row[aria-selected=true]", { hasText: "pear" }).waitFor();
    assert.equal(await page.locator("#detail-body").innerText(), hexOf("pear"));
    await page.keyboard.press("Escape");
    await page.keyboard.press("s");
    await page.keyboard.press("ArrowUp");
    assert.equal(await page.locator("#send-content").inputValue(), '"V"', "what was sent before");
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.locator("#help").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("#help").waitFor({ state: "hidden" });
  });

  await step("shows the bytes on the wire on request", async () => {
    await page.locator("#wire").click();
    await page.locator("#wire[aria-pressed=true]").waitFor();
    await page.locator("#state.is-live").waitFor();
    // The stream begins anew: what is sent until then is not seen.
    const seen = row(page, "<77 69 72 65 64 0a>");
    let isSeen = false;
    void seen.finally(() => isSeen = true);
    while (!isSeen) {
      say(device, "wired");
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
    }
    await seen;
    await page.locator("#wire").click();
  });

  await step("plots numbers that it finds", async () => {
    for (const value of [1, 2, 3]) say(device, `rpm=${value}000 temp=${value}`);
    await page.locator(".field", { hasText: "rpm" }).click();
    await page.locator(".field", { hasText: "temp" }).first().click();
    await page.locator("#plot canvas").waitFor();
    say(device, "rpm=4321 temp=4");
    await page.locator("#plot .u-legend", { hasText: "4,321" }).waitFor();
    assert.match(await page.locator("#plot .u-legend").innerText(), /rpm \(psu\)[^]*temp \(psu\)/);
    assert.ok(await page.evaluate(inkOf, "#plot canvas") > 100);
    await page.locator("#plot-none").click();
    await page.locator("#plot canvas").waitFor({ state: "detached" });
  });

  await step("pauses, and shows afterwards what came meanwhile", async () => {
    await page.keyboard.press("p");
    say(device, "while paused");
    await page.locator("#pause", { hasText: "Resume +1" }).waitFor();
    assert.equal(await page.locator(".row", { hasText: "while paused" }).count(), 0);
    await page.locator("#pause").click();
    await row(page, "while paused");
  });

  await step("shows hostile text as text, wherever it stands", async () => {
    const evil = `<img src=x onerror=alert(1)><script>alert(2)</script>\u202e"'&`;
    looked.add(evil, await listen("memory://evil"));
    say(device, evil, JSON.stringify({ [evil]: 1.5 }), `${evil}=7`);
    const { fleet } = world;
    for (const peer of fleet.peers) await peer.action(evil, [evil]);
    const shown = await row(page, "<img src=x onerror=alert(1)><script>alert(2)</script>\\u202e");
    await shown.click();
    for (const tab of ["json", "hex", "text"]) await page.locator(`#detail [data-tab=${tab}]`).click();
    assert.match(await page.locator("#detail-body").innerText(), /<script>alert\(2\)<\/script>\\u202e/);
    await page.locator("#send-target").selectOption({ label: "psu" });
    await page.locator("#send-content").fill(`${evil}?`);
    await page.keyboard.press("Enter");
    await page.locator(".result", { hasText: "\\u202e" }).first().waitFor();
    await page.locator("#send-target option", { hasText: "nobody connected" }).waitFor({ state: "attached" });
    assert.equal(await page.locator("img, body script:not([nonce])").count(), 0);
    const text = await page.evaluate(() => (globalThis as unknown as Looked).document.body.innerText);
    const chosen = (await page.locator("option").allTextContents()).join("\n");
    assert.match(chosen, /alert\(1\)>[^]*\\u202e/);
    assert.doesNotMatch(text + chosen, /\u202e/);
    await page.locator("#detail-close").click();
  });

  await step(
    "stays alive in a flood, tells what it leaves out, and still sees the other links",
    async () => {
      await page.locator("#clear").click();
      const flood = Array.from({ length: 2000 }, (_, index) => `flood n=${index}`);
      for (let burst = 0; burst < 20; burst++) {
        say(device, ...flood);
        await Promise.all([...device.peers].map((peer) => peer.send("end of burst")));
      }
      for (const peer of world.fleet.peers) await peer.action("quiet", [1]);
      say(device, "end of flood");
      await row(page, "end of flood");
      assert.match(await page.locator("#traffic-count").innerText(), /left out/);
      assert.ok(await page.locator(".row").count() < 60);
      await page.locator("#filter-link").selectOption({ label: "fleet" });
      await row(page, "quiet(1)");
      await page.locator("#filter-link").selectOption({ label: "All links" });
    },
  );

  await step("is let in again when it is loaded again, in its own tab only", async () => {
    await page.reload();
    await page.locator("#state.is-live").waitFor();
    const { page: other, problems: refused } = await browser.open(looked.origin);
    await other.locator("#state.is-lost", { hasText: "not let in; ask the tests for a new one" }).waitFor();
    assert.match(refused.join(), /401/);
    await other.close();
    const { page: second } = await browser.open(address);
    assert.match(await second.locator("body").innerText(), /was used/);
    await second.close();
  });

  await step("fits a narrow window", async () => {
    await page.setViewportSize({ width: 400, height: 700 });
    assert.equal(await page.locator("#side").isVisible(), false);
    await page.locator("#tabs button", { hasText: "Links" }).click();
    assert.equal(await page.locator("#links").isVisible(), true);
    assert.equal(await page.locator("#list").isVisible(), false);
    const [wide, width] = await page.evaluate(() => {
      const { documentElement } = (globalThis as unknown as Looked).document;
      return [documentElement.scrollWidth, documentElement.clientWidth];
    });
    assert.equal(wide, width);
  });

  await step("says so when the program is gone", async () => {
    await looked.view.close();
    await page.locator("#state.is-lost", { hasText: "The program is gone" }).waitFor();
  });

  const expected = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE|ERR_EMPTY|network error/i; // of the last step
  assert.deepEqual(problems.filter((problem) => !expected.test(problem)), []);
});

async function peerLabel(page: Page): Promise<string> {
  return await page.locator("#send-target option", { hasText: "fleet · 127" }).first().innerText();
}

function hexOf(text: string): string {
  return hexDump(new TextEncoder().encode(text), 8);
}

/** What a test looks at inside of the browser. */
interface Looked {
  document: {
    body: { innerText: string };
    documentElement: { scrollWidth: number; clientWidth: number };
    querySelector(selector: string): Canvas;
  };
}
interface Canvas {
  width: number;
  height: number;
  getContext(kind: string): { getImageData(...box: number[]): { data: Uint8ClampedArray } };
}

/** How many points of a canvas are not empty. Runs in the browser. */
function inkOf(selector: string): number {
  const canvas = (globalThis as unknown as Looked).document.querySelector(selector);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((value, index) => index % 4 === 3 && value > 0).length;
}
