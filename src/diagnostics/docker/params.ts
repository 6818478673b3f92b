import { z } from 'zod';

export const Params = z.strictObject({
  root: z
    .string()
    .regex(/^\/[^\0]{0,4095}$/, 'must be an absolute path, e.g. /var/lib/docker')
    .refine((path) => !path.split('/').includes('..'), 'must not contain ".."')
    .optional()
    .describe(
      'data root of the daemon (default: from its command line or daemon.json, else /var/lib/docker)',
    ),
  timeBudgetSeconds: z.coerce
    .number()
    .int()
    .min(1)
    .max(900)
    .default(15)
    .describe('time for comparing the files of layers with the sizes docker wrote down'),
});
export type Params = z.output<typeof Params>;

/** A container log without a limit is worth a warning from here on. */
export const LARGE_LOG_BYTES = 100_000_000;

/** An answer that takes longer makes the daemon slow. */
export const SLOW_SECONDS = 3;

/** Younger containers may still be in the making, and a daemon that is younger may still be starting. */
export const YOUNG_SECONDS = 120;
