import assert from "node:assert/strict";
import { ptyAvailable } from "../../pty.ts";
import { enter, SharePlace } from "./shared.ts";

const options = { ignore: !ptyAvailable, timeout: 60_000 };

Deno.test("sharing: what one attached types takes nothing of the screen of the host", options, async () => {
  await using place = await SharePlace.make();
  const host = await place.host();
  await enter(host, 'const s = await listen("memory://x")', "listening");
  host.type("half a li");
  await host.waitFor(/^> half a li$/m);
  const one = await place.attached();
  await enter(
    one,
    "await plot(s, (m) => m.x)",
    "Cannot plot for one who has attached: type it in the console itself, or look at it by .web",
  );
  await enter(
    one,
    'await secret("NO_SUCH_PIN")',
    "Cannot ask for NO_SUCH_PIN for one who has attached: set that variable for the console, or type the line there",
  );
  const ask = `await new Promise((resolve, reject) => dispatchEvent(new CustomEvent("parley:choose-port", ` +
    `{ detail: { ports: [{ path: "/dev/a" }], answer: (port) => port.then(resolve, reject) } })))`;
  await enter(one, ask, /Cannot choose a port for one who has attached: name one of \/dev\/a/);
  await host.waitFor(/attach-1> await new Promise[^]*^> half a li$/m);
  assert.doesNotMatch(host.screen(), /any key|not shown|Which/);
  for (let count = "half a li".length; count > 0; count--) host.press("Backspace");
  await enter(host, 'await secret("NO_SUCH_PIN")', "NO_SUCH_PIN (not shown)");
});
