import type { Case, Step } from "./case.ts";
import { difference, type Saved, shown, valueOf } from "./notation.ts";
import { bytesOf } from "./pieces.ts";
import type { Side } from "./side.ts";
import { Written } from "./written.ts";

/** How the bytes of a step arrive: all at once, or one at a time. */
export type Arrival = "whole" | "byte by byte";

/** Runs a case on a side; what went wrong, or `undefined`. */
export function runCase(one: Case, side: Side, arrival: Arrival): string | undefined {
  const saved: Saved = new Map();
  let written = new Written();
  let old = new Written();
  for (const [index, step] of one.steps.entries()) {
    if (step.link === true) [old, written] = [written, new Written()];
    const problem = runStep(step, side, { saved, arrival, written, old });
    if (problem !== undefined) {
      return `"${one.name}" (${one.role}, ${arrival}), step ${
        index + 1
      } of ${one.steps.length}: ${problem}\n` +
        `  the step: ${shown(step)}`;
    }
  }
  return undefined;
}

function runStep(
  step: Step,
  side: Side,
  how: { saved: Saved; arrival: Arrival; written: Written; old: Written },
): string | undefined {
  const { saved, arrival, written, old } = how;
  try {
    if (step.link === true) side.link();
    if (step.in !== undefined) {
      const bytes = bytesOf(step.in, saved);
      if (arrival === "whole") side.receive(bytes);
      else for (const byte of bytes) side.receive(Uint8Array.of(byte));
    }
    if (step.do !== undefined) {
      const refused = act(step, side, saved);
      if (refused !== undefined) return refused;
    }
    if (step.tick !== undefined) side.tick(step.tick);
    if (step.cut === true) {
      side.cut();
      side.takeOutput(); // what is said to a link that is gone arrives nowhere
    }
  } catch (error) {
    return `it threw ${error instanceof Error ? error.stack : error}`;
  }
  written.add(side.takeOutput());
  old.add(side.takeOldOutput());
  const events = side.takeEvents();
  return difference(events, step.events ?? [], saved, "events") && eventsDiffer(events, step) ||
    (step.anyOut === true ? written.forget() : written.compare(step.out ?? [], saved)) ||
    ackDiffers(step, written) ||
    (step.old === undefined ? undefined : old.compare(step.old, saved));
}

/** Lets the application act; what is wrong when it is refused, or when it had to be and is not. */
function act(step: Step, side: Side, saved: Saved): string | undefined {
  try {
    side.act(step, (note) => valueOf(note, saved));
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (step.throws !== undefined && code === step.throws) return undefined;
    throw error;
  }
  return step.throws === undefined ? undefined : `it was not refused, wanted "${step.throws}"`;
}

function eventsDiffer(events: readonly unknown[], step: Step): string {
  return `events are ${shown(events)}\n  wanted ${shown(step.events ?? [])}`;
}

function ackDiffers(step: Step, { acked }: Written): string | undefined {
  if (step.acked === undefined || step.acked === acked) return undefined;
  return `the last ACK has id ${acked}, wanted ${step.acked}`;
}
