import type { SendOrder } from "./page/wire.ts";

/** An order that makes no sense. The message says what is wanted. */
export class OrderError extends Error {
  override readonly name = "OrderError";
}

/** Reads an order. @throws {OrderError} it is none. */
export function readOrder(text: string): SendOrder {
  let order: unknown;
  try {
    order = JSON.parse(text);
  } catch {
    throw new OrderError("Cannot read the order: JSON is wanted");
  }
  const { link, peer, doing, format, content, ending = "", name = "" } = (order ?? {}) as Partial<SendOrder>;
  const isWhole = Number.isInteger(link) && (peer === undefined || Number.isInteger(peer)) &&
    ["send", "ask", "action", "request"].includes(doing!) && ["text", "json", "hex"].includes(format!) &&
    [content, ending, name].every((each) => typeof each === "string");
  if (!isWhole) throw new OrderError("Cannot read the order: link, doing, format and content are wanted");
  return { link: link!, peer, doing: doing!, format: format!, content: content!, ending, name };
}

/** The message that an order wants sent. @param isText JSON travels as its text. @throws {OrderError} */
export function messageOf({ format, content, ending }: SendOrder, isText: boolean): unknown {
  if (format === "text") return content + ending;
  if (format === "hex") return bytesOf(content);
  const value = parse(content, 'Cannot send this as JSON: write a value such as {"speed": 12.5} or "text"');
  return isText ? JSON.stringify(value) + ending : value;
}

/** The arguments of an action or a request. @throws {OrderError} */
export function argumentsOf({ content }: SendOrder): unknown[] {
  const hint = 'Cannot read the arguments: write JSON separated by commas, such as 5, "north", {"x": 1}';
  return parse(`[${content}]`, hint) as unknown[];
}

function parse(text: string, hint: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new OrderError(`${hint} (${(error as Error).message})`);
  }
}

/** `de ad`, `DEAD`, `0xde, 0xad` and `de:ad` are all the same two bytes. */
function bytesOf(text: string): Uint8Array {
  const digits = text.replaceAll(/0x|[\s,:;_-]/gi, "");
  const odd = /[^0-9a-f]/i.exec(digits);
  if (odd !== null) throw new OrderError(`Cannot send this as hex: "${odd[0]}" is no hexadecimal digit`);
  if (digits.length % 2 === 1) {
    throw new OrderError(`Cannot send this as hex: ${digits.length} digits, and a byte has two`);
  }
  return Uint8Array.fromHex(digits);
}
