import { FORM_NAMES, type SecretForm } from "../secret/secret_form.ts";
import type { MaskedPlace } from "./masked_piece.ts";

/** The places of secrets that a line of a recording tells of, in order; `undefined` when they make no sense. */
export function maskedPlaces(content: unknown, size: number): MaskedPlace[] | undefined {
  if (content === undefined) return [];
  if (!Array.isArray(content)) return undefined;
  const places: MaskedPlace[] = [];
  let end = 0;
  for (const each of content) {
    if (typeof each !== "object" || each === null) return undefined;
    const { secret, at, length, form, part } = each;
    const isPlace = typeof secret === "string" && isCount(at, end, size) && isCount(length, 1, size - at);
    if (!isPlace || !isForm(form) || !isPart(part, length)) return undefined;
    places.push({
      secret,
      at,
      length,
      ...(form !== undefined && { form }),
      ...(part !== undefined && { part }),
    });
    end = at + length;
  }
  return places;
}

function isCount(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && least <= (value as number) && (value as number) <= most;
}

function isForm(form: unknown): form is SecretForm | undefined {
  return form === undefined || FORM_NAMES.includes(form as SecretForm);
}

function isPart(part: unknown, length: number): part is MaskedPlace["part"] {
  if (part === undefined) return true;
  if (typeof part !== "object" || part === null) return false;
  const { from, of } = part as Record<string, unknown>;
  return isCount(of, length, Number.MAX_SAFE_INTEGER) && isCount(from, 0, of - length);
}
