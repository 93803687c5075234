/**
 * What a schema of any library looks like to us: valibot, zod, arktype and others speak Standard Schema, version 1.
 * The interface is written out here, so that nobody needs a package for it.
 *
 * @module
 */

/**
 * A schema of any library that speaks Standard Schema (https://standardschema.dev), such as valibot or zod.
 *
 * @typeParam Input What may be given to it.
 * @typeParam Output What comes out when it was right.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  /** Everything that the standard defines. */
  readonly "~standard": {
    /** The version of the standard. */
    readonly version: 1;
    /** The library. */
    readonly vendor: string;
    /** Looks at a value: either it comes back, perhaps changed, or the issues with it. */
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    /** Says what the types are; it is not there at run time. */
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** What a schema says about a value. */
export type SchemaResult<Output = unknown> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** One thing that is wrong with a value. */
export interface SchemaIssue {
  /** What people read. */
  readonly message: string;
  /** Where in the value, from the outside in; absent or empty for the value itself. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** True for anything that speaks Standard Schema 1; with some libraries a schema is a function. */
export function isSchema(value: unknown): value is StandardSchema {
  if (value === null || typeof value !== "object" && typeof value !== "function") return false;
  const standard = (value as Partial<StandardSchema>)["~standard"];
  return typeof standard === "object" && standard !== null && standard.version === 1 &&
    typeof standard.validate === "function";
}
