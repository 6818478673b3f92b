import type { UnsetVariable } from './interpolate.ts';
import type { Settings } from './schema.ts';

/** What is optional is absent, never `undefined`: zod leaves absent keys out. */
type Exact<T> = T extends readonly (infer Item)[]
  ? readonly Exact<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Exact<Exclude<T[Key], undefined>> }
    : T;

export type ExactSettings = Exact<Settings>;

/** `housecall.yaml`, validated, paths resolved, frozen. Keys are those of the file. */
export type Config = ExactSettings & {
  readonly origin: {
    /** Absolute path of the file. */
    readonly file: string;
    /** Keys that are absent because their environment variable is not set. */
    readonly unset: readonly UnsetVariable[];
    /** Worth saying, not fatal. */
    readonly warnings: readonly string[];
  };
};
