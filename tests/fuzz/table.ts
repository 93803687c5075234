import type { Target } from "./target.ts";
import { addressTarget } from "./targets/address.ts";
import { cleverShowTarget } from "./targets/clever_show.ts";
import { codecTargets } from "./targets/codec.ts";
import { keysTarget } from "./targets/keys.ts";
import { leadsTargets } from "./targets/leads.ts";
import { msgpackTarget } from "./targets/msgpack.ts";
import { nativeTargets } from "./targets/native.ts";
import { onelineTargets } from "./targets/oneline.ts";
import { plainTargets } from "./targets/plain.ts";
import { serpyTargets } from "./targets/serpy.ts";
import { serpy2Target } from "./targets/serpy2.ts";
import { showTargets } from "./targets/show.ts";

/** Everything that is fuzzed. To add a target: write it in `targets/`, and add its line here. */
export const targets: readonly Target[] = [
  ...codecTargets,
  ...plainTargets,
  ...leadsTargets,
  ...onelineTargets,
  ...serpyTargets,
  serpy2Target,
  ...nativeTargets,
  cleverShowTarget,
  msgpackTarget,
  addressTarget,
  keysTarget,
  ...showTargets,
];
