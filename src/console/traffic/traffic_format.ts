/** How what is said on a link is shown; `hex` shows the bytes on the wire and not what they mean. */
export const TRAFFIC_FORMATS = Object.freeze(["js", "text", "json", "hex", "raw"] as const);

/** One of {@linkcode TRAFFIC_FORMATS}. */
export type TrafficFormat = typeof TRAFFIC_FORMATS[number];
