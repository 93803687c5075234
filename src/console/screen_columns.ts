/** The width of the terminal at this moment; without bound where there is none. */
export function screenColumns(): number {
  try {
    const { columns } = Deno.consoleSize();
    return columns > 0 ? columns : Infinity;
  } catch {
    return Infinity; // standard output is no terminal
  }
}
