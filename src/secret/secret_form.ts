/** How a secret may stand in bytes: as it is, or as text formats and programs write it. */
export type SecretForm = "plain" | "json" | "uri" | "hex" | "HEX" | "base64+0" | "base64+1" | "base64+2";

/** A secret as it stands in bytes in one of its forms. */
export function inForm(value: string, form: SecretForm): Uint8Array {
  return new TextEncoder().encode(FORMS[form](value));
}

/** All forms of a secret that differ. */
export function formsOf(value: string): { readonly form: SecretForm; readonly bytes: Uint8Array }[] {
  const texts = new Map<string, SecretForm>();
  for (const [form, write] of Object.entries(FORMS)) {
    const text = write(value);
    if (text.length >= MIN_SECRET_CHARS && !texts.has(text)) texts.set(text, form as SecretForm);
  }
  return [...texts.values()].map((form) => ({ form, bytes: inForm(value, form) }));
}

const FORMS: Readonly<Record<SecretForm, (value: string) => string>> = {
  plain: (value) => value,
  json: (value) => JSON.stringify(value).slice(1, -1),
  uri: encodeURIComponent,
  hex: (value) => new TextEncoder().encode(value).toHex(),
  HEX: (value) => new TextEncoder().encode(value).toHex().toUpperCase(),
  "base64+0": (value) => base64At(value, 0),
  "base64+1": (value) => base64At(value, 1),
  "base64+2": (value) => base64At(value, 2),
};

/** The characters of base64 that are the secret's alone when it stands `offset` bytes behind a group of three. */
function base64At(value: string, offset: number): string {
  const bytes = new TextEncoder().encode("\0".repeat(offset) + value);
  const text = bytes.toBase64({ omitPadding: true });
  return text.slice(Math.ceil(offset * 8 / 6), bytes.length % 3 === 0 ? undefined : -1);
}

/** Fewer characters stand in too much that is no secret: a PIN of two digits in every number. */
export const MIN_SECRET_CHARS = 4;
/** All forms there are. */
export const FORM_NAMES = Object.keys(FORMS) as readonly SecretForm[];
