/**
 * A drone show: a ground station and two drones in the language of clever-show, whose own programs either side may be.
 *
 *     deno run -A examples/clever_show.ts          # the station and two drones in one program
 *
 * An original drone connects to `listen("tcp://0.0.0.0:25000", …)` as it is; towards an original server, `drone` is all
 * that is needed. Where the address of the server is not known, `discover()` hears it announce itself.
 *
 * @module
 */
import { type Client, createClient, listen, type Peer, type Server } from "@parley/parley";

/** A drone that answers what every server asks for, keeps the files it gets in `directory`, and takes off when told. */
export async function drone(address: string, id: string, directory: string): Promise<Client> {
  // Not connected before it can answer: nobody tells an original that there is no answer yet.
  const client: Client = createClient(address, {
    dialect: "clever-show",
    reconnect: true,
    resend: true, // what it asks may be answered twice
    onEvent: (event) => {
      if (event.kind === "file") client.action("loaded", [id, event.name, event.size]);
    },
  });
  client.share(directory, {
    mode: "overwrite",
    rename: (name) => name.replace("/home/pi/show/", ""), // originals name files by where they are to be written
  });
  client.onRequest("id", () => id);
  client.onRequest("clover_dir", () => "/home/pi/clover");
  client.onRequest(
    "telemetry",
    () => ({ mode: "STABILIZED", armed: false, battery: [12.2, 1.0], voltage: NaN }),
  );
  client.onAction("takeoff", (call, ...args) => client.action("telemetry", [id, args, call.kwargs]));
  await client.start();
  return client;
}

/** A ground station: knows each drone by the id that it gives when it is asked. */
export async function station(
  address: string,
  tell: (line: string) => void,
): Promise<{ server: Server; drones: Map<string, Peer> }> {
  const drones = new Map<string, Peer>();
  const server = await listen(address, {
    dialect: "clever-show",
    onConnect: async (peer) => {
      const id = await peer.request<string>("id");
      const directory = await peer.request<string>("clover_dir");
      drones.set(id, peer);
      tell(`${id} is there, with its programs in ${directory}`);
    },
    onFail: (error) => tell(error.message),
  });
  server.onAction("loaded", (_call, id, name, size) => tell(`${id} has ${name}, ${size} bytes`));
  server.onRequest("time", () => Date.now() / 1000);
  server.onAction("telemetry", (_call, id, args, { z }) => tell(`${id} takes off to ${z} m, ${args}`));
  return { server, drones };
}

/** Runs a station and two drones, and returns what there is to tell. */
export async function main(address = "tcp://127.0.0.1:0"): Promise<string[]> {
  const told: string[] = [];
  const heard = new Waiter();
  const { server, drones } = await station(address, (line) => {
    told.push(line);
    heard.again();
  });
  await using _server = server;
  const directory = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${directory}/animation.csv`, "0,0,0\n0,0,1\n");
    for (const id of ["copter0001", "copter0002"]) await Deno.mkdir(`${directory}/${id}`);
    await using first = await drone(server.address, "copter0001", `${directory}/copter0001`);
    await heard.until(() => drones.size === 1);
    await using _second = await drone(server.address, "copter0002", `${directory}/copter0002`);
    await heard.until(() => drones.size === 2);

    const { battery } = await drones.get("copter0001")!.request<{ battery: number[] }>("telemetry");
    told.push(`copter0001 has ${battery[0]} V`);
    told.push(`copter0001 knows the time: ${(await first.request<number>("time")) > 0}`);
    for (const [id, peer] of drones) {
      await peer.sendFile(`${directory}/animation.csv`, "/home/pi/show/animation.csv");
      await heard.until(() => told.some((line) => line.startsWith(`${id} has /home`)));
    }
    for (const [id, peer] of drones) {
      await peer.action("takeoff", ["at", "once"], { kwargs: { z: 1.5 } });
      await heard.until(() => told.some((line) => line.startsWith(`${id} takes off`)));
    }
    return told;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Waits for something that a callback has to tell. */
class Waiter {
  #wake: (() => void) | undefined;

  again(): void {
    this.#wake?.();
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => this.#wake = resolve);
  }
}

if (import.meta.main) {
  for (const line of await main()) await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}
