import { codeInlines } from '../../core/document/code-inlines.ts';
import type { Block, Document } from '../../core/document/document.ts';
import { HousecallError } from '../../core/errors.ts';
import { didYouMean } from '../../core/nearest.ts';
import { quoted } from '../../core/quoted.ts';
import type { CodeDoc, Diagnostic } from '../../diagnostics/contract.ts';
import type { Fix } from '../../fixes/contract.ts';
import { STAGES } from '../run/diagnose-host.ts';

/** What the pages are made of. */
export interface Catalog {
  readonly diagnostics: readonly Diagnostic[];
  readonly fixes: readonly Fix[];
}

/** The code that every diagnostic may give: the failure to connect. */
export const UNREACHABLE = 'host.unreachable';

const UNREACHABLE_DOC: CodeDoc = {
  says: 'The host could not be looked at: how far the connection came is itself a diagnosis.',
  means:
    'Status `unknown`: nothing is said about the host but what the failure itself tells. A host that answers TCP without a banner is probably stuck; one that refuses is up without sshd; one that is silent is down or behind a filter.',
  known:
    'From the stage at which the connection failed. The time limit is `connectTimeoutSeconds` of the host.',
  act: 'Do what stands beside the stage. Housecall never connects to a host whose key is not the one known.',
  data: { stage: 'how far the connection came', detail: 'what the library or the host said' },
};

/** Every finding code there is, in alphabetical order. */
export function findingCodes({ diagnostics }: Catalog): readonly string[] {
  return [...diagnostics.flatMap(({ codes }) => Object.keys(codes)), UNREACHABLE].toSorted();
}

/** The page of one code: `/diag help disk.filling`, the reference, and what Slack links to. Null: there is none. */
export function findingPage(catalog: Catalog, code: string): Document | null {
  const doc = docOf(catalog, code);
  if (doc === null) return null;
  return {
    summary: `${code}: ${doc.says}`,
    blocks: [
      {
        kind: 'paragraph',
        content: [{ text: code, style: 'bold' }, '\n', ...codeInlines(doc.says)],
      },
      ...part('What it means', doc.means),
      ...part('How it is known', doc.known),
      ...part('What to do', doc.act),
      ...(code === UNREACHABLE ? [stages()] : []),
      ...fixParts(catalog, doc),
      ...data(doc),
    ],
  };
}

/** @throws HousecallError NOT_FOUND with the nearest codes. */
export function helpFinding(catalog: Catalog, code: string): Document {
  const page = findingPage(catalog, code);
  if (page !== null) return page;
  const codes = findingCodes(catalog);
  const [area = ''] = code.split('.');
  const same = codes.filter((one) => one.startsWith(`${area}.`));
  const known = same.length > 0 ? same : codes;
  throw new HousecallError(
    'NOT_FOUND',
    `there is no finding code ${quoted(code)}${didYouMean(code, codes)} (known: ${known.join(', ')})`,
    { context: { code } },
  );
}

function docOf({ diagnostics }: Catalog, code: string): CodeDoc | null {
  if (code === UNREACHABLE) return UNREACHABLE_DOC;
  const owner = diagnostics.find(({ codes }) => Object.hasOwn(codes, code));
  return owner?.codes[code] ?? null;
}

function part(title: string, text: string): Block[] {
  return [
    { kind: 'heading', text: title },
    { kind: 'paragraph', content: codeInlines(text) },
  ];
}

function fixParts({ fixes }: Catalog, { fixes: offered = [] }: CodeDoc): Block[] {
  const known = fixes.filter(({ id }) => offered.includes(id));
  if (known.length === 0) return [];
  return [
    { kind: 'heading', text: 'What the fix does' },
    {
      kind: 'list',
      items: known.map(({ id, summary, lostWhen }) => [
        { text: id, style: 'code' },
        `: ${summary}${lostWhen === undefined ? '' : ` It is lost when ${lostWhen}; Housecall looks again while the incident is open.`}`,
      ]),
    },
    {
      kind: 'context',
      content: [
        'Every fix is planned from a fresh look, reviewed, approved by another person, checked again just before it acts, run at most once, and verified.',
      ],
    },
  ];
}

function stages(): Block {
  return {
    kind: 'table',
    header: ['Stage', 'Means'],
    rows: Object.entries(STAGES).map(([stage, means]) => [stage, means]),
  };
}

function data({ data: keys }: CodeDoc): Block[] {
  const rows = Object.entries(keys).map(([key, means]) => [
    key.replace(/\?$/, ''),
    key.endsWith('?') ? `${means} (not always there)` : means,
  ]);
  if (rows.length === 0) return [];
  return [
    { kind: 'heading', text: 'Data' },
    { kind: 'table', header: ['Key', 'Means'], rows },
  ];
}
