import {
  createClient,
  createServer,
  type DialectName,
  type RecordedPart,
  type Recording,
  replayLink,
} from "../../mod.ts";
import { CommandLineError } from "./failure.ts";
import { note } from "./printer.ts";
import type { ReplayHow } from "./replay_flags.ts";
import { ReplayView } from "./replay_view.ts";
import { isSerialAddress, serialSettings } from "./serial_flags.ts";

/** A dialect that makes new ids for every connection: what was said is played, by a link that speaks it. */
export async function playSaid(
  address: string | undefined,
  recording: Recording,
  { link }: RecordedPart,
  flags: ReplayHow,
  signal: AbortSignal,
): Promise<void> {
  if (flags.step === true || flags.ignore !== undefined) {
    throw new CommandLineError(
      `Cannot use --step or --ignore with ${link.dialect}: it is not bytes that are played, but what they mean`,
    );
  }
  const view = new ReplayView(link.name, flags);
  const to = flags.listen ?? address ?? link.address;
  const settings = { ...(isSerialAddress(to) && link.settings), ...serialSettings(to, flags) };
  const options = { ...settings, dialect: link.dialect as DialectName, onFail: () => {} };
  const isListening = flags.listen !== undefined;
  await using end = isListening ? createServer(to, options) : createClient(to, options);
  const playing = replayLink(end, recording, {
    link: link.name,
    peer: flags.peer,
    speed: flags.wait === true ? Infinity : flags.speed,
    timeoutMs: flags.timeout ?? (isListening ? Infinity : undefined),
    signal,
    onPause: (ms) => view.pause(ms),
    onSaid: (step, traffic) => view.said(step, traffic),
  });
  playing.catch(() => {}); // when it cannot be started
  await end.start();
  if (isListening) note(`listening on ${end.address} (${link.dialect})`, flags);
  view.doneSaid(await playing);
}
