import assert from "node:assert/strict";
import { Admission, randomSecret } from "../../src/web/admission.ts";

Deno.test("A pass is given for a token once; a guess gets none and costs the token nothing", () => {
  let made = 0;
  const admission = new Admission(() => `secret ${++made}`);
  const { token } = admission;
  assert.equal(admission.enter("secret 2"), undefined);
  assert.equal(admission.enter(""), undefined);
  assert.equal(admission.token, token);
  const pass = admission.enter(token);
  assert.deepEqual(pass, { cookie: "secret 2", key: "secret 3" });
  assert.equal(admission.enter(token), undefined);
  assert.notEqual(admission.token, token);
});

Deno.test("A cookie is no key and a key no cookie", () => {
  const admission = new Admission(randomSecret);
  const { cookie, key } = admission.enter(admission.token)!;
  assert.ok(admission.hasCookie(cookie) && admission.hasKey(key));
  assert.ok(!admission.hasCookie(key) && !admission.hasKey(cookie));
  assert.ok(!admission.hasCookie(undefined) && !admission.hasKey(""));
});

Deno.test("Of many pages that were let in, the oldest are forgotten", () => {
  const admission = new Admission(randomSecret);
  const passes = Array.from({ length: 33 }, () => admission.enter(admission.token)!);
  assert.ok(!admission.hasKey(passes[0].key) && !admission.hasCookie(passes[0].cookie));
  assert.ok(passes.slice(1).every(({ key }) => admission.hasKey(key)));
});

Deno.test("A secret has 256 bits and fits into an address", () => {
  const secrets = Array.from({ length: 100 }, randomSecret);
  assert.equal(new Set(secrets).size, 100);
  assert.ok(secrets.every((secret) => /^[\w-]{43}$/.test(secret)));
});
