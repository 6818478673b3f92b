import type { Finding } from '../../../core/finding.ts';
import { formatBytes, formatDuration, formatPercent, formatRate } from '../../../core/format.ts';
import { displayLine } from '../display.ts';
import { recognise } from '../known-errors.ts';
import { DOMINANT_SHARE } from '../params.ts';
import type { Reading } from '../reading.ts';
import type { Pattern } from '../template/merge.ts';
import { unwrap } from '../template/unwrap.ts';
import { nextOf } from './known-error.ts';
import { offer } from './offer.ts';
import type { LogView } from './view.ts';
import {
  appends,
  count,
  evidence,
  logName,
  processWords,
  quote,
  sawWriters,
  writerWords,
} from './words.ts';

const TITLE_LENGTH = 120;
const EXAMPLE_LENGTH = 300;
const SHOWN = 5;

/** What makes most of a log. Silent about one that nobody asked for and that does no harm. */
export function dominantTemplate(view: LogView, reading: Reading): Finding[] {
  const [top] = view.patterns;
  if (top === undefined || isBinary(view)) return [];
  const dominant = top.bytes >= view.total * DOMINANT_SHARE;
  const asked = reading.search === null;
  if (view.level === 'ok' && !(asked && dominant)) return [];
  const { log, rate, writer, container } = view;
  const known = recognise(unwrap(top.example));
  const template = displayLine(top.template, 200);
  const { fixes, lacks } = offer(view, reading);
  return [
    {
      code: 'logs.dominant-template',
      status: view.level,
      subject: log.path,
      title: titleOf(view, top, dominant),
      detail: [...detailOf(view, top, reading), ...(lacks === null ? [] : [lacks])].join('\n'),
      data: {
        path: log.path,
        template,
        bytesShare: round(top.bytes / view.total, 4),
        linesShare: round(top.lines / view.lines, 4),
        averageLineBytes: Math.round(top.bytes / top.lines),
        ...(rate === null ? {} : { bytesPerSecond: Math.round(rate.bytesPerSecond) }),
        ...(writer === null ? {} : { pid: writer.pid, process: writer.process }),
        ...(container === null ? {} : { container }),
        sizeBytes: view.sizeBytes,
        readBytes: log.sum?.readBytes ?? 0,
        example: displayLine(unwrap(top.example), EXAMPLE_LENGTH),
        templates: view.patterns.slice(0, SHOWN).map((one) => ({
          template: displayLine(one.template, 200),
          bytesShare: round(one.bytes / view.total, 4),
        })),
      },
      evidence: [evidence(argvOf(view), tableOf(view, top))],
      fixes,
      next: known === null ? [] : nextOf(known, unwrap(top.example)),
    },
  ];
}

/** Mostly bytes that no text has. */
export function isBinary({ patterns, total }: LogView): boolean {
  const odd = patterns.filter(({ example }) => oddShare(example) > 0.3);
  return odd.reduce((sum, one) => sum + one.bytes, 0) > total / 2;
}

