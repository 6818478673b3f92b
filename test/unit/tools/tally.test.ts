import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { secondLook } from '../../../tools/second-look.ts';
import { type FileTallies, NOTHING, readTallies, tallyText } from '../../../tools/tally.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'housecall-tally-test-'));
afterAll(() => rmSync(directory, { recursive: true }));

function fileWith(tallies: FileTallies): string {
  const file = path.join(directory, 'tally.json');
  writeFileSync(file, JSON.stringify(tallies));
  return file;
}

const failure = { file: 'a.test.ts', name: 'mounts a disk', message: 'expected 1 to be 2' };
const failures = (tallies: FileTallies): number =>
  Object.values(tallies).reduce((sum, tally) => sum + tally.failures.length, 0);

describe('the count at the end of npm test', () => {
  it('ends with the sums alone on their line; skips with reasons and failures by name before it', () => {
    const text = tallyText([
      { kind: 'unit', tally: { ...NOTHING, passed: 10 } },
      {
        kind: 'lab',
        tally: { ...NOTHING, passed: 2, failures: [failure], skipped: ['mounts: needs root'] },
      },
    ]);
    expect(text.split('\n').at(-1)).toBe('12 passed, 1 failed, 1 skipped');
    expect(text).toContain('skipped (lab) mounts: needs root');
    expect(text).toContain('failed (lab) a.test.ts: mounts a disk\n    expected 1 to be 2');
  });

  it('takes what the reporter counted', () => {
    const tallies = { 'a.test.ts': { ...NOTHING, passed: 3, skipped: ['x'] } };
    expect(readTallies(fileWith(tallies), true)).toEqual(tallies);
  });

  it('counts a failure when nothing was proved', () => {
    const of = (tally: Partial<typeof NOTHING>): string =>
      fileWith({ 'a.test.ts': { ...NOTHING, ...tally } });
    expect(failures(readTallies(path.join(directory, 'absent.json'), true))).toBe(1);
    expect(failures(readTallies(of({}), true))).toBe(1);
    expect(failures(readTallies(of({ skipped: ['all of them'] }), true))).toBe(1);
    expect(failures(readTallies(of({ passed: 5 }), false))).toBe(1);
  });
});

describe('a second look at test files that failed', () => {
  const good = { ...NOTHING, passed: 4 };
  const bad = { ...NOTHING, passed: 3, failures: [failure] };
  const never = (): Promise<FileTallies> => Promise.reject(new Error('was run again'));

  it('counts what passes alone as passed, and names what had failed', async () => {
    const asked: string[] = [];
    const tally = await secondLook({ 'a.test.ts': bad, 'b.test.ts': good }, async (files) => {
      asked.push(...files);
      return { 'a.test.ts': good };
    });
    expect(asked).toEqual(['a.test.ts']);
    expect(tally).toEqual({ ...NOTHING, passed: 8, flaky: [failure] });
    const text = tallyText([{ kind: 'lab', tally }]);
    expect(text).toContain('failed once, passed when run again (lab) a.test.ts: mounts a disk');
  });

  it('leaves a failure a failure when the file fails again, whichever of its tests it is', async () => {
    const other = { ...NOTHING, passed: 3, failures: [{ ...failure, name: 'another' }] };
    const tally = await secondLook({ 'a.test.ts': bad }, async () => ({ 'a.test.ts': other }));
    expect(tally).toEqual(bad);
  });

  it('leaves it so when the second run proves nothing', async () => {
    const nothing = readTallies(path.join(directory, 'absent.json'), false);
    const tally = await secondLook({ 'a.test.ts': bad }, async () => nothing);
    expect(tally.failures).toContain(failure);
    expect(tally.failures).toHaveLength(2);
  });

  it('runs nothing again when all passed, when many files failed, or what failed has no file', async () => {
    const many = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, bad]));
    expect((await secondLook({ 'a.test.ts': good }, never)).passed).toBe(4);
    expect((await secondLook(many, never)).failures).toHaveLength(4);
    const lost = readTallies(path.join(directory, 'absent.json'), false);
    expect((await secondLook(lost, never)).failures).toHaveLength(1);
  });
});
