import { z } from 'zod';

const percent = z.coerce.number().min(1).max(100);

export const Params = z
  .strictObject({
    warnPercent: percent
      .default(80)
      .describe('warning from this share of the local ports towards one destination on'),
    criticalPercent: percent.default(95).describe('critical from this share on'),
  })
  .refine((own) => own.warnPercent < own.criticalPercent, {
    path: ['warnPercent'],
    message: 'must be below criticalPercent',
  });
export type Params = z.output<typeof Params>;

/** From this share on nothing is left in practice: TIME_WAIT ends and begins while one looks. */
export const NOTHING_LEFT_PERCENT = 99;

/** Ports (nearly) without a gap between them are a range that is full, when there are so many. */
export const GAPLESS = { ports: 100, share: 0.98 } as const;

/** TCP_TIMEWAIT_LEN (include/net/tcp.h): a constant of Linux, no sysctl. */
export const TIME_WAIT_SECONDS = 60;

/** Findings about shortages, and about differences; from here on the last one tells all the rest. */
export const MOST_SHORTAGES = 6;
export const MOST_DIFFERENCES = 5;
