import assert from "node:assert/strict";
import { Share } from "../../src/files/share.ts";
import type { ShareOptions } from "../../src/files/share_options.ts";
import { Shares } from "../../src/files/shares.ts";
import { TempDirectory } from "./temp_directory.ts";

/** A shared directory beside one that nobody may reach. */
class Place implements Disposable {
  readonly root = new TempDirectory();

  constructor() {
    Deno.mkdirSync(this.root.at("shared"));
    Deno.mkdirSync(this.root.at("outside"));
    this.root.write("outside/secret", "top secret");
  }

  share(options?: ShareOptions): Share {
    return new Share(this.root.at("shared"), options);
  }

  /** Puts a link into the shared directory. */
  link(name: string, target: string): void {
    Deno.symlinkSync(target, this.root.at(`shared/${name}`));
  }

  get outside(): string[] {
    return this.root.list("outside/").map((name) => `${name}=${this.root.read(name)}`);
  }

  [Symbol.dispose](): void {
    this.root[Symbol.dispose]();
  }
}

/** Puts a file through a share. */
async function put(share: Share, name: string, content: string): Promise<string> {
  const bytes = new TextEncoder().encode(content);
  const sink = await share.take(name, bytes.length);
  await sink.write(bytes);
  try {
    await sink.publish();
  } finally {
    await sink.discard();
  }
  return sink.path;
}

async function get(share: Share, name: string): Promise<string> {
  using file = await share.open(name);
  return file.missing === 0 ? "" : new TextDecoder().decode(await file.read());
}

const refusal = (code: string, message: RegExp = /./) => ({
  name: "ProtocolError",
  code,
  fatal: false,
  message,
});

Deno.test("a share takes files into directories that it makes, and gives them from there", async () => {
  using place = new Place();
  const into = place.share({ mode: "write-new" });
  assert.equal(await put(into, "a.txt", "hello"), place.root.at("shared/a.txt"));
  await put(into, "show/2024/b.txt", "there");
  assert.deepEqual(place.root.list("shared/"), [
    "shared/a.txt",
    "shared/show/",
    "shared/show/2024/",
    "shared/show/2024/b.txt",
  ]);
  const from = place.share({ mode: "read" });
  assert.equal(await get(from, "a.txt"), "hello");
  assert.equal(await get(from, "show/2024/b.txt"), "there");
});

Deno.test("a file that is given up leaves no directories behind, unless something else is in them", async () => {
  using place = new Place();
  const share = place.share({ mode: "write-new" });
  const first = await share.take("a/b/c", 5);
  await first.discard();
  assert.deepEqual(place.root.list("shared/"), []);
  const second = await share.take("a/b/c", 5);
  place.root.write("shared/a/mine", "x");
  await second.discard();
  assert.deepEqual(place.root.list("shared/"), ["shared/a/", "shared/a/mine"]);
});

Deno.test("write-new never replaces a file, overwrite does, and neither replaces anything else", async () => {
  using place = new Place();
  place.root.write("shared/a", "old");
  Deno.mkdirSync(place.root.at("shared/d"));
  place.link("l", place.root.at("shared/a"));
  const fresh = place.share({ mode: "write-new" });
  const over = place.share({ mode: "overwrite" });
  await assert.rejects(fresh.take("a", 1), refusal("exists", /there already.*overwrite/));
  assert.equal(place.root.read("shared/a"), "old");
  for (const share of [fresh, over]) {
    await assert.rejects(share.take("d", 1), refusal("not_a_file", /a directory/));
    await assert.rejects(share.take("l", 1), refusal("not_a_file", /a link/));
    await assert.rejects(share.take("a/b", 1), refusal("not_a_file", /"a" is no directory/));
  }
  await put(over, "a", "new");
  assert.equal(place.root.read("shared/a"), "new");
});

