import type { CaseChart } from '../../../charts/case-chart.ts';
import { codeInlines } from '../../../document/code-inlines.ts';
import type { CaseState } from '../../case.ts';
import type { ArchiveInput } from '../archive-input.ts';
import type { NameOf } from '../event-words.ts';
import type { Story } from '../story.ts';
import { Html, type HtmlTag } from './html.ts';

/** A chart and its `<svg>`, drawn beforehand; null: it could not be drawn, and its numbers stand alone. */
export interface DrawnChart extends CaseChart {
  readonly svg: string | null;
}

/** What every section of the page needs. */
export interface PageTelling {
  readonly html: HtmlTag;
  readonly input: ArchiveInput;
  readonly state: CaseState;
  readonly story: Story;
  readonly nameOf: NameOf;
  readonly charts: readonly DrawnChart[];
}

/** A part of the page with a place to jump to. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

/** `2026-11-20 12:00:00` as a machine-readable time; what is no time is a question mark. */
export function timeHtml(iso: string): Html {
  const [, day = '', clock = ''] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)/.exec(iso) ?? [];
  if (day === '') return UNKNOWN_TIME;
  return new Html(
    `<time datetime="${day}T${clock}Z"><span class="day">${day} </span>${clock}</time>`,
  );
}

const UNKNOWN_TIME = new Html('?');

/** Words from Housecall's own modules: what stands between backticks is code. */
export function wordsHtml({ html, input }: PageTelling, text: string): Html {
  // Redacted whole: a secret may have a backtick in it.
  const parts = codeInlines(input.redact(text)).map((part) =>
    typeof part === 'string' || !('text' in part)
      ? html`${typeof part === 'string' ? part : ''}`
      : html`<code>${part.text}</code>`,
  );
  return html`${parts}`;
}
