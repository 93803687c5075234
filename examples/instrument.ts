/**
 * A power supply that does not exist: it speaks SCPI as real instruments do, so scripts can be tried without one.
 *
 *     deno run --allow-net examples/instrument.ts         # listens on tcp://127.0.0.1:5025, the port of SCPI
 *     nc 127.0.0.1 5025                                   # then type *IDN? or VOLT 3.3 or MEAS:VOLT?
 *
 * From a script: `await (await connect("tcp://127.0.0.1:5025", { dialect: "lines" })).ask("*IDN?")`.
 *
 * @module
 */
import { listen, type Server } from "@parley/parley";

/** Listens on `address` as one power supply, whose settings all clients share, until the server is closed. */
export function main(address = "tcp://127.0.0.1:5025"): Promise<Server> {
  const supply = new PowerSupply();
  return listen(address, {
    dialect: "lines",
    onReceive: (line, peer) => {
      const answer = supply.obey(line);
      if (answer !== undefined) return peer.send(answer);
    },
  });
}

/** The instrument without any link: a command in, an answer out, or none. */
export class PowerSupply {
  #volts = 0;
  #isOn = false;
  readonly #errors: string[] = [];

  /** Obeys one line. Only questions are answered; what went wrong is asked for with `SYST:ERR?`. */
  obey(line: string): string | undefined {
    const [command, argument = ""] = line.trim().toUpperCase().split(/\s+/);
    switch (command) {
      case "*IDN?":
        return "PARLEY,PS-1,0001,1.0";
      case "*RST":
        this.#volts = 0;
        this.#isOn = false;
        return;
      case "VOLT":
        return this.#setVolts(Number(argument || NaN));
      case "VOLT?":
        return this.#volts.toFixed(3);
      case "OUTP":
        this.#isOn = argument === "ON" || argument === "1";
        return;
      case "OUTP?":
        return this.#isOn ? "1" : "0";
      case "MEAS:VOLT?":
        return (this.#isOn ? this.#volts : 0).toFixed(3);
      case "SYST:ERR?":
        return this.#errors.shift() ?? '0,"No error"';
    }
    this.#errors.push('-113,"Undefined header"');
  }

  #setVolts(volts: number): undefined {
    if (volts >= 0 && volts <= MAX_VOLTS) this.#volts = volts;
    else this.#errors.push('-222,"Data out of range"');
  }
}

const MAX_VOLTS = 30;

if (import.meta.main) await main(Deno.args[0]);
