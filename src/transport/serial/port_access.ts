import type { PortInfo } from "./port_info.ts";

/** Who this process is, as far as opening files goes. */
interface Self {
  readonly uid: number;
  readonly groups: ReadonlySet<number>;
}

/** The bits of a mode that let the group read and write. */
const GROUP_READ_WRITE = 0o060;

/** The bits of a mode that let everybody else read and write. */
const OTHERS_READ_WRITE = 0o006;

/**
 * Why this process may not open the node, and what to do about it, as the end of a sentence: which group owns it and
 * whether the process is in it, or the rule for udev that gives it to a group.
 */
export async function whyNoAccess(
  node: string,
  port: PortInfo | undefined,
  roots: { readonly proc: string; readonly etc: string },
): Promise<string> {
  const [stat, self] = await Promise.all([Deno.stat(node).catch(() => undefined), readSelf(roots.proc)]);
  if (stat === undefined || stat.gid === null || stat.mode === null || self === undefined) {
    return `you may not open it; its group, often "dialout" or "uucp", may: see ls -l ${node}`;
  }
  const mode = (stat.mode & 0o777).toString(8).padStart(3, "0");
  const hint = `in a container, start that with --device ${node}`;
  if ((stat.mode & OTHERS_READ_WRITE) === OTHERS_READ_WRITE) {
    return `the system refuses it although everybody may open it (mode ${mode}); ${hint}`;
  }
  if ((stat.mode & GROUP_READ_WRITE) !== GROUP_READ_WRITE || stat.gid === 0) {
    return `only its owner (user ${stat.uid}) may open it (mode ${mode}); to give it to a group write ${
      udevRule(node, port)
    } into /etc/udev/rules.d/60-serial.rules, run sudo udevadm control --reload and sudo udevadm trigger, and join that group`;
  }
  const [group, members] = await readGroup(roots.etc, stat.gid);
  if (self.groups.has(stat.gid)) {
    return `the system refuses it although you are in the group "${group}" that owns it (mode ${mode}); ${hint}`;
  }
  const user = await readUser(roots.etc, self.uid);
  if (user !== undefined && members.includes(user)) {
    return `you were added to the group "${group}" that owns it after you logged in: log out and in again`;
  }
  return `you are not in the group "${group}" that owns it: run sudo usermod -aG ${group} $USER and log in again`;
}

function udevRule(node: string, port: PortInfo | undefined): string {
  const match = port?.vendorId !== undefined && port.productId !== undefined
    ? `ATTRS{idVendor}=="${port.vendorId}", ATTRS{idProduct}=="${port.productId}"`
    : `KERNEL=="${node.slice(node.lastIndexOf("/") + 1)}"`;
  return `SUBSYSTEM=="tty", ${match}, GROUP="dialout", MODE="0660"`;
}

async function readSelf(proc: string): Promise<Self | undefined> {
  const status = await Deno.readTextFile(`${proc}/self/status`).catch(() => "");
  const numbers = (name: string) =>
    new RegExp(`^${name}:(.*)$`, "m").exec(status)?.[1].trim().split(/\s+/).map(Number);
  const uids = numbers("Uid"); // real, effective, saved, of the file system
  const gids = numbers("Gid");
  if (uids === undefined || gids === undefined) return undefined;
  return { uid: uids[1], groups: new Set([gids[1], ...(numbers("Groups") ?? [])]) };
}

/** The name of a group and who is in it; its number where it has no name. */
async function readGroup(etc: string, gid: number): Promise<[name: string, members: readonly string[]]> {
  const lines = (await Deno.readTextFile(`${etc}/group`).catch(() => "")).split("\n");
  const fields = lines.map((line) => line.split(":")).find(([, , id]) => Number(id) === gid && id !== "");
  return fields === undefined ? [`${gid}`, []] : [fields[0], fields[3]?.split(",") ?? []];
}

async function readUser(etc: string, uid: number): Promise<string | undefined> {
  const lines = (await Deno.readTextFile(`${etc}/passwd`).catch(() => "")).split("\n");
  return lines.map((line) => line.split(":")).find(([, , id]) => Number(id) === uid && id !== "")?.[0];
}
