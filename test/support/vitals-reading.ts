import type { CommandResult } from '../../src/core/command.ts';
import type { Finding } from '../../src/core/finding.ts';
import { vitals } from '../../src/diagnostics/vitals/index.ts';
import { FIXTURE_NONCE, fixturesOf } from './diagnostic-fixture.ts';

/** A fixture of `vitals`, to be changed and judged: for the borders of what it tells. */
export function fixture(name: string): Draft {
  const found = fixturesOf('vitals').find((one) => one.name === name);
  if (found === undefined) throw new Error(`no fixture ${name}`);
  return draft(found.result.stdout, found.result);
}

export interface Draft {
  readonly text: string;
  /** Every line that begins with this word and blank. Throws when there is none. */
  line(word: string, text: string): Draft;
  /** The body of a section, of the nth of that name. */
  section(name: string, body: string, nth?: number): Draft;
  /** Cut off before this text. */
  upTo(text: string): Draft;
  result(facts: Partial<CommandResult>): Draft;
  judge(): { readonly findings: readonly Finding[]; readonly notes: readonly string[] };
  /** `<status> <title>` of the findings of a code. */
  titles(code: string): readonly string[];
}

function draft(text: string, result: CommandResult): Draft {
  const next = (changed: string): Draft => draft(changed, result);
  const judge: Draft['judge'] = () => {
    const judged = vitals.bind({}, FIXTURE_NONCE).judge({ ...result, stdout: text });
    return { findings: judged.findings, notes: judged.coverage.notes };
  };
  return {
    text,
    line(word, value) {
      const lines = text.split('\n');
      if (!lines.some((line) => line.startsWith(`${word} `))) throw new Error(`no line ${word}`);
      return next(lines.map((line) => (line.startsWith(`${word} `) ? value : line)).join('\n'));
    },
    section(name, body, nth = 0) {
      const begin = `@${FIXTURE_NONCE} begin ${name}\n`;
      let at = -1;
      for (let i = 0; i <= nth; i++) at = text.indexOf(begin, at + 1);
      const end = text.indexOf(`@${FIXTURE_NONCE} end ${name} `, at);
      if (at < 0 || end < 0) throw new Error(`no section ${name}`);
      return next(text.slice(0, at + begin.length) + body + text.slice(end));
    },
    upTo: (marker) => next(text.slice(0, text.indexOf(marker))),
    result: (facts) => draft(text, { ...result, ...facts }),
    judge,
    titles: (code) =>
      judge()
        .findings.filter((one) => one.code === `vitals.${code}`)
        .map(({ status, title }) => `${status} ${title}`),
  };
}

/** Body of the n-th section of that name. */
export function bodyOf({ text }: Draft, name: string, nth = 0): string {
  const parts = text.split(`@${FIXTURE_NONCE} begin ${name}\n`);
  return parts[nth + 1]?.split(`@${FIXTURE_NONCE} end ${name} `)[0] ?? '';
}
