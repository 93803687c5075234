// deno-lint-ignore-file no-console
/** Prints the ports, or the error of listing them, as JSON. With two arguments: of these roots of /sys and /dev. */
import { listLinuxPorts, listPorts } from "../../../src/transport/serial/list_ports.ts";

const [sys, dev] = Deno.args;
try {
  console.log(JSON.stringify(dev === undefined ? await listPorts() : await listLinuxPorts({ sys, dev })));
} catch (error) {
  const { name, code, message } = error as Error & { code?: string };
  console.log(JSON.stringify({ name, code, message }));
}
