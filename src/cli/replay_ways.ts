import { type Dialer, type Listener, parseAddress, type RecordedPart, type Transport } from "../../mod.ts";
import { escapeText } from "../show/escape.ts";
import { CommandLineError } from "./failure.ts";
import { note } from "./printer.ts";
import { type ReplayFlags, Stopped } from "./replay_flags.ts";
import { isSerialAddress, serialSettings } from "./serial_flags.ts";

/** Where the links come from on which the connections of a recording are played. */
export interface Way {
  readonly isListening: boolean;
  next(signal: AbortSignal): Promise<Transport>;
  close(): void;
}

/** Each link is one that we open. */
export function connecting(address: string, { link }: RecordedPart, flags: ReplayFlags): Way {
  const { address: parsed, kind } = parseAddress(address);
  const isRecorded = isSerialAddress(address) && isSerialAddress(link.address);
  const settings = { ...(isRecorded && link.settings), ...serialSettings(address, flags) };
  const dialer: Dialer = kind.dialer?.(parsed, settings) ?? { connect: (how) => kind.connect(parsed, how) };
  return {
    isListening: false,
    next: async (signal) => {
      const connecting = new AbortController();
      const stop = () => connecting.abort(signal.reason);
      signal.addEventListener("abort", stop);
      try {
        await dialer.prepare?.(connecting.signal);
        return await dialer.connect({ signal: connecting.signal });
      } finally {
        signal.removeEventListener("abort", stop);
      }
    },
    close: () => {},
  };
}

/** Each link is one that somebody opens to us. @throws {BrokenError} the address is in use. */
export async function listening(address: string, flags: ReplayFlags, signal: AbortSignal): Promise<Way> {
  const { address: parsed, kind } = parseAddress(address);
  if (kind.listen === undefined) {
    throw new CommandLineError(`Cannot listen on ${address}: it is only connected to`);
  }
  const listener: Listener = await kind.listen(parsed, serialSettings(address, flags));
  note(`listening on ${listener.address}`, flags);
  signal.addEventListener("abort", () => listener.close());
  return {
    isListening: true,
    next: async () => {
      const transport = await listener.accept();
      if (transport === null) throw new Stopped();
      note(`+ ${escapeText(transport.remoteAddress)}`, flags);
      return transport;
    },
    close: () => listener.close(),
  };
}
