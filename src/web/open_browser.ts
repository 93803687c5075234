/** Opens an address in the user's browser. Resolves to whether there was something to open it with. */
export async function openBrowser(address: string): Promise<boolean> {
  const [command, ...args] = OPENERS[Deno.build.os] ?? ["xdg-open"];
  try {
    const streams = { stdin: "null", stdout: "null", stderr: "null" } as const;
    const { success } = await new Deno.Command(command, { args: [...args, address], ...streams }).output();
    return success;
  } catch {
    return false;
  }
}

const OPENERS: Readonly<Record<string, readonly [string, ...string[]]>> = Object.freeze({
  darwin: ["open"],
  windows: ["rundll32", "url.dll,FileProtocolHandler"],
});
