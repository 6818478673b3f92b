import type { ChartRenderer } from '../../ports/chart-renderer.ts';

/** Charts by Vega, pictures by resvg. Both are loaded when first needed: they are large. */
export function createChartRenderer(): ChartRenderer {
  return {
    svg: async (chart) => (await import('./draw-svg.ts')).drawSvg(chart, 'page'),
    png: async (chart) => {
      const [{ drawSvg }, { drawPng }] = await Promise.all([
        import('./draw-svg.ts'),
        import('./draw-png.ts'),
      ]);
      return drawPng(await drawSvg(chart, 'picture'));
    },
  };
}
