import type { Chart } from '../chart.ts';

/** One picture that follows from what runs found. */
export interface CaseChart {
  /** What is drawn: later runs draw the same key further. */
  readonly key: string;
  readonly host: string;
  /** The latest run in it. */
  readonly run: string;
  readonly chart: Chart;
}
