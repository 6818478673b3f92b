import { z } from 'zod';

export const Params = z.strictObject({});
export type Params = z.output<typeof Params>;

/** Available memory below these shares of all of it, percent. */
export const MEMORY = { warnPercent: 10, criticalPercent: 4 } as const;

/** Used swap from here on matters only when memory is short too. */
export const SWAP = { warnUsedPercent: 90, availablePercent: 25 } as const;

/** Swapping in and out at once, in pages per second each: the working set does not fit. */
export const THRASHING = { warnPages: 250, criticalPages: 2500 } as const;

/** What may still be promised where the kernel keeps count (vm.overcommit_memory=2), percent used. */
export const COMMIT = { warnPercent: 90, criticalPercent: 97 } as const;

/** A control group near its own memory limit, page cache that can be given back taken off, percent. */
export const GROUP_MEMORY = { warnPercent: 90, criticalPercent: 97 } as const;

/** Load per processor: of five minutes, so that a spike is none. */
export const LOAD = { warnPerCpu: 2, criticalPerCpu: 5 } as const;

/** Shares of processor time between two samples, percent. */
export const CPU = { stealWarn: 10, stealCritical: 30, softirqOfOne: 80, busyOfAll: 90 } as const;

/** PSI: share of the last minute in which some (or all) tasks stood still, percent. */
export const PRESSURE = {
  cpu: { some: [75, 101], full: [101, 101] },
  io: { some: [50, 101], full: [25, 60] },
  memory: { some: [20, 60], full: [5, 20] },
} as const;

/** Recent: within the hour. Lines of the day still count for less; older ones only where the damage lasts. */
export const RECENT = { hourSeconds: 3600, daySeconds: 86_400 } as const;

/** Against Housecall's clock, beyond what cannot be known, seconds. */
export const CLOCK = { warnSeconds: 1, criticalSeconds: 30 } as const;

/** Use of a limit, percent: descriptors, processes, connection tracking. */
export const LIMIT = { warnPercent: 90, criticalPercent: 98 } as const;
