import { z } from 'zod';

export const Params = z.strictObject({
  path: z
    .string()
    .max(1000, 'must not be longer than 1000 characters')
    .regex(/^\//, 'must be an absolute path within HDFS, e.g. /infra/registry/_uploads')
    .regex(/^\P{C}*$/u, 'must not contain control or invisible characters')
    .refine((path) => !path.split('/').some((part) => part === '.' || part === '..'), {
      message: 'must not contain "." or ".."',
    })
    .transform((path) => path.replaceAll(/\/{2,}/g, '/').replace(/(.)\/$/, '$1'))
    .describe('directory within HDFS; its largest directories are followed when it is not full'),
  warnPercent: z.coerce
    .number()
    .min(1)
    .max(100)
    .default(80)
    .describe('warning from this share of the item limit, or of a quota, on'),
});
export type Params = z.output<typeof Params>;

/** HDFS's own default of dfs.namenode.fs-limits.max-directory-items (hdfs-default.xml). */
export const DEFAULT_LIMIT = 1_048_576;

/** From this share of the limit on it is critical: a busy directory is full within the hour. */
export const CRITICAL_PERCENT = 99;
