import { connect, listen } from "@parley/parley";
import assert from "node:assert/strict";

for (const dialect of ["lines", "serpy"] as const) {
  Deno.test(`${dialect}: what waits for the link leaves behind what onOpen says`, async () => {
    const heard: unknown[] = [];
    const onReceive = (message: unknown) => void heard.push(message);
    const server = await listen("memory://queue-open-" + dialect, { dialect, onReceive });
    await using client = await connect(server.address, {
      dialect,
      reconnect: true,
      onOpen: (client) => client.send("login"),
      onFail: () => {},
    });
    await server.close();
    while (client.state !== "down") await new Promise((resolve) => setTimeout(resolve, 5));
    const sent = [client.send("later", { queue: true })];
    if (dialect === "serpy") sent.push(client.send("acked", { queue: true, ack: true }));
    await using _again = await listen(server.address, { dialect, onReceive });
    await Promise.all(sent);
    while (heard.at(-1) === "login") await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(heard, ["login", "login", "later", "acked"].slice(0, sent.length + 2));
  });
}
