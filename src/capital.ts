/** `text` as a sentence begins: its first letter is a capital. It has at least one letter. */
export function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}
