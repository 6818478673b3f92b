import { z } from 'zod';

/** Exactly one of the two. From the finding; nobody types them. */
export const Params = z
  .strictObject({
    pid: z.coerce
      .number()
      .int()
      .min(1)
      .max(4_194_304)
      .optional()
      .describe('a process in the network namespace'),
    container: z
      .string()
      // An id of 64 hex digits or its beginning, or a name as docker allows it.
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/)
      .optional()
      .describe('id (or name) of a container, instead of a process: it outlives a restart'),
  })
  .refine(
    ({ pid, container }) => (pid === undefined) !== (container === undefined),
    'exactly one of pid and container',
  );
export type Params = z.output<typeof Params>;
