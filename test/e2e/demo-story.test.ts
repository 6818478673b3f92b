import { afterEach, describe, expect, test } from 'vitest';
import { playStory } from '../../src/app/demo/story.ts';
import { type DemoWorld, startWorld } from '../../src/app/demo/world.ts';
import { createSilentLog } from '../support/silent-log.ts';

const reason = process.getuid?.() === 0 ? null : 'root is needed to mount a small file system';
if (reason !== null) console.warn(`the demo is not played by itself: ${reason}`);

describe.skipIf(reason !== null)('the demo by itself', () => {
  let world: DemoWorld | undefined;
  afterEach(() => world?.stop());

  test('tells the whole story: alert, finding, page, update, refused and given approval, archive', async () => {
    world = await startWorld({ log: createSilentLog(), say: () => {}, minuteMs: 2_000 });
    const lines: string[] = [];
    const exit = await playStory(world, (line) => lines.push(line));
    expect(lines.filter((line) => line.startsWith('   ✗'))).toEqual([]);
    expect(exit).toBe(0);
    const said = lines.join('\n');
    expect(said).toContain('to Ada');
    expect(said).toContain('waits for you');
    expect(said).toContain('verify ok');
  });
});
