import { z } from 'zod';

const percent = z.coerce.number().min(1).max(100);

export const Params = z
  .strictObject({
    mount: z
      .string()
      .regex(/^\/[^\0]{0,4095}$/, 'must be an absolute path, e.g. /var/lib/docker')
      .refine((path) => !path.split('/').includes('..'), 'must not contain ".."')
      .optional()
      .describe(
        'only this file system: its mount point, or any path on it (default: every local one)',
      ),
    warnPercent: percent
      .default(75)
      .describe(
        'warning from this use% on, used/(used+available) as df counts it; inodes likewise',
      ),
    criticalPercent: percent.default(90).describe('critical from this use% on'),
    timeBudgetSeconds: z.coerce
      .number()
      .int()
      .min(2)
      .max(600)
      .default(20)
      .describe('time for looking for the biggest holders on file systems that are full'),
    sampleSeconds: z.coerce
      .number()
      .int()
      .min(0)
      .max(60)
      .default(2)
      .describe('seconds between two samples of growth; 0: no second sample'),
  })
  .refine((own) => own.warnPercent < own.criticalPercent, {
    path: ['warnPercent'],
    message: 'must be below criticalPercent',
  });
export type Params = z.output<typeof Params>;

/** Growth matters when the file system is full within a day; within the hour it is critical. */
export const FILLING = { warnSeconds: 24 * 3600, criticalSeconds: 3600 } as const;

/** Growth below it is noise: the smaller of 2 MiB and 1 % of the size, within one sample. */
export const NOISE = { bytes: 2 * 1024 * 1024, share: 0.01 } as const;

/** A deleted file is named on its own from here on; smaller ones are summed. */
export const DELETED = { minBytes: 1_000_000, fullShare: 0.005, healthyShare: 0.05 } as const;

/** A container log is large from here on, in bytes or as a share of its file system. */
export const CONTAINER_LOG = { bytes: 1_000_000_000, share: 0.1, minBytes: 5_000_000 } as const;

/** What the reconciliation may leave unexplained before it counts as not seen. */
export const UNEXPLAINED_SHARE = 0.02;
