/** True for what can be the name of a profile: every address has a colon or a slash in it. */
export function isProfileName(text: string): boolean {
  return text !== "" && text !== "-" && !/[:/\\\s]/.test(text);
}
