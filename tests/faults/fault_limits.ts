/** Both ends notice within 2.5 s that nothing comes any more, so that black holes do not take all the time there is. */
export const FAULT_LIMITS = Object.freeze({ heartbeatMs: 1000, silenceMs: 2500, handshakeMs: 2000 });
