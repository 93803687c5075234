/** Objects of `--json` with `T` for the time and `N` for the milliseconds, which differ each time. */
export function withoutTimes(text: string): string {
  return text
    .replace(/"time":"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, `"time":T`)
    .replace(/"ms":\d+(\.\d{1,2})?(?=[,}])/g, `"ms":N`);
}
