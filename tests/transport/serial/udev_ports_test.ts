import assert from "node:assert/strict";
import { hardwareNames } from "../../../src/transport/serial/hardware_names.ts";
import type { PortInfo } from "../../../src/transport/serial/port_info.ts";
import { DeviceTree } from "./device_tree.ts";

const UDEV_INFO = `P: /devices/pci0000:00/0000:00:14.0/usb1/1-4/1-4:1.0/ttyUSB1/tty/ttyUSB1
M: ttyUSB1
N: ttyUSB1
S: serial/by-id/usb-1a86_USB_Serial-if00-port0
E: DEVPATH=/devices/pci0000:00/0000:00:14.0/usb1/1-4/1-4:1.0/ttyUSB1/tty/ttyUSB1
E: DEVNAME=/dev/ttyUSB1
E: ID_VENDOR_ENC=1a86
E: ID_VENDOR_ID=1a86
E: ID_MODEL_ID=7523
E: ID_VENDOR_FROM_DATABASE=QinHeng Electronics
E: ID_MODEL_FROM_DATABASE=CH340 serial converter
E: DEVLINKS=/dev/serial/by-path/pci-0000:00:14.0-usb-0:4:1.0-port0 /dev/serial/by-id/usb-1a86_USB_Serial-if00-port0

P: /devices/platform/serial8250/tty/ttyS1
N: ttyS1
E: DEVNAME=/dev/ttyS1
`;

async function treeOfTwo(): Promise<DeviceTree> {
  const tree = await DeviceTree.make();
  const files = { idVendor: "1a86\n", idProduct: "7523\n" };
  await tree.usb({ name: "ttyUSB1", place: "1-4", driver: "ch341", portDriver: "ch341-uart", files });
  await tree.plain("ttyS1", "0");
  return tree;
}

/** Lists the ports in a process that finds this script as its `udevadm`, or none. */
async function listWith(tree: DeviceTree, script: string | undefined): Promise<PortInfo[]> {
  const folder = await Deno.makeTempDir({ prefix: "parley_udevadm_" });
  try {
    if (script !== undefined) {
      await Deno.writeTextFile(`${folder}/info`, UDEV_INFO);
      await Deno.writeTextFile(
        `${folder}/udevadm`,
        `#!/bin/sh\n${script.replaceAll("INFO", `${folder}/info`)}\n`,
        {
          mode: 0o755,
        },
      );
    }
    const program = new URL("./print_ports.ts", import.meta.url).pathname;
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-prompt", program, tree.roots.sys, tree.roots.dev],
      env: { PATH: folder },
      stderr: "null",
    }).output();
    return JSON.parse(new TextDecoder().decode(stdout).replaceAll(tree.roots.dev, "/dev"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function withoutAge([{ since: _since, ...port }, ...more]: PortInfo[]): PortInfo {
  assert.deepEqual(more, []);
  return port;
}

const FROM_SYSFS: PortInfo = {
  path: "/dev/ttyUSB1",
  vendorId: "1a86",
  productId: "7523",
  location: "1-4:1.0",
  driver: "ch341",
};

const onLinux = { ignore: Deno.build.os !== "linux" };

Deno.test("udevadm adds the names of the hardware database", onLinux, async () => {
  await using tree = await treeOfTwo();
  assert.deepEqual(withoutAge(await listWith(tree, "/bin/cat INFO")), {
    ...FROM_SYSFS,
    id: "/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0",
    manufacturer: "QinHeng Electronics",
    product: "CH340 serial converter",
  });
});

Deno.test("without udevadm nothing is lost, nor when it fails or does not end", onLinux, async () => {
  await using tree = await treeOfTwo();
  const scripts = [undefined, "/bin/cat INFO; exit 3", "/bin/sleep 4; /bin/cat INFO"];
  for (const ports of await Promise.all(scripts.map((script) => listWith(tree, script)))) {
    assert.deepEqual(withoutAge(ports), FROM_SYSFS);
  }
});

Deno.test("the names of USB go before those of the bus it is on, and are made safe to show", () => {
  const names = hardwareNames(
    `E: DEVNAME=/dev/ttyUSB0\nE: ID_VENDOR_FROM_DATABASE=Intel\nE: ID_USB_VENDOR_FROM_DATABASE=FTDI\x07\n\nE: DEVNAME=/dev/tty1\n`,
  );
  assert.deepEqual([...names], [["/dev/ttyUSB0", { manufacturer: "FTDI", product: undefined }]]);
});
