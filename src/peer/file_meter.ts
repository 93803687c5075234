import { asError } from "../errors.ts";
import { type FileProgress, ProgressMeter } from "../files/progress.ts";
import type { FileOwner } from "./file_owner.ts";

/** A meter that tells `onProgress`, if there is one; what that throws is reported and stops nothing. */
export function meterOf(
  owner: FileOwner,
  name: string,
  size: number,
  onProgress: ((progress: FileProgress) => unknown) | undefined,
): ProgressMeter | undefined {
  if (onProgress === undefined) return undefined;
  const { endpoint, peer } = owner;
  const fail = (thrown: unknown) => endpoint.chain.fail(asError(thrown), peer);
  return new ProgressMeter(name, size, owner.now(), (progress) => {
    try {
      const result = onProgress(progress);
      if (result instanceof Promise) result.catch(fail);
    } catch (thrown) {
      fail(thrown);
    }
  });
}
