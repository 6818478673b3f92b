import type { Finding } from '../../core/finding.ts';
import { backlogFindings } from './assess/backlog.ts';
import { blockedTasks } from './assess/blocked-tasks.ts';
import { clockFindings } from './assess/clock.ts';
import { conntrackFindings } from './assess/conntrack.ts';
import { coverageFindings } from './assess/coverage.ts';
import { descriptorFindings } from './assess/descriptors.ts';
import { kernelFindings } from './assess/kernel.ts';
import { loadFindings } from './assess/load.ts';
import { memoryFindings } from './assess/memory.ts';
import { oomFindings } from './assess/oom.ts';
import { pressureFindings } from './assess/pressure.ts';
import { taskFindings } from './assess/tasks.ts';
import type { Reading } from './reading.ts';

/** In the order in which a person would want to read them; the status sorts first. */
export function assess(reading: Reading): readonly Finding[] {
  return [
    ...kernelFindings(reading),
    ...oomFindings(reading),
    ...memoryFindings(reading),
    ...blockedTasks(reading),
    ...loadFindings(reading),
    ...pressureFindings(reading),
    ...descriptorFindings(reading),
    ...taskFindings(reading),
    ...backlogFindings(reading),
    ...conntrackFindings(reading),
    ...clockFindings(reading),
    ...coverageFindings(reading),
  ];
}
