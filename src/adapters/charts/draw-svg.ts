import { type Loader, loader, parse, View } from 'vega';
import { compile } from 'vega-lite';
import type { Chart } from '../../core/chart.ts';
import { chartSpec, type Look } from './chart-spec.ts';

/** Nothing is fetched, whatever a specification says. */
const refuse = (): Promise<never> => Promise.reject(new Error('a chart loads nothing'));
const closed: Loader = { ...loader(), load: refuse, http: refuse, file: refuse, sanitize: refuse };

export async function drawSvg(chart: Chart, look: Look): Promise<string> {
  const view = new View(parse(compile(chartSpec(chart, look)).spec), {
    renderer: 'none',
    loader: closed,
  });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
