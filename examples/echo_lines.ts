/**
 * An echo server in lines of text: the smallest server there is.
 *
 *     deno run --allow-net examples/echo_lines.ts        # listens on tcp://127.0.0.1:16900
 *     nc 127.0.0.1 16900                                  # in another terminal: type a line
 *
 * Another port or kind of address is the first argument, such as `tcp://:7000` or `unix:///tmp/echo.sock`.
 *
 * @module
 */
import { listen, type Server } from "@parley/parley";

/** Listens on `address` and answers every line with itself, until the server is closed. */
export function main(address = "tcp://127.0.0.1:16900"): Promise<Server> {
  return listen(address, {
    dialect: "lines",
    onConnect: (peer) => peer.send("Hello! I say what you say; QUIT ends it."),
    onReceive: (line, peer) => line === "QUIT" ? peer.close() : peer.send(line),
  });
}

if (import.meta.main) await main(Deno.args[0]);