function oddShare(text: string): number {
  // eslint-disable-next-line no-control-regex -- control characters are what is counted
  const odd = text.match(/[\u0000-\u0008\u000e-\u001a\u001c-\u001f\u007f\ufffd]/g)?.length ?? 0;
  return text === '' ? 0 : odd / text.length;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

const percentOf = (part: number, whole: number): string => formatPercent((part * 100) / whole);

function titleOf(
  { log, total, sizeBytes, rate }: LogView,
  top: Pattern,
  dominant: boolean,
): string {
  const growing = rate?.how === 'sizes' ? ` and grows by ${formatRate(rate.bytesPerSecond)}` : '';
  const size = `${logName(log)} has ${formatBytes(sizeBytes)}${growing}`;
  const share = percentOf(top.bytes, total);
  const message = quote(displayLine(top.template, TITLE_LENGTH));
  return dominant
    ? `${size}; ${share} of its bytes are one message: ${message}`
    : `${size}, of many kinds; the largest makes ${share}: ${message}`;
}

function detailOf(view: LogView, top: Pattern, reading: Reading): string[] {
  const { total, lines, patterns, log } = view;
  const known = recognise(unwrap(top.example));
  return [
    `It makes ${percentOf(top.bytes, total)} of the bytes and ${percentOf(top.lines, lines)} of the lines; a line has ${formatBytes(top.bytes / top.lines)}${log.container === null ? '' : ", docker's wrapping included"}.`,
    ...(top.variants > 1
      ? [`${quote('<*>')} stands for a word of at least ${top.variants} values.`]
      : []),
    ...(known === null ? [] : [known.means]),
    ...rateWords(view),
    writing(view, reading),
    ...patterns
      .slice(1, SHOWN)
      .filter((one) => one.bytes >= total * 0.01)
      .map(
        (one) =>
          `${percentOf(one.bytes, total)}: ${quote(displayLine(one.template, TITLE_LENGTH))}`,
      ),
    sampled(view),
    ...holeWords(view),
    ...olderWords(view),
    ...lookedAt(reading),
  ];
}

function rateWords({ rate }: LogView): string[] {
  if (rate === null) return [];
  const how =
    rate.how === 'sizes'
      ? `by its size, looked at twice within ${rate.seconds.toFixed(1)} s`
      : `by the times in its last lines, over ${formatDuration(rate.seconds)}`;
  return [`It grows by ${formatRate(rate.bytesPerSecond)} (${how}).`];
}

function writing({ writer, container, log }: LogView, reading: Reading): string {
  if (log.unit) return 'It is read from the journal, newest lines first.';
  if (writer === null) {
    return sawWriters(reading)
      ? `Nobody has it open for writing${container === null ? '' : `; it is the log of container ${container}`}.`
      : `Who writes it could not be seen: ${processWords(reading)}.`;
  }
  const plain = appends(writer) === false;
  return `Written by ${writerWords(writer, container)}${writer.holders > 1 ? ` and ${count(writer.holders - 1, 'other process', 'other processes')}` : ''}${plain ? ', without O_APPEND: after a truncation the next line lands at the old offset, with a hole in front' : ''}.`;
}

function sampled({ log: { plan, sum, file } }: LogView): string {
  const read = formatBytes(sum?.readBytes ?? 0);
  if (plan.mode === 'whole') return `Counted in the whole of it (${read}).`;
  if (plan.mode === 'journal') return `Counted in its newest ${read}.`;
  return `Estimated from ${read} in ${count(plan.blocks, 'place')} spread over all of its ${formatBytes(file?.sizeBytes ?? 0)}.`;
}

function holeWords({ log }: LogView): string[] {
  if (log.holeBytes === null) return [];
  return [
    `Its first ${formatBytes(log.holeBytes)} are a hole without blocks: it was truncated while the writer went on at its old offset (no O_APPEND).`,
  ];
}

function olderWords({ log: { older } }: LogView): string[] {
  if (older === null) return [];
  return [
    `${count(older.count, 'compressed rotation')} beside it (${formatBytes(older.bytes)}, ${quote(older.first)}) ${older.count === 1 ? 'was' : 'were'} not read.`,
  ];
}

function lookedAt({ search, logs }: Reading): string[] {
  if (search === null) return [];
  const names = logs.map((log) => quote(log.path)).join(', ');
  return logs.length < search.candidates
    ? [
        `Looked at the ${logs.length} of ${search.candidates} logs that are largest or grow most: ${names}.`,
      ]
    : [];
}

function argvOf({ log }: LogView): string[] {
  return log.unit
    ? ['journalctl', '-r', '-n', '200000', `--unit=${log.path.replace(/^unit /, '')}`]
    : ['dd', `if=${log.path}`, `bs=${log.plan.unitBytes}`, `(${count(log.plan.blocks, 'block')})`];
}

function tableOf({ patterns, total }: LogView, top: Pattern): string {
  const rows = patterns
    .slice(0, SHOWN)
    .map(
      (one) =>
        `${percentOf(one.bytes, total).padStart(8)} ${formatBytes(one.bytes / one.lines).padStart(8)}/line  ${displayLine(one.template, EXAMPLE_LENGTH)}`,
    );
  return [...rows, '', `for example: ${displayLine(top.example, EXAMPLE_LENGTH)}`].join('\n');
}
