import assert from "node:assert/strict";
import { SharePlace } from "./shared.ts";

const isUnix = Deno.build.os !== "windows";
/** Only root may make files of others, and run programs as somebody else. */
const isRoot = isUnix && Deno.uid() === 0;
const NOBODY = 65534;

/** What `.share bench` says in a console without a terminal, where the folder looks as `prepare` leaves it. */
async function shareIn(
  prepare: (folder: string) => void,
): Promise<{ code: number; stderr: string; place: string }> {
  await using place = await SharePlace.make();
  prepare(place.folder);
  const { code, stderr } = await place.run(["console"], ".share bench\n");
  return { code, stderr, place: place.folder };
}

Deno.test("a shared console is a socket of mode 0600 in a folder of mode 0700, and gone afterwards", {
  ignore: !isUnix,
}, async () => {
  await using place = await SharePlace.make();
  const input = `.share bench\n(await Deno.lstat("${place.folder}/parley")).mode & 0o777\n` +
    `const { mode, isSocket } = await Deno.lstat("${place.folder}/parley/bench.sock")\n[mode & 0o777, isSocket]\n`;
  const { stdout, stderr } = await place.run(["console"], input);
  assert.equal(stdout, `${0o700}\n[ ${0o600}, true ]\n`, stderr);
  assert.deepEqual([...Deno.readDirSync(`${place.folder}/parley`)], []);
});

Deno.test("sharing refuses a folder that others may enter, a link to one, and a file in its place", {
  ignore: !isUnix,
}, async () => {
  const open = await shareIn((folder) => {
    Deno.mkdirSync(`${folder}/parley`);
    Deno.chmodSync(`${folder}/parley`, 0o755);
  });
  assert.match(
    open.stderr,
    /^Cannot use \S+\/parley for sharing: others may enter it; chmod 700 \S+\/parley$/m,
  );
  assert.equal(open.code, 3);
  const link = await shareIn((folder) => {
    Deno.mkdirSync(`${folder}/elsewhere`, { mode: 0o700 });
    Deno.symlinkSync(`${folder}/elsewhere`, `${folder}/parley`);
  });
  assert.match(link.stderr, /it is no folder, but should be a private one of yours/);
  const file = await shareIn((folder) => Deno.writeTextFileSync(`${folder}/parley`, ""));
  assert.match(file.stderr, /it is no folder/);
  const around = await shareIn((folder) => Deno.chmodSync(folder, 0o777));
  assert.match(around.stderr, /others may put another folder in its place; set XDG_RUNTIME_DIR/);
});

Deno.test("sharing refuses what is no socket, and a link to one", { ignore: !isUnix }, async () => {
  for (const make of [Deno.writeTextFileSync, Deno.symlinkSync] as const) {
    const taken = await shareIn((folder) => {
      Deno.mkdirSync(`${folder}/parley`, { mode: 0o700 });
      if (make === Deno.symlinkSync) make("/tmp/other.sock", `${folder}/parley/bench.sock`);
      else Deno.writeTextFileSync(`${folder}/parley/bench.sock`, "mine");
    });
    assert.match(taken.stderr, /bench\.sock: it is no socket; remove it, or take another name/);
  }
});

Deno.test("attaching refuses a socket that others may connect to", { ignore: !isUnix }, async () => {
  await using place = await SharePlace.make();
  Deno.mkdirSync(`${place.folder}/parley`, { mode: 0o700 });
  const path = `${place.folder}/parley/bench.sock`;
  using _listener = Deno.listen({ transport: "unix", path });
  Deno.chmodSync(path, 0o666);
  const { stderr, code } = await place.run(["attach", "bench"], "1\n");
  assert.match(stderr, /others may connect to it/);
  assert.equal(code, 3);
});

Deno.test("both sides refuse a folder and a socket of another user", { ignore: !isRoot }, async () => {
  await using place = await SharePlace.make();
  const folder = `${place.folder}/parley`;
  Deno.mkdirSync(folder, { mode: 0o700 });
  using _listener = Deno.listen({ transport: "unix", path: `${folder}/bench.sock` });
  Deno.chmodSync(`${folder}/bench.sock`, 0o600);
  Deno.chownSync(`${folder}/bench.sock`, NOBODY, NOBODY);
  assert.match(
    (await place.run(["attach", "bench"], "1\n")).stderr,
    /bench\.sock: it belongs to user 65534 and not to you/,
  );
  assert.match(
    (await place.run(["console"], ".share bench\n")).stderr,
    /bench\.sock: it belongs to user 65534/,
  );
  Deno.chownSync(folder, NOBODY, NOBODY);
  const attach = await place.run(["attach", "bench"], "1\n");
  const share = await place.run(["console"], ".share bench\n");
  for (const { stderr } of [attach, share]) {
    assert.match(
      stderr,
      /parley for sharing: it belongs to user 65534 and not to you \(0\); somebody may want to listen in/,
    );
  }
});

Deno.test("the system lets nobody else connect to a shared console", { ignore: !isRoot }, async () => {
  await using place = await SharePlace.make();
  Deno.chmodSync(place.folder, 0o755); // as far as the folder around it goes, everybody may
  const path = `${place.folder}/parley/bench.sock`;
  const probe = (user: number) =>
    `(await new Deno.Command("setpriv", { args: ["--reuid=${user}", "--regid=${user}", "--clear-groups", "--", ` +
    `"socat", "-u", "OPEN:/dev/null", "UNIX-CONNECT:${path}"], stderr: "piped" }).output().then(({ code, stderr }) => ` +
    `[code, new TextDecoder().decode(stderr)]))`;
  const input =
    `.share bench\n${probe(NOBODY)}\nawait Deno.chmod("${place.folder}/parley", 0o755)\n${probe(NOBODY)}\n` +
    `(${probe(0)})[0]\n`;
  const { stdout } = await place.run(["console", "-q", "--json"], input);
  const [stranger, strangerInside, root] = stdout.trim().split("\n").map((line) => JSON.parse(line).value);
  assert.notEqual(stranger[0], 0);
  assert.match(stranger[1], /Permission denied/);
  assert.notEqual(strangerInside[0], 0, "the socket itself is closed to others as well");
  assert.match(strangerInside[1], /Permission denied/);
  assert.equal(root, 0, "the probe itself works");
});
