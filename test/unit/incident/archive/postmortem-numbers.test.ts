import { expect, it } from 'vitest';
import { chainRecords, GENESIS } from '../../../../src/core/audit/chain.ts';
import type { ArchiveInput } from '../../../../src/core/incident/archive/archive-input.ts';
import { postmortemMd } from '../../../../src/core/incident/archive/postmortem-md.ts';
import { archiveStory } from '../../../support/archive-story.ts';
import { sha256 } from '../../../support/sha256.ts';

/** The story, in which the fix measured how far the disk fell. */
function measured(): ArchiveInput {
  const input = archiveStory();
  const of = (usedBytes: number) => ({ fileSystemBytes: 105e9, usedBytes });
  const entries = input.records.map(({ at, actor, event }) => ({
    at,
    actor,
    event:
      event.type === 'fix.finished'
        ? { ...event, figures: { before: of(99e9), after: of(12e9) } }
        : event,
  }));
  return { ...input, records: chainRecords({ seq: 0, hash: GENESIS }, entries, sha256) };
}

it('the post-mortem says in numbers how the disk fell, and where the fix was done', () => {
  const section = postmortemMd(measured()).split('\n## What was measured\n')[1]?.split('\n## ')[0];
  const lines = (section ?? '').split('\n');
  const disk = lines.findIndex((line) => line.startsWith('* /var/lib/docker on host-17'));
  expect(lines[disk]).toContain('12 % full, 99 % before truncate-deleted-file');
  const after = lines.slice(disk + 1);
  const told = after.slice(
    0,
    after.findIndex((line) => !line.startsWith('  * ')),
  );
  const fix = told.findIndex((line) => line.includes('**truncate-deleted-file**'));
  expect(told[fix - 1]).toMatch(/: 99 GB used$/);
  expect(told[fix + 1]).toMatch(/: 12 GB used$/);
});

it('the post-mortem has no such part when nothing was measured', () => {
  const input = archiveStory();
  const records = input.records.filter(({ event }) => !event.type.startsWith('run.'));
  expect(postmortemMd({ ...input, records })).not.toContain('What was measured');
});
