import assert from "node:assert/strict";
import { BrokenError } from "../../../src/errors.ts";
import { listLinuxPorts, listPorts, withHolders } from "../../../src/transport/serial/list_ports.ts";
import type { PortInfo } from "../../../src/transport/serial/port_info.ts";
import { DeviceTree, FTDI } from "./device_tree.ts";

const CDC_FILES = {
  idVendor: "2341\n",
  idProduct: "8036\n",
  manufacturer: "Arduino LLC\n",
  product: "Leonardo\n",
};
const CP2102_FILES = {
  idVendor: "10c4\n",
  idProduct: "ea60\n",
  serial: "0001\n",
  manufacturer: "Silicon Labs\n",
  product: "CP2102 USB to UART Bridge Controller\n",
};

/** Without `since`, which nobody can set, and with the paths of a real system. */
async function listed(tree: DeviceTree, heard: PortInfo[] = []): Promise<PortInfo[]> {
  const ports = await listLinuxPorts(tree.roots, () => Promise.resolve(heard));
  return ports.map(({ since: _since, ...port }) =>
    JSON.parse(JSON.stringify(port).replaceAll(tree.roots.dev, "/dev"))
  );
}

function byName(ports: readonly PortInfo[]): PortInfo[] {
  return ports.toSorted((a, b) => a.path < b.path ? -1 : 1);
}

Deno.test("an adapter is listed with all it says, its by-id link, its place, its driver and its age", async () => {
  await using tree = await DeviceTree.make();
  await tree.usb(FTDI);
  assert.deepEqual(await listed(tree), [{
    path: "/dev/ttyUSB0",
    id: "/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0",
    manufacturer: "FTDI",
    product: "FT232R USB UART",
    serialNumber: "A50285BI",
    vendorId: "0403",
    productId: "6001",
    location: "1-2.3:1.0",
    driver: "ftdi_sio",
  }]);
  const [{ since }] = await listLinuxPorts(tree.roots, () => Promise.resolve([]));
  const { birthtime, ctime } = await Deno.stat(tree.node("ttyUSB0"));
  assert.equal(since, (birthtime ?? ctime)?.getTime());
});

Deno.test("a device without a serial number, a maker and a by-id link is listed without them", async () => {
  await using tree = await DeviceTree.make();
  await tree.usb({
    name: "ttyUSB1",
    place: "1-4",
    driver: "ch341",
    portDriver: "ch341-uart",
    files: { idVendor: "1A86\n", idProduct: "7523\n", product: "USB Serial\n" },
  });
  assert.deepEqual(await listed(tree), [{
    path: "/dev/ttyUSB1",
    product: "USB Serial",
    vendorId: "1a86",
    productId: "7523",
    location: "1-4:1.0",
    driver: "ch341",
  }]);
});

Deno.test("two devices with one serial number are two ports, and the one by-id link belongs to one of them", async () => {
  await using tree = await DeviceTree.make();
  const cp2102 = { driver: "cp210x", portDriver: "cp210x", files: CP2102_FILES };
  await tree.usb({
    ...cp2102,
    name: "ttyUSB0",
    place: "1-1",
    byId: "usb-Silicon_Labs_CP2102_0001-if00-port0",
  });
  await tree.usb({ ...cp2102, name: "ttyUSB1", place: "1-2" });
  const ports = byName(await listed(tree));
  assert.deepEqual(ports.map(({ serialNumber, location }) => [serialNumber, location]), [
    ["0001", "1-1:1.0"],
    ["0001", "1-2:1.0"],
  ]);
  assert.deepEqual(ports.map(({ id }) => id !== undefined), [true, false]);
});

Deno.test("each interface of a device is a port with its own place, and so is each port of an interface", async () => {
  await using tree = await DeviceTree.make();
  await tree.usb({ name: "ttyACM0", place: "1-3", part: "1.0", driver: "cdc_acm", files: CDC_FILES });
  await tree.usb({ name: "ttyACM1", place: "1-3", part: "1.2", driver: "cdc_acm", files: CDC_FILES });
  const card = {
    driver: "mos7840",
    portDriver: "mos7840",
    files: { idVendor: "9710\n", idProduct: "7840\n" },
  };
  await tree.usb({ ...card, name: "ttyUSB0", place: "1-5", portNumber: 0 });
  await tree.usb({ ...card, name: "ttyUSB1", place: "1-5", portNumber: 1 });
  const places = byName(await listed(tree)).map(({ path, location, driver }) => [path, location, driver]);
  assert.deepEqual(places, [
    ["/dev/ttyACM0", "1-3:1.0", "cdc_acm"],
    ["/dev/ttyACM1", "1-3:1.2", "cdc_acm"],
    ["/dev/ttyUSB0", "1-5:1.0", "mos7840"],
    ["/dev/ttyUSB1", "1-5:1.0-port1", "mos7840"],
  ]);
});

