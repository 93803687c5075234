import { connect } from "@parley/parley";
import assert from "node:assert/strict";
import { main as bridge } from "../examples/bridge.ts";
import { main as cleverShow } from "../examples/clever_show.ts";
import { main as comingBack } from "../examples/coming_back.ts";
import { main as contract } from "../examples/contract.ts";
import { main as echoLines } from "../examples/echo_lines.ts";
import { main as fanOut } from "../examples/fan_out.ts";
import { main as handlers } from "../examples/handlers.ts";
import { main as instrument, PowerSupply } from "../examples/instrument.ts";
import { main as leads } from "../examples/leads.ts";
import { main as modbus } from "../examples/modbus.ts";
import { main as nmea } from "../examples/nmea.ts";
import { main as noisyLine } from "../examples/noisy_line.ts";
import { main as oneline } from "../examples/oneline.ts";
import { main as requests } from "../examples/requests.ts";
import { main as scpi } from "../examples/scpi.ts";
import { main as serpy } from "../examples/serpy.ts";
import { main as serpy2 } from "../examples/serpy2.ts";
import { main as telemetry, type Sample } from "../examples/telemetry.ts";
import { main as unplugged } from "../examples/unplugged.ts";

Deno.test("examples are all run here", async () => {
  const tested = [
    "bridge.ts",
    "clever_show.ts",
    "coming_back.ts",
    "contract.ts",
    "echo_lines.ts",
    "fan_out.ts",
    "handlers.ts",
    "instrument.ts",
    "leads.ts",
    "modbus.ts",
    "nmea.ts",
    "noisy_line.ts",
    "oneline.ts",
    "requests.ts",
    "scpi.ts",
    "serpy.ts",
    "serpy2.ts",
    "telemetry.ts",
    "unplugged.ts",
  ];
  const there: string[] = [];
  for await (const entry of Deno.readDir(new URL("../examples/", import.meta.url))) there.push(entry.name);
  assert.deepEqual(there.filter((name) => name.endsWith(".ts")).sort(), tested);
});

Deno.test("bridge shares an instrument among clients", async () => {
  assert.deepEqual(await bridge(), [
    "two asks: 3.300 V",
    "one hears it as well: 3.300 V",
    "three reads 3.3 as a number",
    "3 lines to the instrument, 2 back, 0 dropped",
  ]);
});

Deno.test("clever_show has two drones that take off", async () => {
  assert.deepEqual(await cleverShow(), [
    "copter0001 is there, with its programs in /home/pi/clover",
    "copter0002 is there, with its programs in /home/pi/clover",
    "copter0001 has 12.2 V",
    "copter0001 knows the time: true",
    "copter0001 has /home/pi/show/animation.csv, 12 bytes",
    "copter0002 has /home/pi/show/animation.csv, 12 bytes",
    "copter0001 takes off to 1.5 m, at,once",
    "copter0002 takes off to 1.5 m, at,once",
  ]);
});

Deno.test("coming_back loses its server, and nothing is done twice", async () => {
  assert.deepEqual(await comingBack(), [
    "connected",
    "tea is on its way",
    "tea is on its way",
    "the link is lost",
    "connected again",
    "milk is on its way",
    "1 of 2",
    "2 of 2",
    "tea ordered 1 time, milk ordered 1 time",
    "closed",
  ]);
});

Deno.test("contract weighs, and refuses what is no weight", async () => {
  assert.deepEqual(await contract(), [
    "1.5 kg",
    "bad_args: Expected a weight above 0",
    "1500 g",
    "1501 g",
    "0 g",
  ]);
});

Deno.test("echo_lines says what it is told, and QUIT ends it", async () => {
  await using server = await echoLines("tcp://127.0.0.1:0");
  const client = await connect(server.address, { dialect: "lines" });
  assert.match(await client.receive(), /^Hello!/);
  assert.equal(await client.ask("one two"), "one two");
  await client.send("QUIT");
  assert.equal((await client.closed).code, "eof");
});

Deno.test("fan_out asks five drones, of which three answer", async () => {
  assert.deepEqual(await fanOut(), [
    "3 of 5 have told their battery",
    "broken: RemoteError",
    "deaf: TimeoutError",
    "low says landing",
    "2 answers were enough",
  ]);
});

Deno.test("handlers bakes bread at two addresses", async () => {
  assert.deepEqual(await handlers(), [
    "the oven has 180 °C, or 356 °F",
    "bread is done",
    "bread is in the oven at 180 °C",
    "180 °C",
    "215 °C",
    "250 °C",
    "Cannot heat to 1000 °C: at most 250 °C is wanted",
    "bake(what), heat(to), ramp(step), temperature(unit)",
  ]);
});

Deno.test("oneline heats, refuses what is too hot, and is ended", async () => {
  assert.deepEqual(await oneline(), ["ack", "nak - unknown cmd", "target 60 °C", "door closed", "eof"]);
});

