import type { Chart } from '../chart.ts';

/** One picture that follows from what runs found and fixes did. */
export interface CaseChart {
  /** What is drawn: later runs draw the same key further. */
  readonly key: string;
  readonly host: string;
  /** The latest run in it. */
  readonly run: string;
  /** Ids of the fixes in it. */
  readonly fixes: readonly string[];
  readonly chart: Chart;
}