Deno.test("a port on the board has its driver; places without a chip, consoles and ptys are no ports", async () => {
  await using tree = await DeviceTree.make();
  await tree.plain("ttyS0", "4");
  await tree.plain("ttyS1", "0");
  for (const name of ["tty", "tty1", "console", "ptmx", "ptyp0"]) {
    await tree.terminal(name);
    await tree.file(tree.node(name), "");
  }
  await tree.terminal("ttyGS0"); // a USB gadget, and a Bluetooth port, have no device above them
  await tree.file(tree.node("ttyGS0"), "");
  await tree.usb({ ...FTDI, name: "ttyUSB9", place: "1-9", byId: undefined });
  await Deno.remove(tree.node("ttyUSB9")); // known to the kernel, and nothing to open
  await tree.terminal("rfcomm0", `${tree.usbFolder("1-9")}/1-9:1.0`); // behind the radio, which is not the device
  await tree.file(tree.node("rfcomm0"), "");
  assert.deepEqual(byName(await listed(tree)), [
    { path: "/dev/rfcomm0" },
    { path: "/dev/ttyGS0" },
    { path: "/dev/ttyS0", driver: "serial8250" },
  ]);
});

Deno.test("what cannot be read costs its own field, and what a device says can be shown", async () => {
  await using tree = await DeviceTree.make();
  const bytes = Uint8Array.of(0x1b, 0x5b, 0x32, 0x4a, 0xc3, 0xa9, 0xff, 0x00, 0x0a); // ESC [ 2 J é, then no UTF-8
  await tree.usb({
    ...FTDI,
    files: { idVendor: "0403\n", idProduct: "zz\n", manufacturer: bytes, product: " A \u202eB\tC \n" },
  });
  await Deno.mkdir(`${tree.usbFolder(FTDI.place)}/serial`); // not a file
  await tree.byId("usb-Gone", "../../ttyUSB7");
  await Deno.symlink(`${tree.roots.sys}/nowhere`, `${tree.roots.sys}/class/tty/ttyUSB7`);
  await tree.file(tree.node("ttyUSB7"), "");
  const odd = await tree.terminal("ttyX!0", `${tree.usbFolder(FTDI.place)}/${FTDI.place}:1.0`);
  assert.ok(odd.endsWith("!0"));
  await Deno.mkdir(tree.node("ttyX"));
  await tree.file(tree.node("ttyX/0"), "");
  const [adapter, inFolder, ...more] = byName(await listed(tree));
  assert.deepEqual(adapter, {
    path: "/dev/ttyUSB0",
    id: "/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0",
    vendorId: "0403",
    manufacturer: "[2Jé\ufffd",
    product: "A B C",
    location: "1-2.3:1.0",
    driver: "ftdi_sio",
  });
  assert.equal(inFolder.path, "/dev/ttyX/0");
  assert.deepEqual(more, []);
});

Deno.test("a tree without anything in it has no ports, and a tree that is not there has none either", async () => {
  await using tree = await DeviceTree.make();
  assert.deepEqual(await listed(tree), []);
  const nowhere = { sys: `${tree.roots.sys}/no`, dev: `${tree.roots.dev}/no` };
  assert.deepEqual(await listLinuxPorts(nowhere, () => Promise.resolve([])), []);
});

Deno.test("udev fills the gaps, adds ports that /sys does not show, and brings no empty places back", async () => {
  await using tree = await DeviceTree.make();
  await tree.usb({
    name: "ttyUSB1",
    place: "1-4",
    driver: "ch341",
    portDriver: "ch341-uart",
    files: { idVendor: "1a86\n", idProduct: "7523\n", product: "USB Serial\n" },
  });
  await tree.plain("ttyS1", "0");
  await tree.file(tree.node("ttyUSB5"), "");
  const ports = byName(
    await listed(tree, [
      { path: "/dev/ttyUSB1", manufacturer: "QinHeng Electronics", product: "CH340 serial converter" },
      { path: "/dev/ttyS1" },
      { path: "/dev/ttyUSB5", vendorId: "0403" },
      { path: "/dev/ttyUSB6", vendorId: "0403" }, // no node
      { path: "" },
    ]),
  );
  assert.deepEqual(ports.map(({ path, manufacturer, product }) => [path, manufacturer, product]), [
    ["/dev/ttyUSB1", "QinHeng Electronics", "USB Serial"],
    ["/dev/ttyUSB5", undefined, undefined],
  ]);
  assert.equal(ports[1].vendorId, "0403");
});

