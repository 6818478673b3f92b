import { ANSI } from '../display.ts';

/** Longer templates are cut at a word: what tells lines apart stands in front. */
const LONGEST = 160;

const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const CLOCK = '\\d{1,2}:\\d\\d(?::\\d\\d(?:[.,]\\d+)?)?';
const ZONE = '(?: ?(?:Z|UTC|GMT|[+-]\\d\\d:?\\d\\d))?';

/** The parts of a line that change from one to the next, most special first. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`\\d{2,4}[-/]\\d\\d[-/]\\d\\d[T _]${CLOCK}${ZONE}`, 'g'), '<time>'],
  [new RegExp(`\\d{1,2}[-/ ]${MONTH}[-/ ]\\d{4}[: ]${CLOCK}${ZONE}`, 'g'), '<time>'],
  [
    new RegExp(
      `(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?\\b${MONTH} {1,2}\\d{1,2} ${CLOCK}(?: \\d{4})?${ZONE}`,
      'g',
    ),
    '<time>',
  ],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<uuid>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '<ip>'],
  [/\[?(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{1,4}\]?(?![0-9a-f:])/gi, '<ip>'],
  [/\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/g, '<mail>'],
  [/\b0x[0-9a-f]+\b/gi, '<hex>'],
  [/\b(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{8,}\b/gi, '<hex>'],
  // Letters and digits in turns: an id.
  [/\b(?=[A-Za-z]*\d+[A-Za-z]+\d)[A-Za-z0-9]{6,}\b/g, '<id>'],
  [/\d+(?:[.,]\d+)*/g, '<n>'],
];

/** Keys of structured logs whose value says which message it is. */
const TELLING =
  /^(?:msg|message|level|lvl|severity|logger|event|error|err|exception|class|type|name|caller|component|module)$/i;

/** The pattern of a line: what changes from one to the next is `<time>`, `<ip>`, `<n>` and so on, the rest stays. */
export function fold(line: string): string {
  const text = line.replace(ANSI, '').replace(/[\r\n]+$/, '');
  const quoted = text.startsWith('{') ? foldJson(text) : foldQuotes(text);
  const folded = RULES.reduce((out, [pattern, mark]) => out.replace(pattern, mark), quoted);
  return shorten(folded.replace(/\s+/g, ' ').trim());
}

function foldJson(text: string): string {
  return text.replace(
    /"([^"\\]{1,60})"(\s*:\s*)"((?:[^"\\]|\\.)*)("?)/g,
    (whole: string, key: string, colon: string) =>
      TELLING.test(key) ? whole : `"${key}"${colon}"<text>"`,
  );
}

/** A quoted request of a web server keeps its method. */
function foldQuotes(text: string): string {
  return text
    .replace(/(?:\b(\w+)=)?"(?:[^"\\]|\\.)*"?/g, (quoted, key: string | undefined) => {
      if (key !== undefined) return TELLING.test(key) ? quoted : `${key}="<text>"`;
      const method = /^"(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) /.exec(quoted)?.[1];
      return method === undefined ? '"<text>"' : `"${method} <text>"`;
    })
    .replace(/(?<![A-Za-z0-9])'[^']*'(?![A-Za-z0-9])/g, "'<text>'");
}

function shorten(text: string): string {
  if (text.length <= LONGEST) return text;
  const blank = text.lastIndexOf(' ', LONGEST);
  return `${text.slice(0, blank > LONGEST / 2 ? blank : LONGEST)} …`;
}