Deno.test("requests tells of sums, greetings, an oven and what is not there", async () => {
  assert.deepEqual(await requests("tcp://127.0.0.1:0"), [
    "1 + 2 + 3 = 6",
    "Hello, Ada!",
    "heating to 180 °C",
    "the oven has 180 °C",
    "RemoteError not_found",
  ]);
});

Deno.test("instrument answers as a power supply does", async () => {
  await using server = await instrument("tcp://127.0.0.1:0");
  await using client = await connect(server.address, { dialect: "lines" });
  assert.equal(await client.ask("*IDN?"), "PARLEY,PS-1,0001,1.0");
  await client.send("VOLT 3.3");
  assert.equal(await client.ask("VOLT?"), "3.300");
  assert.equal(await client.ask("meas:volt?"), "0.000");
  await client.send("OUTP ON");
  assert.equal(await client.ask("MEAS:VOLT?"), "3.300");
  await client.send("VOLT 1000");
  assert.equal(await client.ask("SYST:ERR?"), '-222,"Data out of range"');
  assert.equal(await client.ask("SYST:ERR?"), '0,"No error"');
});

Deno.test("PowerSupply is reset, and knows what it does not know", () => {
  const supply = new PowerSupply();
  supply.obey("VOLT 5");
  supply.obey("OUTP 1");
  assert.equal(supply.obey("OUTP?"), "1");
  assert.equal(supply.obey("*RST"), undefined);
  assert.deepEqual([supply.obey("VOLT?"), supply.obey("OUTP?")], ["0.000", "0"]);
  assert.equal(supply.obey("VOLT"), undefined);
  assert.equal(supply.obey("EXPLODE"), undefined);
  assert.equal(supply.obey("SYST:ERR?"), '-222,"Data out of range"');
  assert.equal(supply.obey("SYST:ERR?"), '-113,"Undefined header"');
});

Deno.test("telemetry gives every onlooker the same samples without a gap", async () => {
  await using broadcast = await telemetry("tcp://127.0.0.1:0", 1);
  const onlookers = await Promise.all([connect(broadcast.address), connect(broadcast.address)]);
  for (const onlooker of onlookers) {
    let last: Sample | undefined;
    for await (const sample of onlooker) {
      if (last !== undefined) assert.equal(sample.number, last.number + 1);
      last = sample;
      if (sample.number >= 10) break;
    }
  }
  await Promise.all(onlookers.map((onlooker) => onlooker.close()));
});

Deno.test("modbus reads registers, and hears which are not there", async () => {
  assert.deepEqual(await modbus(), ["registers 0 to 2: 2301, 125, 50", "Device 1 refuses: exception 2"]);
});

Deno.test("leads drives past its box", async () => {
  assert.deepEqual(await leads(), [
    "a car is there",
    "0 m/s, 48.2 V",
    "12.5 m/s, 47.9 V",
    "the car has left",
  ]);
});

Deno.test("noisy_line answers every request", async () => {
  assert.deepEqual(await noisyLine(), ["50 of 50 requests were answered rightly", "on a noisy line"]);
});

Deno.test("unplugged finds its device again", async () => {
  assert.deepEqual(await unplugged(), [
    "talking to PARLEY,PS-1,0001,1.0",
    "3.300 V",
    "unplugged",
    "talking to PARLEY,PS-1,0001,1.0",
    "back under another name, 9600 baud",
    "3.300 V",
    "closed",
  ]);
});

Deno.test("nmea finds out where it is, and hears of the damaged sentence", async () => {
  assert.deepEqual(await nmea(), ["GP says GSV", "bad_checksum", "at 48.1173, 11.5167"]);
});

Deno.test("scpi reads a curve, and hears what it said wrong", async () => {
  assert.deepEqual(await scpi(), [
    "talking to PARLEY,DSO-1,0001,1.0",
    "a curve of 100 points from 28 to 228",
    'TIM:SCAL never: -104,"Data type error"',
  ]);
});

Deno.test("serpy carries text, bytes and Python data both ways", async () => {
  assert.deepEqual(await serpy(), [
    '"plain text"',
    '"acknowledged text"',
    "bytes 31,4",
    '{"name":"Ada","notes":[1,2.5,null,true]}',
    '"1e+22"',
    "2 is two",
  ]);
});

Deno.test("serpy2 reads what a thermometer says, each as what it is", async () => {
  assert.deepEqual(await serpy2(), [
    "rate: 10",
    "temperature: 21",
    "raw: 10,128",
    "pressure: unknown: pressure",
    'Cannot send an object in the dialect "serpy2": it carries numbers, bigints, text and Uint8Array, ' +
    "one a message; JSON.stringify makes text of an object",
  ]);
});
