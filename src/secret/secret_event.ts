/** What the event `"parley:ask-secret"` carries: a secret that is wanted and not in the environment. */
export interface SecretQuestion {
  /** How the program calls it, which is the environment variable it looked for. */
  readonly name: string;
  /** Takes the answer; `undefined` means that it was not given. */
  answer(value: Promise<string | undefined>): void;
}

/** What the event `"parley:secret"` carries: a secret that the program holds from now on. */
export interface SecretValue {
  /** How the program calls it. */
  readonly name: string;
  /** What must not be written anywhere. */
  readonly value: string;
}
