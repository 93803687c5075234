import { BINARY, dateBytes, headBytes, LIST, MAP, numberBytes, TEXT } from "./msgpack_scalars.ts";

/**
 * How many bytes `value` has as msgpack, for the message that refuses it: no memory is taken and no text is walked,
 * so each character that is not ASCII is counted as one byte. It has to have passed `checkPackable`.
 */
export function packedSize(value: unknown): number {
  switch (typeof value) {
    case "number":
      return numberBytes(value);
    case "bigint":
      return 9;
    case "string":
      return headBytes(value.length, TEXT) + value.length;
    case "object":
      return value === null ? 1 : objectSize(value);
    default:
      return 1;
  }
}

function objectSize(value: object): number {
  if (Array.isArray(value)) {
    let size = headBytes(value.length, LIST);
    for (let index = 0; index < value.length; index++) size += packedSize(value[index]);
    return size;
  }
  if (value instanceof Uint8Array || value instanceof ArrayBuffer) {
    return headBytes(value.byteLength, BINARY) + value.byteLength;
  }
  if (value instanceof Date) return dateBytes(value.getTime());
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return members.reduce(
    (size, [key, member]) => size + packedSize(key) + packedSize(member),
    headBytes(members.length, MAP),
  );
}
