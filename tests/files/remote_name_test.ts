import assert from "node:assert/strict";
import { foldName, parseRemoteName, quoteName } from "../../src/files/remote_name.ts";

const long = "x".repeat(256);

/** Names that must not reach any file system, and a word of the reason that is given. */
const HOSTILE: readonly [name: string, reason: RegExp][] = [
  ["", /empty/],
  ["/", /absolute/],
  ["/etc/passwd", /absolute.*rename/],
  ["//server/share/x", /absolute/],
  ["\\\\server\\share\\x", /absolute/],
  ["\\windows", /absolute/],
  ["\\\\?\\C:\\x", /absolute/],
  ["\\\\.\\pipe\\x", /absolute/],
  ["C:", /drive/],
  ["C:\\x", /drive/],
  ["c:x", /drive/],
  ["C:/x", /drive/],
  [".", /"\."/],
  ["..", /"\.\."/],
  ["../x", /"\.\."/],
  ["../../../../etc/passwd", /"\.\."/],
  ["a/../x", /"\.\."/],
  ["a/../../x", /"\.\."/],
  ["a/..", /"\.\."/],
  ["./x", /"\."/],
  ["a/./x", /"\."/],
  ["..\\x", /\\/],
  ["a\\..\\..\\x", /\\/],
  ["a/..\\x", /\\/],
  ["a\\b", /divided by "\/"/],
  ["a//x", /empty segment/],
  ["a/", /empty segment/],
  ["a/b//", /empty segment/],
  [".bashrc", /hidden/],
  [".ssh/authorized_keys", /hidden/],
  ["a/.git/config", /hidden/],
  ["...", /hidden/],
  ["a/...", /hidden/],
  [".x.part", /hidden/],
  ["~", /home/],
  ["~/x", /home/],
  ["~root/.ssh", /home/],
  ["a/~x", /home/],
  ["x.", /dot or a space/],
  ["x ", /dot or a space/],
  ["x. .", /dot or a space/],
  ["a./x", /dot or a space/],
  ["a /x", /dot or a space/],
  [".. /x", /hidden/],
  ["..%00/x", /hidden/],
  [" x", /begins with a space/],
  [" ", /dot or a space/],
  ["a\0b", /U\+0000/],
  ["a.txt\0.png", /U\+0000/],
  ["a\nb", /U\+000A/],
  ["a\rb", /U\+000D/],
  ["a\tb", /U\+0009/],
  ["a\x1b[2Jb", /U\+001B/],
  ["a\x7f", /U\+007F/],
  ["a\x9b31m", /U\+009B/],
  ["a\u202etxt.exe", /U\+202E/],
  ["a\u2066b", /U\+2066/],
  ["a\u061cb", /U\+061C/],
  ["a\u200bb", /U\+200B/],
  ["a\u200db", /U\+200D/],
  ["a\ufeffb", /U\+FEFF/],
  ["a\u00adb", /U\+00AD/],
  ["a\u2028b", /U\+2028/],
  ["a\u2029b", /U\+2029/],
  ["a\ufe0fb", /U\+FE0F/],
  ["a\u3164b", /U\+3164/],
  ["a\ue000b", /U\+E000/],
  ["a\ud800b", /U\+D800/],
  ["a\udfff", /U\+DFFF/],
  ["a\u{e0041}b", /U\+E0041/],
  ["xy:stream", /":"/],
  ["file.txt:hidden:$DATA", /":"/],
  ["xy::$INDEX_ALLOCATION", /":"/],
  ["a<b", /"<"/],
  ["a>b", /">"/],
  ['a"b', /"""/],
  ["a|b", /"\|"/],
  ["a?b", /"\?"/],
  ["*", /"\*"/],
  ["*.csv", /"\*"/],
  ["CON", /device/],
  ["con", /device/],
  ["Con.txt", /device/],
  ["PRN", /device/],
  ["AUX", /device/],
  ["aux.h", /device/],
  ["NUL", /device/],
  ["nul.tar.gz", /device/],
  ["a/nul", /device/],
  ["nul/a", /device/],
  ["NUL .txt", /device/],
  ["COM0", /device/],
  ["COM1", /device/],
  ["com9.log", /device/],
  ["LPT1", /device/],
  ["lpt9.x", /device/],
  ["COM¹", /device/],
  ["COM².txt", /device/],
  ["LPT³", /device/],
  ["CONIN$", /device/],
  ["CONOUT$", /device/],
  ["CLOCK$", /device/],
  ["PROGRA~1", /short name/],
  ["a/SECRET~2.TXT", /short name/],
  ["GIT~1", /short name/],
  [long, /256 bytes/],
  [`a/${long}`, /256 bytes/],
  ["é".repeat(128), /256 bytes/],
  ["a/".repeat(16) + "x", /17 directories/],
  ["a/".repeat(5000) + "x", /10001 characters/],
];

Deno.test("parseRemoteName refuses every name that means something else than it says, with the reason", () => {
  for (const [name, message] of HOSTILE) {
    const expected = { name: "ProtocolError", code: "bad_name", fatal: false, message };
    assert.throws(() => parseRemoteName(name), expected, JSON.stringify(name));
  }
  for (const name of [undefined, null, 5, {}, ["a"]]) {
    assert.throws(() => parseRemoteName(name), { code: "bad_name", message: /text/ });
  }
});

Deno.test("parseRemoteName takes names apart that are what they seem", () => {
  const good: [string, string[]][] = [
    ["animation.csv", ["animation.csv"]],
    ["show/2024/a b.tar.gz", ["show", "2024", "a b.tar.gz"]],
    ["ümlaut/файл/文件", ["ümlaut", "файл", "文件"]],
    ["console.log", ["console.log"]],
    ["com10", ["com10"]],
    ["null", ["null"]],
    ["a..b", ["a..b"]],
    ["a~b", ["a~b"]],
    ["😀.png", ["😀.png"]],
    ["x".repeat(255), ["x".repeat(255)]],
    ["a/".repeat(15) + "x", [..."a".repeat(15), "x"]],
    ["cafe\u0301", ["caf\u00e9"]],
  ];
  for (const [name, segments] of good) assert.deepEqual(parseRemoteName(name), segments);
});

Deno.test("foldName makes those names equal that some file systems take for the same", () => {
  for (
    const [a, b] of [["A.TXT", "a.txt"], ["cafe\u0301", "CAF\u00c9"], ["straße", "STRASSE"], ["ﬁ", "FI"]]
  ) {
    assert.equal(foldName(a), foldName(b));
  }
  assert.notEqual(foldName("a"), foldName("b"));
});

Deno.test("quoteName shows a name shortly, and nothing in it does anything to a screen", () => {
  assert.equal(quoteName('a "b" \\c'), '"a \\"b\\" \\\\c"');
  assert.equal(quoteName("\x1b[2J\u202e\ud800"), '"\\u{1b}[2J\\u{202e}\\u{d800}"');
  assert.equal(quoteName("x".repeat(100)), `"${"x".repeat(80)}…"`);
});
