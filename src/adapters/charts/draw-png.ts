import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

const require = createRequire(import.meta.url);

/** Sharp on screens of twice the resolution. */
const ZOOM = 2;

let ready: Promise<readonly Uint8Array[]> | undefined;

/** The program once, and the fonts: none of the machine's, so that every machine draws the same. */
function load(): Promise<readonly Uint8Array[]> {
  ready ??= (async () => {
    const [wasm, ...fonts] = await Promise.all([
      readFile(require.resolve('@resvg/resvg-wasm/index_bg.wasm')),
      readFile(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')),
      readFile(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf')),
    ]);
    await initWasm(wasm);
    return fonts;
  })();
  return ready;
}

export async function drawPng(svg: string): Promise<Uint8Array> {
  const fonts = await load();
  const resvg = new Resvg(svg, {
    font: { fontBuffers: [...fonts], defaultFontFamily: 'DejaVu Sans' },
    fitTo: { mode: 'zoom', value: ZOOM },
  });
  try {
    const image = resvg.render();
    const png = image.asPng();
    image.free();
    return png;
  } finally {
    resvg.free();
  }
}
