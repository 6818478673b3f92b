import type { ContentSha256 } from '../incident/archive/archive-input.ts';
import { INCIDENT_SCHEMA } from '../incident/archive/incident-json.ts';
import { isRecord, type Manifest, readManifest } from '../incident/archive/manifest.ts';
import type { EventRecord } from '../incident/event.ts';
import { verifyChain } from './chain.ts';

export interface ArchiveFiles {
  /** Every file that is there, by relative name. */
  readonly names: readonly string[];
  /** Null: there is none. */
  read(name: string): Uint8Array | null;
  /** Of files that are too large to be held and were read before; null: of this one `read` tells. */
  measure?(name: string): { readonly bytes: number; readonly sha256: string } | null;
}

/** One line of the verdict. `note`: nothing wrong, but to be known. */
export interface ArchiveCheck {
  readonly result: 'good' | 'bad' | 'note';
  readonly text: string;
}

export interface ArchiveVerdict {
  readonly good: boolean;
  /** The audit chain ends in the hash that was kept elsewhere. Without one it is `false`. */
  readonly anchored: boolean;
  readonly checks: readonly ArchiveCheck[];
}

const MANIFEST = 'manifest.json';
const INCIDENT = 'incident.json';

/**
 * Checks an archive: every file against the manifest, nothing missing and nothing added, the audit
 * chain from its first record, and its end against `head` (from the announcement channel). It needs
 * no secret, and never throws: whatever the files hold is a line of the verdict.
 */
export function verifyArchive(
  files: ArchiveFiles,
  options: { readonly sha256: ContentSha256; readonly head?: string },
): ArchiveVerdict {
  const { sha256, head } = options;
  const bytes = files.read(MANIFEST);
  if (bytes === null) return verdict([bad(`${MANIFEST} is missing`)], false);
  const manifest = readManifest(textOf(bytes), sha256);
  if (typeof manifest === 'string') return verdict([bad(`${MANIFEST} ${manifest}`)], false);
  const audit = readAudit(files.read(INCIDENT), manifest);
  const checks = [
    good(`${MANIFEST}: incident ${manifest.incident}, created ${manifest.createdAt}`),
    ...manifest.files.map((file) => fileCheck(files, file, sha256)),
    ...listChecks(files.names, manifest),
    ...(typeof audit === 'string' ? [bad(audit)] : chainChecks(audit, manifest, sha256)),
    anchorCheck(manifest.audit.head, head),
  ];
  return verdict(checks, head !== undefined && sameHash(manifest.audit.head, head));
}

function verdict(checks: readonly ArchiveCheck[], anchored: boolean): ArchiveVerdict {
  const allGood = checks.every((check) => check.result !== 'bad');
  return { good: allGood, anchored: allGood && anchored, checks };
}

function fileCheck(
  files: ArchiveFiles,
  file: Manifest['files'][number],
  sha256: ContentSha256,
): ArchiveCheck {
  const found = files.measure?.(file.path) ?? measured(files.read(file.path), sha256);
  if (found === null) return bad(`${file.path} is missing`);
  if (found.bytes !== file.bytes) {
    return bad(`${file.path} has ${found.bytes} bytes, the manifest says ${file.bytes}`);
  }
  return found.sha256 === file.sha256
    ? good(`${file.path}: SHA-256 ${file.sha256}`)
    : bad(`${file.path} was changed: its SHA-256 is not the manifest's`);
}

function measured(
  bytes: Uint8Array | null,
  sha256: ContentSha256,
): { readonly bytes: number; readonly sha256: string } | null {
  return bytes === null ? null : { bytes: bytes.length, sha256: sha256(bytes) };
}

function listChecks(names: readonly string[], { files }: Manifest): readonly ArchiveCheck[] {
  const listed = new Set([MANIFEST, ...files.map((file) => file.path)]);
  const strays = names.filter((name) => !listed.has(name)).map((name) => `${name} does not belong`);
  const twice = listed.size === files.length + 1 ? [] : [`${MANIFEST} lists a file twice`];
  const without = listed.has(INCIDENT) ? [] : [`${MANIFEST} does not list ${INCIDENT}`];
  return [...strays, ...twice, ...without].map(bad);
}

/** The audit records, or what is wrong with the file that holds them. */
function readAudit(bytes: Uint8Array | null, manifest: Manifest): readonly EventRecord[] | string {
  if (bytes === null) return `${INCIDENT}: no audit log to check`;
  const value = parsed(textOf(bytes));
  if (!isRecord(value) || value['schema'] !== INCIDENT_SCHEMA) {
    return `${INCIDENT} is not a ${INCIDENT_SCHEMA}`;
  }
  const { incident, archivedAt, audit } = value;
  if (!isRecord(incident) || incident['id'] !== manifest.incident) {
    return `${INCIDENT} is not about incident ${manifest.incident}`;
  }
  if (archivedAt !== manifest.createdAt) return `${INCIDENT} was not made with this manifest`;
  return isAudit(audit) ? audit : `${INCIDENT} has no audit log`;
}

/** What the chain is checked over; the hashes vouch for the rest of each record. */
function isAudit(value: unknown): value is readonly EventRecord[] {
  return (
    Array.isArray(value) &&
    value.every(
      (record) =>
        isRecord(record) &&
        typeof record['seq'] === 'number' &&
        typeof record['previous'] === 'string' &&
        typeof record['hash'] === 'string',
    )
  );
}

function chainChecks(
  records: readonly EventRecord[],
  manifest: Manifest,
  sha256: ContentSha256,
): readonly ArchiveCheck[] {
  const chain = chainVerdict(records, sha256);
  if (!chain.ok) return [bad(`audit log, record ${chain.seq}: ${chain.reason}`)];
  const { records: count, head } = manifest.audit;
  if (records.length !== count || chain.head !== head) {
    return [
      bad(`audit log: ${records.length} records, but the manifest says ${count} ending in ${head}`),
    ];
  }
  return [good(`audit log: ${count} records, unbroken, ending in ${head}`)];
}

/** A file made to hurt may be nested too deep to walk: as bad as a broken hash. */
function chainVerdict(
  records: readonly EventRecord[],
  sha256: ContentSha256,
): ReturnType<typeof verifyChain> {
  try {
    return verifyChain(records, sha256);
  } catch (error) {
    return { ok: false, seq: 0, reason: `cannot be read: ${String(error)}` };
  }
}

function anchorCheck(head: string, expected: string | undefined): ArchiveCheck {
  if (expected === undefined) {
    return {
      result: 'note',
      text: 'unanchored: give --head from the announcement channel to know that nothing was rewritten',
    };
  }
  return sameHash(head, expected)
    ? good('anchored: the audit log ends in the hash that was announced')
    : bad(`the audit log ends in ${head}, not in ${expected} as announced`);
}

function sameHash(a: string, b: string): boolean {
  return a.toLowerCase() === b.trim().toLowerCase();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Lossy on purpose: the hash is taken over the bytes. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

function good(text: string): ArchiveCheck {
  return { result: 'good', text };
}

function bad(text: string): ArchiveCheck {
  return { result: 'bad', text };
}
