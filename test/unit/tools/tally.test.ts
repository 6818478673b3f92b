import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readTally, type Tally, tallyText } from '../../../tools/tally.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'housecall-tally-test-'));
afterAll(() => rmSync(directory, { recursive: true }));

function fileWith(tally: Tally): string {
  const file = path.join(directory, 'tally.json');
  writeFileSync(file, JSON.stringify(tally));
  return file;
}

describe('the count at the end of npm test', () => {
  it('ends with the sums alone on their line, reasons of skips before it', () => {
    const text = tallyText([
      { kind: 'unit', tally: { passed: 10, failed: 0, skipped: [] } },
      { kind: 'lab', tally: { passed: 2, failed: 1, skipped: ['mounts: needs root'] } },
    ]);
    expect(text.split('\n').at(-1)).toBe('12 passed, 1 failed, 1 skipped');
    expect(text).toContain('skipped (lab) mounts: needs root');
  });

  it('takes what the reporter counted', () => {
    const tally = { passed: 3, failed: 0, skipped: ['x'] };
    expect(readTally(fileWith(tally), true)).toEqual(tally);
  });

  it('counts a failure when nothing was proved', () => {
    const nothing = { passed: 0, failed: 0, skipped: [] };
    expect(readTally(path.join(directory, 'absent.json'), true).failed).toBe(1);
    expect(readTally(fileWith(nothing), true).failed).toBe(1);
    expect(readTally(fileWith({ ...nothing, skipped: ['all of them'] }), true).failed).toBe(1);
    expect(readTally(fileWith({ ...nothing, passed: 5 }), false).failed).toBe(1);
  });
});