const ON_LINUX = { ignore: Deno.build.os !== "linux" };

Deno.test("known ports are told with who has them open, this process first", ON_LINUX, async () => {
  await using tree = await DeviceTree.make();
  await tree.file(tree.node("ttyUSB0"), "");
  await tree.file(tree.node("ttyUSB1"), "");
  await Deno.symlink(tree.node("ttyUSB0"), tree.node("psu"));
  const known = [
    { path: tree.node("psu"), product: "KA3005P", heldBy: [{ pid: 1, program: "as it was before" }] },
    { path: tree.node("ttyUSB1") },
    { path: tree.node("gone") },
  ];
  using _own = await Deno.open(tree.node("ttyUSB0"));
  await using other = new Deno.Command("sh", {
    args: ["-c", 'exec 5<"$0"; echo open; read _', tree.node("ttyUSB0")],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const output = other.stdout.getReader();
  await output.read();
  const [psu, free, gone] = await listPorts({ known, holders: true });
  assert.deepEqual(psu.heldBy?.map(({ pid }) => pid), [Deno.pid, other.pid]);
  assert.match(psu.heldBy![1].program, /^(sh|dash|bash|busybox)$/);
  assert.equal(psu.product, "KA3005P");
  assert.deepEqual(free, { path: tree.node("ttyUSB1"), heldBy: [] });
  assert.deepEqual(gone.heldBy, []);
  assert.deepEqual(await listPorts({ known }), known);
  await other.stdin.close();
  await output.cancel();
});

Deno.test("one look at the processes tells 4 holders of each port at most", ON_LINUX, async () => {
  await using tree = await DeviceTree.make();
  const proc = `${tree.roots.dev}/proc`;
  const ports = ["/dev/ttyUSB7", "/dev/ttyUSB8"].map((path) => ({ path }));
  assert.deepEqual(await withHolders(ports, proc), ports); // nothing is known where there are no processes
  for (let pid = 101; pid <= 106; pid++) {
    await Deno.mkdir(`${proc}/${pid}/fd`, { recursive: true });
    await tree.file(`${proc}/${pid}/comm`, pid === 106 ? "\x1b\n" : `p${pid}\n`);
    await Deno.symlink("/dev/ttyUSB7", `${proc}/${pid}/fd/3`);
    await Deno.symlink("/dev/ttyUSB7", `${proc}/${pid}/fd/4`);
  }
  await Deno.symlink("/dev/ttyUSB8", `${proc}/101/fd/5`);
  const [seven, eight] = await withHolders(ports, proc);
  assert.deepEqual(seven.heldBy, [
    { pid: 106, program: "a program" },
    { pid: 105, program: "p105" },
    { pid: 104, program: "p104" },
    { pid: 103, program: "p103" },
  ]);
  assert.deepEqual(eight.heldBy, [{ pid: 101, program: "p101" }]);
});

Deno.test({
  name: "the ports of this machine are nodes in /dev, and no pseudo terminals",
  ignore: Deno.build.os !== "linux",
  async fn() {
    for (const { path, since } of await listPorts()) {
      assert.match(path, /^\/dev\/(?!pts\/)/);
      assert.ok((await Deno.stat(path)).isCharDevice);
      assert.equal(typeof since, "number");
    }
  },
});

Deno.test({
  name: "a program that may not look is told which flag is missing",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const program = new URL("./print_ports.ts", import.meta.url).pathname;
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--allow-read", "--allow-env", program],
      stderr: "null",
    }).output();
    const { name, code, message } = JSON.parse(new TextDecoder().decode(stdout));
    assert.equal(name, BrokenError.name);
    assert.equal(code, "permission");
    assert.match(message, /^Cannot list serial ports: Deno keeps .*\/sys\/class\/tty.* -A \(--allow-all\)/);
  },
});
