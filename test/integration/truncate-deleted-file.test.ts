import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { claimProbe, parseClaim } from '../../src/core/approval/claim.ts';
import {
  DeletedFileLab,
  hasRoot,
  look,
  planned,
  run,
  stepOf,
} from '../support/deleted-file-lab.ts';

const CONTENT = Buffer.from('a line of a log\n'.repeat(200_000));

describe.skipIf(!hasRoot()).each(['sh', 'dash', 'busybox'])(
  'truncate-deleted-file on a real file system under %s',
  (shell) => {
    let lab: DeletedFileLab;
    beforeAll(() => {
      lab = new DeletedFileLab();
    });
    afterEach(() => lab.endHolders());
    afterAll(() => lab.remove());

    it('saves the whole content, frees the blocks, verifies it, and does nothing the second time', async () => {
      const remote = lab.remote(shell);
      const file = lab.deleted(CONTENT);
      const before = await look(remote, file);
      const plan = await planned(remote, file);
      expect(await run(remote, plan.steps)).toEqual({ codes: [0, 0, 0], said: '' });
      expect(file.blocks()).toBe(0);
      expect(file.copies()).toEqual([`${file.fix}-${file.name}.gz`]);
      const copy = join(file.save, file.copies()[0] ?? '');
      expect(plan.saved).toMatchObject({ kind: 'file', path: copy });
      expect(gunzipSync(readFileSync(copy)).equals(CONTENT)).toBe(true);
      expect(statSync(copy).mode & 0o777).toBe(0o600);
      expect(statSync(file.save).mode & 0o777).toBe(0o700);
      const after = await look(remote, file);
      expect(after.verify(before.state)).toMatchObject({ outcome: 'verified' });
      expect(before.verify(before.state)).toMatchObject({ outcome: 'ineffective' });

      appendFileSync(`/proc/${file.params.pid}/fd/4`, CONTENT);
      const blocks = file.blocks();
      expect((await run(remote, plan.steps)).codes).toEqual([75, 75, 75]);
      expect(file.blocks()).toBe(blocks);
      expect(file.copies()).toHaveLength(1);
      const asked = await remote.read('host-17', claimProbe(file.save, file.fix, 'abc'));
      expect(parseClaim(asked, 'abc')).toMatchObject({ kind: 'done', step: 'truncate' });
    });

    it('adds to the copy what was written between saving and truncating', async () => {
      const remote = lab.remote(shell);
      const file = lab.deleted(CONTENT);
      const plan = await planned(remote, file);
      await run(remote, plan.steps.slice(0, 2));
      const late = Buffer.from('written meanwhile\n'.repeat(5000));
      appendFileSync(`/proc/${file.params.pid}/fd/4`, late);
      expect(await run(remote, plan.steps.slice(2))).toEqual({ codes: [0], said: '' });
      const copy = gunzipSync(readFileSync(join(file.save, file.copies()[0] ?? '')));
      expect(copy.equals(Buffer.concat([CONTENT, late]))).toBe(true);
      expect(file.blocks()).toBe(0);
    });

    it('keeps up with a writer that never stops', async () => {
      const remote = lab.remote(shell);
      const file = lab.deleted(CONTENT);
      const writing = setInterval(
        () => appendFileSync(`/proc/${file.params.pid}/fd/4`, 'x'.repeat(4096)),
        5,
      );
      try {
        const before = await look(remote, file);
        const plan = await planned(remote, file);
        expect((await run(remote, plan.steps)).codes).toEqual([0, 0, 0]);
        clearInterval(writing);
        expect((await look(remote, file)).verify(before.state)).toMatchObject({
          outcome: 'verified',
        });
        const copy = gunzipSync(readFileSync(join(file.save, file.copies()[0] ?? '')));
        expect(copy.subarray(0, CONTENT.length).equals(CONTENT)).toBe(true);
      } finally {
        clearInterval(writing);
      }
    });

    it('makes the same plan while the file grows', async () => {
      const remote = lab.remote(shell);
      const file = lab.deleted(CONTENT);
      const first = await planned(remote, file);
      appendFileSync(`/proc/${file.params.pid}/fd/4`, CONTENT);
      const { preconditions: _, saved: __, ...second } = await planned(remote, file);
      expect(first).toMatchObject(second);
    });

    it('truncates nothing when the mark is missing, and makes no copy', async () => {
      const remote = lab.remote(shell);
      const file = lab.deleted(CONTENT);
      const plan = await planned(remote, file);
      mkdirSync(file.save, { mode: 0o700 });
      expect((await run(remote, plan.steps.slice(1))).codes).toEqual([75, 75]);
      expect(file.blocks()).toBeGreaterThan(0);
      expect(file.copies()).toEqual([]);
    });

    it('truncates nothing without the copy that was approved', async () => {
      const remote = lab.remote(shell);
      const file = lab.deleted(CONTENT);
      const plan = await planned(remote, file);
      const { codes } = await run(remote, [stepOf(plan, 'claim'), stepOf(plan, 'truncate')]);
      expect(codes).toEqual([0, 74]);
      expect(file.blocks()).toBeGreaterThan(0);
    });

    it('keeps no copy on the full file system: the loss must be accepted, then it frees', async () => {
      const remote = lab.remote(shell);
      const file = lab.deleted(CONTENT);
      file.save = join(lab.disk.path, 'save');
      const plan = await planned(remote, file);
      lab.leftovers.push(`/run/housecall/claims/${file.fix}`);
      expect(plan.saved).toEqual({ kind: 'loss', words: `lose ${file.name}` });
      expect(plan.steps.map(({ id }) => id)).toEqual(['claim', 'truncate']);
      expect(await run(remote, plan.steps)).toEqual({ codes: [0, 0], said: '' });
      expect(file.blocks()).toBe(0);
      expect(existsSync(file.save)).toBe(false);
    });

    it('says that a writer without O_APPEND goes on at its old offset', async () => {
      const remote = lab.remote(shell);
      const plain = await planned(remote, lab.deleted(CONTENT, { flags: 'r+' }));
      expect(plain.preconditions.join('\n')).toMatch(/does not append/);
      const appending = await planned(remote, lab.deleted(CONTENT));
      expect(appending.preconditions.join('\n')).toMatch(/appends/);
    });

    it('empties a file that its holder opened for reading only', async () => {
      const remote = lab.remote(shell);
      const file = lab.deleted(CONTENT, { flags: 'r' });
      const plan = await planned(remote, file);
      expect(await run(remote, plan.steps)).toEqual({ codes: [0, 0, 0], said: '' });
      expect(file.blocks()).toBe(0);
    });
  },
);
