import { ptyAvailable } from "../../pty.ts";
import { enter, SharePlace } from "./shared.ts";

Deno.test(
  "sharing: one that does not read in a flood costs the host and the others nothing, and is told what it missed",
  {
    ignore: !ptyAvailable,
    timeout: 90_000,
  },
  async () => {
    await using place = await SharePlace.make();
    const host = await place.host();
    await enter(host, 'const s = await listen("memory://x", { dialect: "lines" })', "listening");
    await enter(host, 'const c = await connect("memory://x", { dialect: "lines" })', "c connected");
    const stopped = await place.attached();
    const reading = await place.attached();
    // The terminals of the test are slower than any reader: they are not to be looked at here.
    await enter(host, ".watch off", "Messages are not shown");
    await enter(reading, ".watch off", "Messages are not shown");
    // Its process group, as Ctrl-Z at a shell does it.
    const group = Number(new TextDecoder().decode(
      new Deno.Command("ps", { args: ["-o", "pgid=", "-p", String(stopped.pid)] }).outputSync().stdout,
    ));
    Deno.kill(-group, "SIGSTOP");
    try {
      await enter(host, "const before = Deno.memoryUsage().heapUsed; before > 0", /^true\n> $/m);
      host.type(
        'let n = 0; for (; n < 20_000; n++) { s.broadcast(n + "x".repeat(1500)); if (n % 20 === 0) await new Promise((r) => setTimeout(r, 1)) }; "sent"\r',
      );
      host.type('await new Promise((r) => setTimeout(r, 100)); "alive"\r');
      await host.until(
        () => /^"sent"$/m.test(host.scrollback()) && /^"alive"$/m.test(host.scrollback()),
        "the end",
        60_000,
      );
      await enter(reading, "n", /^20000\nbench> $/m);
      await enter(host, ".share", /^Shared as bench: attach-1 \(reads too slowly\), attach-2 \(/m);
      await enter(host, "Deno.memoryUsage().heapUsed - before < 128 * 1024 * 1024", /^true\n> $/m);
    } finally {
      Deno.kill(-group, "SIGCONT");
    }
    await stopped.until(
      () => /^… [\d,]+ more lines not shown$/m.test(stopped.scrollback()),
      "what it missed",
      30_000,
    );
    await enter(stopped, "n + 1", /^20001\nbench> $/m);
  },
);
