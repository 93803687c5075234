import assert from "node:assert/strict";
import { ptyAvailable } from "../../pty.ts";
import { enter, SharePlace } from "./shared.ts";

const options = { ignore: !ptyAvailable, timeout: 60_000 };
const SECRET = "hunter2-hunter2";

Deno.test("sharing: secrets of the console are masked in all that others are sent", options, async () => {
  await using place = await SharePlace.make();
  const host = await place.host();
  await enter(host, `process.env.PIN = "hunter2-" + "hunter2"; const pin = await secret("PIN"); 1`, /^1$/m);
  await enter(host, 'const s = await listen("memory://x", { dialect: "lines" }); 2', /^2$/m);
  await enter(host, 'const c = await connect("memory://x", { dialect: "lines" }); 3', /^3$/m);
  const one = await place.attached();
  await enter(host, "await c.send(`PIN ${pin}`); 4", /^4$/m);
  await one.waitFor('s < memory://x#client "PIN [secret PIN]"');
  await enter(host, `"x".repeat(10) + "hunter2-hunter2"`, "[secret PIN]");
  await one.waitFor('host> "x".repeat(10) + "[secret PIN]"');
  await enter(one, "[pin]", /^\[ "\[secret PIN\]" \]$/m);
  await enter(one, "console.log('log', pin)", /^log \[secret PIN\]$/m);
  await enter(one, "throw new Error(pin)", /^Error: \[secret PIN\]$/m);
  assert.ok(!one.output.includes(SECRET));
  const input = "pin\nnew TextEncoder().encode(pin)\nthrow new Error(pin)\n";
  const { stdout, stderr } = await place.run(["attach", "--json", "-q"], input);
  assert.equal(
    stdout,
    `{"value":"[secret PIN]"}\n{"value":{"$bytes":"${btoa("*".repeat(SECRET.length))}"}}\n`,
  );
  assert.match(stderr, /"message":"\[secret PIN\]"/);
});
