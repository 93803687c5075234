import type { Target } from "./target.ts";
import { addressTarget } from "./targets/address.ts";
import { codecTargets } from "./targets/codec.ts";
import { keysTarget } from "./targets/keys.ts";
import { msgpackTarget } from "./targets/msgpack.ts";
import { nativeTargets } from "./targets/native.ts";
import { plainTargets } from "./targets/plain.ts";
import { showTargets } from "./targets/show.ts";

/** Everything that is fuzzed. To add a target: write it in `targets/`, and add its line here. */
export const targets: readonly Target[] = [
  ...codecTargets,
  ...plainTargets,
  ...nativeTargets,
  msgpackTarget,
  addressTarget,
  keysTarget,
  ...showTargets,
];
