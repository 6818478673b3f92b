import { canonicalJson } from '../../plan.ts';
import type { ContentSha256 } from './archive-input.ts';

export const MANIFEST_SCHEMA = 'housecall.manifest/1';

export interface ManifestFile {
  /** Relative to the archive, with `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What an archive consists of. */
export interface Manifest {
  readonly schema: typeof MANIFEST_SCHEMA;
  readonly incident: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly audit: { readonly records: number; readonly head: string };
  readonly files: readonly ManifestFile[];
}

/**
 * `manifest.json`. Its `digest` is the SHA-256 of the canonical JSON of everything else in it: a changed
 * byte shows. Who can rewrite all files can rewrite that too, and is only caught by the audit chain's
 * head kept elsewhere.
 */
export function manifestJson(manifest: Manifest, sha256: ContentSha256): string {
  const digest = sha256(canonicalJson(manifest));
  return `${JSON.stringify({ ...manifest, digest }, null, 2)}\n`;
}

/** The manifest, or why it is none. Any byte other than as written is a reason. */
export function readManifest(text: string, sha256: ContentSha256): Manifest | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'is not JSON';
  }
  const manifest = manifestOf(value);
  if (manifest === null) return `is not a ${MANIFEST_SCHEMA}`;
  return manifestJson(manifest, sha256) === text
    ? manifest
    : 'was changed: its digest does not fit';
}

function manifestOf(value: unknown): Manifest | null {
  if (!isRecord(value)) return null;
  const { schema, incident, createdAt, audit, files } = value;
  if (schema !== MANIFEST_SCHEMA || typeof incident !== 'string') return null;
  if (typeof createdAt !== 'string' || !isRecord(audit) || !Array.isArray(files)) return null;
  const { records, head } = audit;
  if (typeof records !== 'number' || typeof head !== 'string') return null;
  const listed = files.map(fileOf).filter((file) => file !== null);
  if (listed.length !== files.length) return null;
  return { schema, incident, createdAt, audit: { records, head }, files: listed };
}

function fileOf(value: unknown): ManifestFile | null {
  if (!isRecord(value)) return null;
  const { path, bytes, sha256 } = value;
  return typeof path === 'string' && typeof bytes === 'number' && typeof sha256 === 'string'
    ? { path, bytes, sha256 }
    : null;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
