import { UnrecoverableError } from 'bullmq';

const MAX_LENGTH = 1024;

/**
 * The ids of a job as it comes out of Redis. Whoever can write Redis can write jobs, and a store that
 * evicts keys hands out empty ones: nothing but short texts under the expected names passes.
 */
export function jobFields<Name extends string>(
  data: unknown,
  names: readonly Name[],
): Record<Name, string> {
  const fields = names.map((name) => {
    const value: unknown =
      typeof data === 'object' && data !== null && Object.hasOwn(data, name)
        ? Reflect.get(data, name)
        : undefined;
    if (typeof value !== 'string' || value === '' || value.length > MAX_LENGTH) {
      throw new UnrecoverableError(`the job has no usable "${name}"`);
    }
    return [name, value] as const;
  });
  return Object.fromEntries(fields) as Record<Name, string>;
}
