import { ParleyError } from "../errors.ts";
import type { Kwargs } from "../message.ts";
import { isPromiseLike } from "./callbacks.ts";
import type { SchemaIssue, SchemaResult, StandardSchema } from "./schema.ts";

/** What a handler is called with. */
export interface CheckedArguments {
  /** The positional arguments. */
  readonly args: readonly unknown[];
  /** The named arguments. */
  readonly kwargs: Kwargs;
}

/**
 * Looks at the arguments of a call, and gives those that the handler is called with; a promise only where a schema
 * is asynchronous.
 *
 * @throws {BadArgsError} an argument is not as wanted. @throws what a schema throws by itself.
 */
export type ArgumentCheck = (
  args: readonly unknown[],
  kwargs: Kwargs,
) => CheckedArguments | PromiseLike<CheckedArguments>;

/** What the other side called a handler with is not what it takes. Code `bad_args`; the message names the field. */
export class BadArgsError extends ParleyError {
  /** Always `"BadArgsError"`. */
  override readonly name = "BadArgsError";

  /** @param message The place and what is wrong there, as the caller will read it. */
  constructor(message: string) {
    super("bad_args", message);
  }
}

/** The schemas of one handler. */
export interface ArgumentSchemas {
  /** One for the whole list of arguments, or one for each place in it. */
  readonly args?: StandardSchema | readonly StandardSchema[];
  /** One for the named arguments. */
  readonly kwargs?: StandardSchema;
}

/** One schema, what it is shown, where its value goes, and how that place is called. */
interface Step {
  readonly schema: StandardSchema;
  read(given: CheckedArguments): unknown;
  write(checked: { args: unknown[]; kwargs: Kwargs }, value: unknown): void;
  place(path: Path): string;
}

type Path = NonNullable<SchemaIssue["path"]>;

/**
 * The check of a handler; `undefined` when it has no schemas, so that calling it costs nothing.
 *
 * @param names The handler's parameters, for the messages; asked for only when something is wrong.
 */
export function argumentCheck(
  { args: schemas, kwargs: named }: ArgumentSchemas,
  names: () => readonly string[],
): ArgumentCheck | undefined {
  const steps: Step[] = [];
  const most = isList(schemas) ? schemas.length : Infinity;
  if (isList(schemas)) steps.push(...schemas.map((schema, index) => positional(schema, index, names)));
  else if (schemas !== undefined) steps.push(wholeList(schemas, names));
  if (named !== undefined) steps.push(namedArguments(named));
  if (steps.length === 0) return undefined;
  return (args, kwargs) => {
    if (args.length > most) {
      throw new BadArgsError(`argument ${most + 1}: at most ${most} are taken, ${args.length} were given`);
    }
    return run(steps, 0, { args, kwargs }, { args: [...args], kwargs });
  };
}

/** Takes one step after the other, and waits only where a schema does. */
function run(
  steps: readonly Step[],
  first: number,
  given: CheckedArguments,
  checked: { args: unknown[]; kwargs: Kwargs },
): CheckedArguments | PromiseLike<CheckedArguments> {
  for (let at = first; at < steps.length; at++) {
    const step = steps[at];
    const take = (result: SchemaResult) => {
      if (result.issues !== undefined) throw refused(step, result.issues);
      step.write(checked, result.value);
    };
    const result = step.schema["~standard"].validate(step.read(given));
    if (isPromiseLike(result)) {
      return result.then((result) => {
        take(result);
        return run(steps, at + 1, given, checked);
      });
    }
    take(result);
  }
  return checked;
}

function positional(schema: StandardSchema, index: number, names: () => readonly string[]): Step {
  return {
    schema,
    read: ({ args }) => args[index],
    write({ args }, value) {
      // An argument that was left out and stays so does not count as given.
      if (index < args.length || value !== undefined) args[index] = value;
    },
    place: (path) => placeOf(index, path, names()),
  };
}

function wholeList(schema: StandardSchema, names: () => readonly string[]): Step {
  return {
    schema,
    read: ({ args }) => args,
    write(checked, value) {
      if (!Array.isArray(value)) {
        throw new TypeError(`The schema "args" gave ${typeof value}: a list of arguments is wanted`);
      }
      checked.args = value;
    },
    place(path) {
      const [index, ...rest] = path.map(keyOf);
      return typeof index === "number"
        ? placeOf(index, rest, names())
        : quoted("arguments", fieldOf("", path));
    },
  };
}

function namedArguments(schema: StandardSchema): Step {
  return {
    schema,
    read: ({ kwargs }) => kwargs,
    write(checked, value) {
      if (typeof value !== "object" || value === null) {
        throw new TypeError(`The schema "kwargs" gave ${String(value)}: an object is wanted`);
      }
      checked.kwargs = value as Kwargs;
    },
    place: (path) => quoted("kwargs", fieldOf("", path)),
  };
}

function refused(step: Step, issues: readonly SchemaIssue[]): BadArgsError {
  const place = step.place(issues[0]?.path ?? []);
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
  return new BadArgsError(`${place}: ${clipped(String(issues[0]?.message ?? "refused"), MAX_ISSUE)}${more}`);
}

/** `argument 2 "unit"`, `argument 1 "point.x"`; without the name where the parameter has none. */
function placeOf(index: number, path: Path, names: readonly string[]): string {
  const last = names.length - 1;
  let name = names[index] ?? "";
  if (names[last]?.startsWith("...") && index >= last) name = `${names[last].slice(3)}[${index - last}]`;
  if (/^[[{]/.test(name)) name = ""; // a pattern
  return quoted(`argument ${index + 1}`, fieldOf(name, path));
}

function fieldOf(name: string, path: Path): string {
  let field = name;
  for (const step of path) {
    const key = keyOf(step);
    if (typeof key === "number") field += `[${key}]`;
    else field += (field === "" ? "" : ".") + String(key);
  }
  return field;
}

function quoted(what: string, field: string): string {
  return field === "" ? what : `${what} ${JSON.stringify(clipped(field, MAX_FIELD))}`;
}

function keyOf(step: PropertyKey | { readonly key: PropertyKey }): PropertyKey {
  return typeof step === "object" ? step.key : step;
}

function clipped(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}

function isList(value: ArgumentSchemas["args"]): value is readonly StandardSchema[] {
  return Array.isArray(value);
}

/** Characters of a field's name in a message: keys may come from the other side, and go back to it. */
const MAX_FIELD = 100;
/** Characters of what a schema says: some repeat the whole value. */
const MAX_ISSUE = 300;
