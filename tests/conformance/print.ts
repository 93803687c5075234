// deno-lint-ignore-file no-console -- it is a program
/**
 * Prints the table with every byte in hexadecimal: all of it, or the cases whose file or name holds a text.
 *
 * ```sh
 * deno run tests/conformance/print.ts                    # all
 * deno run tests/conformance/print.ts "wrong magic"      # some
 * deno run tests/conformance/print.ts --json             # for a program
 * ```
 *
 * @module
 */
import { expand } from "./expand.ts";
import { casesOf, FILES } from "./table.ts";

const asJson = Deno.args.includes("--json");
const wanted = Deno.args.find((argument) => argument !== "--json") ?? "";
const found = FILES.flatMap((file) =>
  casesOf(file).filter(({ name }) => file.includes(wanted) || name.includes(wanted))
    .map((one) => ({ file, ...expand(one) }))
);

if (asJson) {
  console.log(JSON.stringify(found, null, 1));
} else {
  for (const { file, name, role, about, options, steps } of found) {
    console.log(`\n${file}: ${name} (${role})\n  ${about}`);
    if (options !== undefined) console.log(`  options ${JSON.stringify(options)}`);
    for (const { in: received, events, out, old, ...rest } of steps) {
      if (Object.keys(rest).length > 0) console.log(`  !   ${JSON.stringify(rest)}`);
      if (received !== undefined) console.log(`  ->  ${received}`);
      for (const event of events ?? []) console.log(`  *   ${JSON.stringify(event)}`);
      for (const item of out ?? []) console.log(`  <-  ${item}`);
      for (const item of old ?? []) console.log(`  <-  (old link) ${item}`);
    }
  }
  console.log(`\n${found.length} cases`);
}
