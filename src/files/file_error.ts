import { asError, BrokenError, ParleyError, ProtocolError } from "../errors.ts";

/**
 * What `onFail` gets of a file that nobody awaits: `doing` says what went wrong, `thrown` why. A refusal stays one.
 */
export function fileError(doing: string, thrown: unknown): ParleyError {
  const { message } = asError(thrown);
  const text = `${doing}: ${message}`;
  if (thrown instanceof ProtocolError) return new ProtocolError(thrown.code, text, { fatal: false });
  const code = thrown instanceof ParleyError ? thrown.code : "io";
  return new BrokenError(code, text, { cause: thrown });
}
