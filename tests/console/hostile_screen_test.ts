import assert from "node:assert/strict";
import { listen } from "../../mod.ts";
import { type Pty, ptyAvailable } from "../pty.ts";
import { SharePlace } from "./share/shared.ts";

/** One of each kind that could drive a terminal or deceive the eye. */
const HOSTILE =
  "E\x1b[38;5;99m\x1b[3;3H\x1b]0;owned\x07\x1b]8;;http://e\x1b\\c\x1b]52;c;b3du\x07\x1bP+q544e\x1b\\" +
  "\x9b38;5;99m\x9d0;x\x9c\x90q\x9c\u202ee\u2066x\u200f\u061ca\u200bb\u200d\u2060\ufeff\u00ad\u2028\u2029\u{e0041}" +
  "\x0e\x0f\x05\x08\x7f\x85\x00\r\n\tV";
/** None of it is in what we write by ourselves; `\x1b`, line ends and backspaces are. */
const FORBIDDEN =
  // deno-lint-ignore no-control-regex
  /[\x00-\x07\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]|\x1b[\]PX^_]|\x1b\[(38;5;99m|3;3H)/u;

/** What is typed at each terminal. H is the hostile text, `c` a link to a hostile peer, `s` has peers of hostile names. */
const LINES = [
  "H",
  "[{ [H]: H }, new Map([[H, H]]), Symbol(H), new Error(H)]",
  "console.log(H); console.table([{ [H]: H }])",
  "throw new Error(H, { cause: new AggregateError([new Error(H)], H) })",
  "Promise.reject(new Error(H)); 0",
  'await c.request("echo")',
  'await c.request("fails")',
  "await c.request(H.slice(0, 60))",
  "await c.describe()",
  ".help c.request",
  ".help c",
  's.request("b").then(String)',
  "await group(p1, p2).request('b')",
  "await p1.send({ [H]: [H, new TextEncoder().encode(H)] })",
  "await p1.action(H.slice(0, 60), [H])",
  "check({ [H]: H }).equals(H)",
  "await secret(H)",
  "await connect('tcp://' + H)",
  "await serial(H)",
  "await import('./' + H)",
  "p1.close(H)",
  ...["hex", "json", "js"].flatMap((format) => [`.format ${format}`, "await p2.send({ [H]: H })"]),
  ".format text",
  ".find owned",
  ".share \u202ename",
  ".load \u202efile",
  ".replay \u202efile",
  ".\u202ecommand",
];

Deno.test(
  "nothing hostile reaches a terminal, by whatever view, of the console or of one that has attached",
  {
    ignore: !ptyAvailable,
    timeout: 120_000,
  },
  async () => {
    await using served = await listen("tcp://127.0.0.1:0");
    const name = HOSTILE.slice(0, 60);
    served.onRequest(name, () => HOSTILE, { description: HOSTILE });
    served.onAction(`x${name}`, () => {}, { description: HOSTILE });
    served.onRequest("echo", () => HOSTILE, { description: HOSTILE });
    served.onRequest("fails", () => {
      throw Object.assign(new Error(HOSTILE), { code: HOSTILE, name: HOSTILE });
    });
    await using place = await SharePlace.make();
    Deno.writeTextFileSync(`${place.folder}/${HOSTILE.replaceAll(/[\0/]/g, "")}.ts`, "1");
    const host = await place.host();
    const one = await place.attached();
    await clean(
      host,
      `const H = ${JSON.stringify(HOSTILE)}; const c = await connect("${served.address}")`,
    );
    await clean(
      host,
      `const s = await listen("memory://s"); const [p1, p2] = [await connect("memory://s"), ` +
        `await connect("memory://s")]; for (const p of [p1, p2]) { p.onRequest("b", () => H); p.onAction(name, () => {}) }`
          .replace("name", "H.slice(0, 60)"),
    );
    await clean(host, "p2.onRequest('b', () => { throw new Error(H) })");
    for (const pty of [host, one]) {
      for (const line of LINES) await clean(pty, line);
      for (
        const begun of [
          'await c.request("',
          'await c.action("',
          `await handlersFrom("${place.folder}/`,
        ]
      ) {
        const { length } = pty.output;
        pty.type(begun);
        pty.press("Tab", "Tab");
        await pty.until(() => pty.output.slice(length).includes("E\\x1b[38;5;99m"), `what ${begun} offers`);
        pty.press("Ctrl-U");
        await clean(pty, "0");
      }
    }
    for (const live of [".links", ".ports", "await plot(c, (m) => m.x, { names: [H] })"]) {
      host.type(`${live}\r`);
      await host.waitFor(/any key/);
      host.press("Escape");
      await clean(host, "0");
    }
    host.paste(`"${HOSTILE.replaceAll("\x00", "")}"`);
    await clean(host, "");
    host.press("Up", "Up", "Ctrl-C", "Ctrl-R");
    host.type("owned");
    host.press("Ctrl-C");
    await clean(host, "0");
    for (const pty of [host, one]) {
      assert.match(pty.output, /E\\x1b\[38;5;99m/, "it was shown, made harmless");
    }
  },
);

let marks = 0;

/** Types a line, waits until what comes of it is there, and looks at all that was written. */
async function clean(pty: Pty, line: string): Promise<void> {
  pty.type(`${line}\r`);
  const mark = ++marks;
  pty.type(`"mark" + ${mark}\r`);
  await pty.waitFor(`"mark${mark}"`);
  const found = FORBIDDEN.exec(pty.output);
  if (found === null) return;
  const around = pty.output.slice(Math.max(0, found.index - 100), found.index + 100);
  assert.fail(`${line}: ${JSON.stringify(around)}`);
}
