import { ParleyError } from "../errors.ts";

/**
 * A recording cannot be read, or not be played as it was asked for. Codes: `no_such_path`, `not_a_file`, `permission`,
 * `io`; `empty`, `not_a_recording`, `newer_version`, `damaged`, `too_large`; `no_such_link`, `no_client`,
 * `nothing_recorded`, `by_meaning`.
 */
export class RecordingError extends ParleyError {
  /** Always `"RecordingError"`. */
  override readonly name = "RecordingError";
}
