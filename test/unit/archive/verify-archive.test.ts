import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyArchive } from '../../../src/core/audit/verify-archive.ts';
import { incidentJson } from '../../../src/core/incident/archive/incident-json.ts';
import { MANIFEST_SCHEMA, manifestJson } from '../../../src/core/incident/archive/manifest.ts';
import type { EventRecord } from '../../../src/core/incident/event.ts';
import { sampleRecords } from '../../support/sample-case.ts';

const sha256 = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const CREATED = '2026-11-20T13:00:00.000Z';
const HEAD = sampleRecords().at(-1)?.hash ?? '';

/** A complete archive, made by whoever can write all of its files. */
function archiveOf(
  records: readonly EventRecord[] = sampleRecords(),
  change: (json: string) => string = (json) => json,
): Map<string, Uint8Array> {
  const made = incidentJson({
    records,
    messages: [],
    names: new Map([['UADA', 'Ada \ufffd']]),
    archivedAt: CREATED,
    redact: (text) => text,
    sha256,
  });
  const files = new Map([
    ['incident.json', bytes(change(made))],
    ['transcript.md', bytes('# told\n')],
  ]);
  const manifest = manifestJson(
    {
      schema: MANIFEST_SCHEMA,
      incident: '20261120-7',
      createdAt: CREATED,
      audit: { records: records.length, head: records.at(-1)?.hash ?? '' },
      files: [...files].map(([path, body]) => ({
        path,
        bytes: body.length,
        sha256: sha256(body),
      })),
    },
    sha256,
  );
  return files.set('manifest.json', bytes(manifest));
}

function check(files: ReadonlyMap<string, Uint8Array>, head?: string) {
  return verifyArchive(
    { names: [...files.keys()], read: (name) => files.get(name) ?? null },
    { sha256, ...(head === undefined ? {} : { head }) },
  );
}

function wrong(files: ReadonlyMap<string, Uint8Array>, head?: string): readonly string[] {
  return check(files, head)
    .checks.filter((line) => line.result === 'bad')
    .map((line) => line.text);
}

describe('an archive that nobody touched', () => {
  it('is good, and says that it is not anchored without a head', () => {
    const verdict = check(archiveOf());
    expect(verdict).toMatchObject({ good: true, anchored: false });
    expect(verdict.checks.map((line) => line.text).join('\n')).toContain('unanchored');
  });

  it('is anchored by the head that was announced, however it is written', () => {
    expect(check(archiveOf(), HEAD)).toMatchObject({ good: true, anchored: true });
    expect(check(archiveOf(), ` ${HEAD.toUpperCase()}\n`)).toMatchObject({ good: true });
  });
});

describe('an archive that was touched', () => {
  it.each(['incident.json', 'transcript.md', 'manifest.json'])(
    'is found out for every single byte of %s',
    (name) => {
      const files = archiveOf();
      const original = files.get(name) ?? bytes('');
      const step = Math.max(1, Math.floor(original.length / 400));
      for (let at = 0; at < original.length; at += step) {
        for (const mask of [0x01, 0x20, 0x80]) {
          const changed = original.slice();
          changed[at] = (changed[at] ?? 0) ^ mask;
          expect(check(new Map(files).set(name, changed)).good, `${name} byte ${at}`).toBe(false);
        }
      }
    },
  );

  it.each(['incident.json', 'transcript.md', 'manifest.json'])(
    'is found out when %s is missing, empty, cut or longer',
    (name) => {
      const files = archiveOf();
      const original = files.get(name) ?? bytes('');
      const without = new Map(files);
      without.delete(name);
      expect(wrong(without)).toContain(`${name} is missing`);
      for (const body of [
        bytes(''),
        original.slice(0, -1),
        Buffer.concat([original, bytes('\n')]),
      ]) {
        expect(check(new Map(files).set(name, body)).good).toBe(false);
      }
    },
  );

  it('is found out when a file was added', () => {
    expect(wrong(archiveOf().set('files/evil.sh', bytes('x')))).toEqual([
      'files/evil.sh does not belong',
    ]);
  });

  it('is found out when a record was changed, left out or moved, though all hashes of files fit', () => {
    const records = sampleRecords();
    const changed = records.map((record) =>
      record.seq === 3 ? { ...record, at: CREATED } : record,
    );
    expect(wrong(archiveOf(changed))).toEqual([
      'audit log, record 3: its content does not match its hash',
    ]);
    expect(wrong(archiveOf(records.filter((record) => record.seq !== 3)))).toHaveLength(1);
    expect(wrong(archiveOf(records.toReversed()))).not.toEqual([]);
  });

  it('is found out by its head alone when everything was made anew', () => {
    const forged = archiveOf(sampleRecords('nothing happened'));
    expect(check(forged)).toMatchObject({ good: true, anchored: false });
    expect(check(forged, HEAD)).toMatchObject({ good: false, anchored: false });
  });

  it('is found out by its head alone when its last records were cut off', () => {
    const cut = archiveOf(sampleRecords().slice(0, -2));
    expect(check(cut).good).toBe(true);
    expect(wrong(cut, HEAD)).toEqual([
      `the audit log ends in ${sampleRecords().at(-3)?.hash}, not in ${HEAD} as announced`,
    ]);
  });

  it('is found out when the file of another incident or time was put in', () => {
    expect(
      wrong(archiveOf(sampleRecords(), (json) => json.replaceAll('20261120-7', '20261120-8'))),
    ).toContain('incident.json is not about incident 20261120-7');
    expect(wrong(archiveOf(sampleRecords(), (json) => json.replaceAll(CREATED, '2026')))).toContain(
      'incident.json was not made with this manifest',
    );
  });
});

describe('an archive made to do harm', () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  it.each([
    ['no JSON', () => 'x'],
    ['null', () => 'null'],
    ['a list', () => '[]'],
    ['no audit log', (json: string) => json.replace('"audit"', '"audits"')],
    ['a strange audit log', (json: string) => json.replace('"seq": 1,', '"seq": "1",')],
    [
      'deep nesting in a record',
      (json: string) => json.replaceAll('"invite": []', `"invite": ${deep}`),
    ],
  ])('is bad and no crash: incident.json with %s', (_, change) => {
    expect(check(archiveOf(sampleRecords(), change)).good).toBe(false);
  });

  it.each(['x', 'null', '[]', '{}', '{"schema":"housecall.manifest/1"}', deep])(
    'is bad and no crash: a manifest of %.20s',
    (text) => {
      expect(check(archiveOf().set('manifest.json', bytes(text))).good).toBe(false);
    },
  );
});
