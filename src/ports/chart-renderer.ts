import type { Chart } from '../core/chart.ts';

/** Draws numbers. Pure: the same chart gives the same picture; nothing is loaded from anywhere. */
export interface ChartRenderer {
  /**
   * An `<svg>` element to stand in a page: no script, style, link or reference in it, texts escaped;
   * ink in `currentColor`, so that it follows the page's colours. Without the title, which the page says.
   */
  svg(chart: Chart): Promise<string>;
  /** A picture with its title, dark on white, for a chat. */
  png(chart: Chart): Promise<Uint8Array>;
}
