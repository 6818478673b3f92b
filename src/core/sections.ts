import { HousecallError } from './errors.ts';

/** One framed part of a probe's output. */
export interface Section {
  readonly name: string;
  /** Lines between the markers, without the final newline. */
  readonly body: string;
  /** Exit status that the section reported; null: it was cut off before its end. */
  readonly exitCode: number | null;
}

/**
 * Splits framed probe output. A section is
 * `@<nonce> begin <name>` … `@<nonce> end <name> <exit status>`, each marker on a line of its own;
 * the nonce is drawn per run, so nothing a host prints can pass for a marker.
 * Names may repeat. Text outside sections is ignored. A section without its end (time-out, output
 * cap) has `exitCode: null`.
 */
export function parseSections(output: string, nonce: string): readonly Section[] {
  const marker = `@${nonce} `;
  const sections: Section[] = [];
  let open: { name: string; lines: string[] } | null = null;
  const close = (exitCode: number | null): void => {
    if (open !== null) sections.push({ name: open.name, body: open.lines.join('\n'), exitCode });
    open = null;
  };
  for (const line of output.split('\n')) {
    if (!line.startsWith(marker)) {
      open?.lines.push(line);
      continue;
    }
    const [verb, name = '', status = ''] = line.slice(marker.length).split(' ');
    if (verb === 'begin') {
      close(null);
      open = { name, lines: [] };
    } else if (verb === 'end') {
      // The end of another section: what lies between the two was cut out of the output.
      close(open?.name === name && /^\d+$/.test(status) ? Number(status) : null);
    }
  }
  close(null);
  return sections;
}

/** The one section of this name. */
export function requireSection(sections: readonly Section[], name: string, what: string): Section {
  const found = sections.find((section) => section.name === name);
  if (found === undefined) {
    throw new HousecallError('OUTPUT_UNREADABLE', `${what}: the section "${name}" is missing`, {
      context: { section: name, present: sections.map((section) => section.name) },
    });
  }
  return found;
}
