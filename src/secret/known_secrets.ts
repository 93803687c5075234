import type { SecretValue } from "./secret_event.ts";

/** Tells whoever masks what it writes of a secret, now and whenever one asks later. */
export function announceSecret(detail: SecretValue): void {
  globalThis.dispatchEvent(new CustomEvent("parley:secret", { detail }));
  // A recording may begin after the secret was read: who has it answers, until the same is read once more.
  const over = new AbortController();
  const { signal } = over;
  globalThis.addEventListener("parley:known-secrets", (event) => {
    (event as CustomEvent<SecretValue[]>).detail.push(detail);
  }, { signal });
  globalThis.addEventListener("parley:secret", (event) => {
    const { name, value } = (event as CustomEvent<SecretValue>).detail;
    if (name === detail.name && value === detail.value) over.abort();
  }, { signal });
}

/** The secrets that this program has read so far, the latest last. */
export function knownSecrets(): readonly SecretValue[] {
  const detail: SecretValue[] = [];
  globalThis.dispatchEvent(new CustomEvent("parley:known-secrets", { detail }));
  return detail;
}

/** What a secret is now; `undefined` when the program has not read it. */
export function knownSecret(name: string): string | undefined {
  return knownSecrets().findLast((each) => each.name === name)?.value;
}
