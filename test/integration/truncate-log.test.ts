import type { ChildProcess } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { claimProbe, parseClaim } from '../../src/core/approval/claim.ts';
import { createRedactor } from '../../src/core/redaction/redactor.ts';
import { hasRoot } from '../support/deleted-file-lab.ts';
import { lookAt, planOf, runAll } from '../support/fix-runs.ts';
import { FLOOD, LogLab } from '../support/log-lab.ts';

const CONTENT = `${FLOOD}\n`;

describe.skipIf(!hasRoot()).each(['dash', 'bash', 'busybox'])(
  'truncate-log on a real file system under %s',
  (shell) => {
    let lab: LogLab;
    beforeAll(() => {
      lab = new LogLab();
    });
    afterEach(() => lab.clear());
    afterAll(() => lab.remove());

    it('keeps the evidence, frees the blocks, verifies it, and does nothing the second time', async () => {
      const remote = lab.remote(shell);
      const log = lab.log();
      lab.hold(log.path);
      const before = await lookAt(remote, log);
      const plan = await planOf(remote, log);
      const { codes, said, printed } = await runAll(remote, plan.steps);
      expect({ codes, said }).toEqual({ codes: [0, 0, 0], said: '' });
      expect(log.blocks()).toBe(0);
      expect(statSync(log.path).size).toBe(0);
      const kept = printed[1] ?? '';
      expect(Buffer.byteLength(kept)).toBeLessThan(plan.steps[1]?.keep?.limitBytes ?? 0);
      expect(kept).toMatch(
        /\n {0,2}9\d\.\d %  \d+ bytes, 18000 lines\n\| N-N-NTN:N:N ERROR worker/,
      );
      expect(kept.match(/^==== .* ====$/gm)).toEqual([
        '==== file ====',
        '==== templates by bytes ====',
        '==== head, at offset 0 ====',
        ...Array.from({ length: 32 }, (_, n): unknown =>
          expect.stringMatching(`^==== sample ${n + 1} of 32, at offset \\d+ ====$`),
        ),
        expect.stringMatching(/^==== tail, at offset \d+ ====$/),
        '==== end ====',
      ]);
      const after = await lookAt(remote, log);
      expect(after.verify(before.state)).toMatchObject({ outcome: 'verified' });
      expect(before.verify(before.state)).toMatchObject({ outcome: 'ineffective' });

      appendFileSync(log.path, CONTENT);
      const blocks = log.blocks();
      expect((await runAll(remote, plan.steps)).codes).toEqual([75, 75, 75]);
      expect(log.blocks()).toBe(blocks);
      const asked = await remote.read('host-17', claimProbe(log.save, log.fix, 'abc'));
      expect(parseClaim(asked, 'abc')).toMatchObject({ kind: 'done', step: 'truncate' });
    });

    it('keeps every part byte by byte where it says', async () => {
      const remote = lab.remote(shell);
      const bytes = Buffer.alloc(600_000);
      for (let n = 0; n < bytes.length; n++) bytes[n] = 33 + ((n * 7919) % 90);
      for (let n = 97; n < bytes.length; n += 98) bytes[n] = 10;
      bytes.write('café\t\\back ==== end ====\n==== tail ====\n', 20, 'utf8');
      const plan = await planOf(remote, lab.log(bytes));
      const { printed } = await runAll(remote, plan.steps);
      const parts = [...(printed[1] ?? '').matchAll(PART)];
      expect(parts).toHaveLength(34);
      for (const [, offset, text = ''] of parts) {
        const part = unescape(text);
        const from = Number(offset);
        expect(part.equals(bytes.subarray(from, from + part.length))).toBe(true);
        // What was cut from its line is left out.
        expect([49_152, 4096, 65_536].some((n) => part.length <= n && part.length > n - 98)).toBe(
          true,
        );
      }
    });

    it('keeps no password and no key of a log, as docker writes it and where a part begins', async () => {
      const remote = lab.remote(shell);
      const secret = 'Zq7'.repeat(60);
      const inner = JSON.stringify({ level: 'info', user: 'u', password: secret });
      const twice = JSON.stringify({ msg: inner });
      const mark = (side: string): string =>
        `${['-----', side, ' PRIVATE', ' KEY-----'].join('')}\n`;
      const key = `${mark('BEGIN')}${`${'Zq7'.repeat(21)}\n`.repeat(20)}${mark('END')}`;
      const line = (log: string): string => `${JSON.stringify({ log, stream: 'stdout' })}\n`;
      const text =
        `${line('began')}${key}` + `${line(`${inner}\n`)}${line(`${twice}\n`)}`.repeat(700);
      const plan = await planOf(remote, lab.log(Buffer.from(text)));
      const { printed } = await runAll(remote, plan.steps);
      const shown = createRedactor({ secrets: [], patterns: [] })(printed[1] ?? '');
      expect(shown).toContain('==== end ====');
      expect(shown).toContain('[redacted:private-key]');
      expect(shown).not.toMatch(/Zq7|q7Z|7Zq/);
    });

    it('keeps a small log whole', async () => {
      const remote = lab.remote(shell);
      const bytes = Buffer.from('a line without end'.repeat(5000));
      const plan = await planOf(remote, lab.log(bytes));
      const { codes, printed } = await runAll(remote, plan.steps);
      expect(codes).toEqual([0, 0, 0]);
      const [part] = [...(printed[1] ?? '').matchAll(PART)];
      expect(unescape(part?.[2] ?? '').equals(bytes)).toBe(true);
      expect(printed[1]).toMatch(/==== whole content, at offset 0 ====/);
    });

    it('stays within its limit when no byte is printable', async () => {
      const remote = lab.remote(shell);
      const bytes = Buffer.from('журнал ошибок\n'.repeat(60_000));
      const plan = await planOf(remote, lab.log(bytes));
      const { codes, printed } = await runAll(remote, plan.steps);
      expect(codes).toEqual([0, 0, 0]);
      expect(Buffer.byteLength(printed[1] ?? '')).toBeLessThan(2 ** 20);
      expect(printed[1]).toMatch(/\n==== end ====\n$/);
    });

    it('is the same plan while the log grows, and another one once it was emptied', async () => {
      const remote = lab.remote(shell);
      const log = lab.log();
      lab.hold(log.path);
      const first = await planOf(remote, log);
      appendFileSync(log.path, CONTENT);
      const { preconditions: _, ...second } = await planOf(remote, log);
      expect(first).toMatchObject(second);
      writeFileSync(log.path, `rotated meanwhile\n${CONTENT}`);
      expect((await planOf(remote, log)).identity['head']).not.toBe(first.identity['head']);
      const { codes, said } = await runAll(remote, first.steps);
      expect([codes, said]).toEqual([
        [0, 65, 65],
        expect.stringMatching(/does not begin as it did/),
      ]);
    });

    it('lets a writer that appends go on at the start', async () => {
      const remote = lab.remote(shell);
      const log = lab.log();
      const program =
        'exec 5>>"$1"; echo ready; while read -r line; do echo "$line" >&5; echo written; done';
      const child = await lab.start('sh', '-c', program, 'writer', log.path);
      const plan = await planOf(remote, log);
      expect(plan.preconditions.join('\n')).toMatch(/which appends: it goes on at the start/);
      expect((await runAll(remote, plan.steps)).codes).toEqual([0, 0, 0]);
      await written(child);
      expect(readFileSync(log.path, 'utf8')).toBe('more\n');
    });

    it('says that a writer without O_APPEND goes on at its old offset, and empties it again behind the hole', async () => {
      const remote = lab.remote(shell);
      const log = lab.log();
      const child = await lab.start('python3', '-u', '-c', WRITER, log.path, '200000');
      const before = await lookAt(remote, log);
      const plan = await planOf(remote, log);
      expect(plan.identity['written']).toBe('offset');
      expect(plan.preconditions.join('\n')).toMatch(/without O_APPEND: it goes on at its old/);
      expect((await runAll(remote, plan.steps)).codes).toEqual([0, 0, 0]);
      await written(child);
      const after = await lookAt(remote, log);
      expect(after.verify(before.state)).toMatchObject({
        outcome: 'verified',
        reason: expect.stringMatching(/is a hole in front, which takes no space/),
      });
      const again = { ...log, fix: lab.fresh('fix') };
      const second = await planOf(remote, again);
      const offset = CONTENT.length;
      expect(second.identity['head']).toMatch(new RegExp(`^${offset}:`));
      const { codes, printed } = await runAll(remote, second.steps);
      expect(codes).toEqual([0, 0, 0]);
      expect(printed[1]).toContain(`the first ${offset} bytes are NUL`);
      expect(printed[1]).toContain(`==== whole content, at offset ${offset} ====`);
      expect(log.blocks()).toBe(0);
    });

    it('keeps up with a writer that never stops', async () => {
      const remote = lab.remote(shell);
      const log = lab.log();
      const writing = setInterval(() => appendFileSync(log.path, 'flood\n'.repeat(700)), 5);
      try {
        const before = await lookAt(remote, log);
        const plan = await planOf(remote, log);
        expect((await runAll(remote, plan.steps)).codes).toEqual([0, 0, 0]);
        clearInterval(writing);
        const after = await lookAt(remote, log);
        expect(after.verify(before.state)).toMatchObject({ outcome: 'verified' });
      } finally {
        clearInterval(writing);
      }
    });

    it('leaves its mark in /run when the directory for copies is on the disk of the log', async () => {
      const remote = lab.remote(shell);
      const log = { ...lab.log(), save: join(lab.disk.path, lab.fresh('save')) };
      lab.leftovers.push(`/run/housecall/claims/${log.fix}`);
      const plan = await planOf(remote, log);
      expect(plan.identity['claim']).toBe('/run/housecall');
      expect((await runAll(remote, plan.steps)).codes).toEqual([0, 0, 0]);
      expect(log.blocks()).toBe(0);
    });

    it('says that nothing helped when the log is as large again', async () => {
      const remote = lab.remote(shell);
      const log = lab.log();
      const before = await lookAt(remote, log);
      const plan = await planOf(remote, log);
      await runAll(remote, plan.steps);
      appendFileSync(log.path, `again ${CONTENT}${CONTENT}`);
      expect((await lookAt(remote, log)).verify(before.state)).toEqual({
        outcome: 'ineffective',
        reason: expect.stringMatching(/emptied and holds .* again: stop what writes it/),
      });
      rmSync(log.path);
      expect((await lookAt(remote, log)).verify(before.state).outcome).toBe('unknown');
      expect(readFileSync(join(log.save, 'claims', log.fix, 'status'), 'utf8')).toMatch(/^done/);
    });
  },
);

/** Offset and text of every part. */
const PART = /==== (?:whole|head|sample|tail)[^\n]*offset (\d+) ====\n((?:\| [^\n]*\n)*)/g;

function unescape(text: string): Buffer {
  const whole = text.endsWith('\n') ? text.slice(0, -1) : text;
  const raw = whole
    .split('\n')
    .map((line) => line.slice(2))
    .join('\n')
    .replaceAll(/\\(\\|[0-3][0-7]{2})/g, (_, escape: string) =>
      escape === '\\' ? escape : String.fromCharCode(Number.parseInt(escape, 8)),
    );
  return Buffer.from(raw, 'latin1');
}

/** Writes without O_APPEND at its own offset; a line on standard input: writes that many bytes more. */
const WRITER = `
import os, sys
fd = os.open(sys.argv[1], os.O_WRONLY)
os.lseek(fd, 0, os.SEEK_END)
print("ready")
for line in sys.stdin:
    os.write(fd, (b"x" * 79 + b"\\n") * (int(sys.argv[2]) // 80))
    print("written")
`;

async function written(child: ChildProcess): Promise<void> {
  const answered = new Promise((resolve) => {
    child.stdout?.once('data', resolve);
  });
  child.stdin?.write('more\n');
  await answered;
}
