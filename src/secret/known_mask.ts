import { knownSecrets } from "./known_secrets.ts";
import { SecretMask } from "./secret_mask.ts";

/** Hides the secrets that this program has read so far. */
export function maskOfKnown(): SecretMask {
  const mask = new SecretMask();
  for (const { name, value } of knownSecrets()) mask.add(name, value);
  return mask;
}