Deno.test("links in a share lead to other places in it, and nowhere else", async () => {
  using place = new Place();
  const outside = place.root.at("outside");
  Deno.mkdirSync(place.root.at("shared/real"));
  place.root.write("shared/real/file", "fine");
  place.link("inside", "real");
  place.link("out", outside);
  place.link("relative", "../outside");
  place.link("secret", `${outside}/secret`);
  place.link("dangling", `${outside}/new`);
  place.link("root", "/");
  place.link("circle", "circle");
  const from = place.share({ mode: "read" });
  const into = place.share({ mode: "overwrite" });
  assert.equal(await get(from, "inside/file"), "fine");
  assert.equal(await put(into, "inside/other", "too"), place.root.at("shared/real/other"));
  for (const name of ["out", "relative"]) {
    await assert.rejects(from.open(`${name}/secret`), refusal("outside", /leads out/));
    await assert.rejects(into.take(`${name}/secret`, 1), refusal("outside", /leads out/));
    await assert.rejects(into.take(`${name}/deep/new`, 1), refusal("outside", /leads out/));
  }
  await assert.rejects(from.open("secret"), refusal("outside"));
  await assert.rejects(from.open("root/etc/hostname"), refusal("outside"));
  await assert.rejects(into.take("secret", 1), refusal("not_a_file", /link/));
  await assert.rejects(into.take("dangling", 1), refusal("not_a_file", /link/));
  await assert.rejects(from.open("dangling"), refusal("not_found"));
  await assert.rejects(from.open("circle"), { name: "BrokenError" });
  assert.deepEqual(place.outside, ["outside/secret=top secret"]);
});

Deno.test("a directory that becomes a link while a file comes gets nothing", async () => {
  using place = new Place();
  const share = place.share({ mode: "overwrite" });
  const sink = await share.take("d/secret", 4);
  await sink.write(new TextEncoder().encode("evil"));
  Deno.renameSync(place.root.at("shared/d"), place.root.at("away"));
  place.link("d", place.root.at("outside"));
  await assert.rejects(sink.publish(), { name: "BrokenError" });
  await sink.discard();
  assert.deepEqual(place.outside, ["outside/secret=top secret"]);
});

Deno.test("hidden files, directories and what is no file are not given", async () => {
  using place = new Place();
  Deno.mkdirSync(place.root.at("shared/.git"));
  place.root.write("shared/.git/config", "x");
  place.link("config", ".git/config");
  const share = place.share({ mode: "read" });
  await assert.rejects(share.open("config"), refusal("not_found"));
  await assert.rejects(share.open(".git/config"), refusal("bad_name", /hidden/));
  await assert.rejects(share.open("none"), refusal("not_found"));
  await assert.rejects(share.open("config/none"), refusal("not_found"));
  Deno.mkdirSync(place.root.at("shared/d"));
  await assert.rejects(share.open("d"), refusal("not_a_file", /directory/));
});

Deno.test("a name that only some systems tell apart from one that is there is refused", async () => {
  using place = new Place();
  place.root.write("shared/Readme.txt", "x");
  place.root.write("shared/cafe\u0301", "x");
  Deno.mkdirSync(place.root.at("shared/Data"));
  const share = place.share({ mode: "overwrite" });
  await assert.rejects(share.take("README.TXT", 1), refusal("twin", /"Readme\.txt" is there already/));
  await assert.rejects(share.take("caf\u00e9", 1), refusal("twin"));
  await assert.rejects(share.take("data/x", 1), refusal("twin", /"Data"/));
  await put(share, "Readme.txt", "y");
  await put(share, "Data/x", "y");
});

