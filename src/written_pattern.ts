/** The regular expression that is written `/like this/i`; `undefined` for text that is not. @throws {SyntaxError} */
export function slashedPattern(
  text: string,
  { without = "" }: { without?: string } = {},
): RegExp | undefined {
  const [, source, flags] = /^\/(.+)\/([dgimsuvy]*)$/s.exec(text) ?? [];
  if (source === undefined) return undefined;
  return new RegExp(source, [...flags].filter((flag) => !without.includes(flag)).join(""));
}

/** A regular expression, with or without slashes around it. @throws {SyntaxError} */
export function writtenPattern(text: string): RegExp {
  return slashedPattern(text) ?? new RegExp(text);
}
