/**
 * A LEADS car that sends telemetry to the box in the pit, and a box that gathers it: either side may be the original.
 *
 *     deno run --allow-net examples/leads.ts              # both, and what the box has heard
 *
 * A box for real cars: `await box("tcp://0.0.0.0:16900", console.log)`. From the console or a script of your own:
 *
 *     const car = await connect("tcp://127.0.0.1", { dialect: "leads" });       // port 16900
 *     const board = await serial("auto", { identity: "WSC", baudRate: 9600 });  // the board that says it is "WSC"
 *
 * @module
 */
import { connect, listen, type Server } from "@parley/parley";

/** One sample of a car. */
export interface Sample {
  /** Metres a second. */
  readonly speed: number;
  /** Volts of the battery. */
  readonly voltage: number;
}

/** Listens as the box in the pit, and gives what the cars send to `hear`. What is no sample is told to its sender. */
export function box(address: string, hear: (sample: Sample) => void): Promise<Server> {
  return listen(address, {
    dialect: "leads",
    onReceive: (message: string, car) => {
      const sample = sampleOf(message);
      if (sample === undefined) return car.send(`not understood: ${message}`);
      hear(sample);
      return car.send("ok");
    },
  });
}

/** Drives `samples` past the box at `address`, each once the one before was heard; then says `disconnect` and leaves. */
export async function drive(address: string, samples: readonly Sample[]): Promise<void> {
  await using car = await connect(address, { dialect: "leads", reconnect: true });
  for (const sample of samples) await car.ask(JSON.stringify(sample));
}

/** Runs both, and tells what the box has heard. */
export async function main(address = "tcp://127.0.0.1:0"): Promise<string[]> {
  const told: string[] = [];
  const gone = Promise.withResolvers<void>();
  await using pit = await box(address, ({ speed, voltage }) => told.push(`${speed} m/s, ${voltage} V`));
  pit.use({
    onConnect: () => void told.push("a car is there"),
    onDisconnect: () => {
      told.push("the car has left");
      gone.resolve();
    },
  });
  await drive(pit.address, [{ speed: 0, voltage: 48.2 }, { speed: 12.5, voltage: 47.9 }]);
  await gone.promise;
  return told;
}

/** A sample that has come as JSON; `undefined` for anything else. */
function sampleOf(message: string): Sample | undefined {
  try {
    const { speed, voltage } = JSON.parse(message);
    return typeof speed === "number" && typeof voltage === "number" ? { speed, voltage } : undefined;
  } catch {
    return undefined;
  }
}

// deno-lint-ignore no-console -- a program that prints
if (import.meta.main) console.log((await main()).join("\n"));
