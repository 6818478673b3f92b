import { z } from 'zod';

export const Params = z
  .strictObject({
    path: z
      .string()
      .regex(/^\/[^\0]{1,4095}$/, 'must be an absolute path, e.g. /var/log/app.log')
      .refine((path) => !path.split('/').includes('..'), 'must not contain ".."')
      .optional()
      .describe('only this log file (default: the logs that are largest and grow most)'),
    container: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/, 'must be the name or id of a container')
      .optional()
      .describe('only the log of this docker container: its name, or at least 4 digits of its id'),
    unit: z
      .string()
      .regex(
        /^[A-Za-z0-9_@][A-Za-z0-9:_.@\\-]{0,254}$/,
        'must be a systemd unit, e.g. nginx.service',
      )
      .optional()
      .describe('only the journal of this systemd unit'),
    maxReadMiB: z.coerce
      .number()
      .int()
      .min(1)
      .max(1024)
      .default(64)
      .describe('reads at most this much of all logs together, MiB'),
  })
  .refine(
    ({ path, container, unit }) =>
      [path, container, unit].filter((one) => one !== undefined).length <= 1,
    { path: ['path'], message: 'name one of path, container and unit' },
  );
export type Params = z.output<typeof Params>;

/** A pattern dominates from this share of the bytes on. */
export const DOMINANT_SHARE = 0.2;

/** A log is large from here on: bytes, or a share of its file system, or any share worth naming when that is filling. */
export const LARGE = {
  bytes: 1_000_000_000,
  share: 0.1,
  minBytes: 1_000_000,
  fullPercent: 75,
  criticalPercent: 90,
  fullShare: 0.01,
} as const;

/** Growth matters when it fills the file system within a day, or from this rate on, bytes/s. */
export const GROWTH = {
  bytesPerSecond: 1_000_000,
  warnSeconds: 86_400,
  criticalSeconds: 3600,
} as const;

/** Errors of daily life are named when they make this share of the lines or bytes; a grave one is critical from 10 % on. */
export const ERRORS = { minorShare: 0.05, criticalShare: 0.1, recentSeconds: 86_400 } as const;

/** A deleted log is worth naming, and emptying, from here on. */
export const DELETED_BYTES = 1_000_000;
