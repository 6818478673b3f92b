import type { Finding, NextStep } from '../../../core/finding.ts';
import { formatPercent } from '../../../core/format.ts';
import { ANSI, displayLine } from '../display.ts';
import { KNOWN_ERRORS, type KnownError, pathIn, recognise } from '../known-errors.ts';
import { ERRORS } from '../params.ts';
import type { Reading } from '../reading.ts';
import { unwrap } from '../template/unwrap.ts';
import type { LogView } from './view.ts';
import { count, evidence, logName, quote } from './words.ts';

interface Seen {
  readonly error: KnownError;
  readonly bytes: number;
  readonly lines: number;
  readonly example: string;
}

/** The errors that a log's lines are known by. A log that was not written for a day tells of old ones: not of its own accord. */
export function knownErrors(view: LogView, reading: Reading): Finding[] {
  const { file } = view.log;
  const old = file !== null && reading.host.now - file.modified > ERRORS.recentSeconds;
  if (old && reading.search !== null) return [];
  return errorsIn(view)
    .filter(
      ({ error, bytes, lines }) =>
        error.minor !== true || share({ bytes, lines }, view) >= ERRORS.minorShare,
    )
    .map((seen) => describe(seen, view));
}

function errorsIn({ log }: LogView): readonly Seen[] {
  const seen = new Map<KnownError, Seen & { most: number }>();
  for (const { text, bytes, lines } of log.patterns) {
    const line = unwrap(text);
    const error = recognise(line);
    if (error === null) continue;
    const before = seen.get(error);
    seen.set(error, {
      error,
      bytes: bytes + (before?.bytes ?? 0),
      lines: lines + (before?.lines ?? 0),
      example: before === undefined || bytes > before.most ? line : before.example,
      most: Math.max(bytes, before?.most ?? 0),
    });
  }
  return KNOWN_ERRORS.flatMap((error) => seen.get(error) ?? []);
}

/** Of the bytes or of the lines, whichever is more. */
function share(part: { bytes: number; lines: number }, { total, lines }: LogView): number {
  return Math.max(part.bytes / total, part.lines / lines);
}

function describe(seen: Seen, view: LogView): Finding {
  const { error, bytes, lines, example } = seen;
  const { log } = view;
  const part = share(seen, view);
  const partly = log.plan.mode === 'blocks';
  return {
    code: 'logs.known-error',
    status: error.minor !== true && part >= ERRORS.criticalShare ? 'critical' : 'warning',
    subject: log.path,
    title: `${error.id} in ${logName(log).replace(/^The/, 'the')}: ${quote(telling(example, error))}`,
    detail: [
      error.means,
      `${count(Math.max(1, Math.round(lines)), 'such line')} in what was read: ${formatPercent((bytes * 100) / view.total)} of the bytes, ${formatPercent((lines * 100) / view.lines)} of the lines${partly ? '; only part of the log was read' : ''}.`,
    ].join('\n'),
    data: { path: log.path, error: error.id, next: error.next },
    evidence: [
      evidence(
        ['grep', '-a', '-m', '1', '-E', error.pattern.source, log.path],
        displayLine(example, 300),
      ),
    ],
    fixes: [],
    next: nextOf(error, example),
  };
}

const TITLE_LENGTH = 120;
/** Characters before the error, when it stands too far behind for a title. */
const BEFORE = 20;

/** The part of the line that says it: with the name of the program, times and ids before it, a line is long. */
function telling(line: string, { pattern }: KnownError): string {
  const plain = line.replace(ANSI, '');
  const match = pattern.exec(plain);
  if (match === null || match.index + match[0].length <= TITLE_LENGTH) {
    return displayLine(line, TITLE_LENGTH);
  }
  const before = Array.from(plain.slice(0, match.index));
  if (before.length <= BEFORE) return displayLine(line, TITLE_LENGTH);
  const rest = before.slice(-BEFORE).join('') + plain.slice(match.index);
  return `…${displayLine(rest, TITLE_LENGTH)}`;
}

/** What looks further, with the parameters it needs; `hdfs` needs a path that can be handed on. */
export function nextOf(error: KnownError, line: string): NextStep[] {
  if (error.next === null) return [];
  if (error.path !== true) return [{ diagnostic: error.next, params: {} }];
  const path = pathIn(error, line);
  return path === null ? [] : [{ diagnostic: error.next, params: { path } }];
}