Deno.test("a share takes no file above maxFileBytes, and none above maxTotalBytes in all", async () => {
  using place = new Place();
  const share = place.share({ mode: "overwrite", maxFileBytes: 100, maxTotalBytes: 250 });
  await assert.rejects(share.take("a", 101), refusal("too_large", /101 bytes \(maxFileBytes 100/));
  const content = "x".repeat(100);
  await put(share, "a", content);
  await put(share, "a", content); // in its own place it costs nothing more
  await put(share, "d", content);
  const message = /it has 51 bytes, and 200 have come .* \(maxTotalBytes 250/;
  await assert.rejects(share.take("b", 51), refusal("quota", message));
  const half = await share.take("b", 50); // what is on its way counts
  await assert.rejects(share.take("c", 1), refusal("quota"));
  await half.discard();
  await (await share.take("c", 50)).discard();
  assert.deepEqual(place.root.list("shared/"), ["shared/a", "shared/d"]);
});

Deno.test("the option rename maps names, may refuse them, and is checked like the other side", async () => {
  using place = new Place();
  const rename = (name: string) => {
    if (name === "throw") throw new Error("kaput");
    return name === "no" ? undefined : name.replace("/home/pi/show/", "");
  };
  const share = place.share({ mode: "overwrite", rename });
  await put(share, "/home/pi/show/animation.csv", "1,2,3");
  assert.equal(place.root.read("shared/animation.csv"), "1,2,3");
  await assert.rejects(share.take("/home/pi/show/../../x", 1), refusal("bad_name", /"\.\."/));
  await assert.rejects(share.take("/etc/passwd", 1), refusal("bad_name", /absolute/));
  await assert.rejects(share.take("no", 1), refusal("bad_name", /does not want it/));
  await assert.rejects(share.take("throw", 1), refusal("bad_name", /threw: kaput/));
});

Deno.test("nothing is shared until it is, and nothing any more once it is stopped", async () => {
  using place = new Place();
  const shares = new Shares();
  const message = /no directory is shared.*share\(directory, \{ mode: "(read|write-new)" \}\)/;
  await assert.rejects(shares.open("a"), refusal("not_shared", message));
  await assert.rejects(shares.take("a", 1), refusal("not_shared", message));
  place.root.write("shared/a", "x");
  const into = place.share({ mode: "write-new" });
  shares.add(into);
  await assert.rejects(shares.open("a"), refusal("not_shared")); // what is put there is not given
  await (await shares.take("b", 1)).discard();
  using from = place.share({ mode: "read" });
  shares.add(from);
  (await shares.open("a"))[Symbol.dispose]();
  into.stop();
  from.stop();
  await assert.rejects(shares.take("b", 1), refusal("not_shared"));
  await assert.rejects(shares.open("a"), refusal("not_shared"));
});

Deno.test("a share that nothing is said of gives its files and takes new ones; a list of modes says otherwise", async () => {
  using place = new Place();
  const shares = new Shares();
  using usual = place.share();
  shares.add(usual);
  place.root.write("shared/a", "x");
  assert.deepEqual(usual.modes, ["read", "write-new"]);
  (await shares.open("a"))[Symbol.dispose]();
  await (await shares.take("b", 1)).discard();
  await assert.rejects(shares.take("a", 1), refusal("exists"));
  shares.add(place.share({ mode: ["read", "overwrite"] }));
  await (await shares.take("a", 1)).discard();
  (await shares.open("a"))[Symbol.dispose]();
});

Deno.test("share options that make no sense are told at once", () => {
  using place = new Place();
  const share = (options: unknown) => () => place.share(options as ShareOptions);
  assert.throws(share(null), { name: "TypeError", code: "usage", message: /mode: "read"/ });
  assert.throws(share({ mode: [] }), { name: "TypeError", code: "usage", message: /or a list of them/ });
  assert.throws(share({ mode: ["read", "write"] }), {
    name: "TypeError",
    message: /"\["read","write"\]"|\["read","write"\]/,
  });
  assert.throws(share({ mode: "write" }), {
    name: "TypeError",
    code: "usage",
    message: /"read", "write-new", "overwrite"/,
  });
  assert.throws(share({ mode: "read", renam: 1 }), {
    name: "TypeError",
    code: "usage",
    message: /"renam".*rename/,
  });
  assert.throws(share({ mode: "read", rename: 1 }), {
    name: "TypeError",
    code: "usage",
    message: /function/,
  });
  assert.throws(share({ mode: "read", maxFileBytes: "1" }), {
    name: "TypeError",
    code: "usage",
    message: /number/,
  });
  assert.throws(share({ mode: "read", maxTotalBytes: 0.5 }), {
    name: "RangeError",
    code: "usage",
    message: /0\.5/,
  });
  const { path } = place.root;
  assert.throws(() => new Share("", { mode: "read" }), { name: "TypeError", code: "usage" });
  assert.throws(() => new Share(`${path}/none`, { mode: "read" }), { code: "no_such_path" });
  assert.throws(() => new Share(`${path}/outside/secret`, { mode: "read" }), { code: "no_such_path" });
});
