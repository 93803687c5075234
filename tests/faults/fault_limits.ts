import type { Terms } from "./way.ts";

/** Both ends notice within 2.5 s that nothing comes any more, so that black holes do not take all the time there is. */
export const FAULT_LIMITS = Object.freeze({ heartbeatMs: 1000, silenceMs: 2500, handshakeMs: 2000 });

/** Time enough for several links to be lost one after another. */
export const TCP_TERMS: Terms = Object.freeze({ limits: FAULT_LIMITS, longMs: 20_000 });

/** The usual limits; and a process or a cable may stand still for 40 s. */
export const SERIAL_TERMS: Terms = Object.freeze({ longMs: 120_000 });
