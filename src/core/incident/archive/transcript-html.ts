import { emptyCase, reduceCase } from '../case.ts';
import { type ArchiveInput, messageTime } from './archive-input.ts';
import type { NameOf } from './event-words.ts';
import { findingsSection } from './html/findings.ts';
import { fixesSection } from './html/fixes.ts';
import { Html, htmlTag } from './html/html.ts';
import { messagesSection } from './html/messages.ts';
import { SCRIPT } from './html/script.ts';
import {
  auditSection,
  chartsSection,
  headHtml,
  peopleSection,
  timelineSection,
} from './html/sections.ts';
import { STYLE } from './html/style.ts';
import type { DrawnChart, PageTelling, Section } from './html/telling.ts';
import { storyOf } from './story.ts';

/**
 * `transcript.html`: the incident as one page that needs nothing else: no request to anywhere, and its
 * own policy forbids any. Every text from outside is redacted and escaped.
 */
export function transcriptHtml(input: ArchiveInput, charts: readonly DrawnChart[]): string {
  const html = htmlTag(input.redact);
  const state = input.records.reduce(reduceCase, emptyCase(''));
  const story = storyOf(state, input.records);
  if (story === null) return document(input, 'No incident', html`<h1>No incident</h1>`);
  const nameOf: NameOf = (user) => input.names.get(user) ?? user;
  const telling: PageTelling = { html, input, state, story, nameOf, charts };
  const sections = sectionsOf(telling);
  const { id, title } = story.incident;
  return document(
    input,
    `Incident ${id}: ${title}`,
    html`${headHtml(telling)}
<div class="bar">
<nav aria-label="Sections">${sections.map((one) => html`<a href="#${one.id}">${one.title}</a> `)}</nav>
<div class="tools" role="search"><input id="search" type="search" placeholder="Search messages and findings" aria-label="Search messages and findings" autocomplete="off"><output id="count"></output><button id="fold" type="button">Unfold all</button></div>
</div>
<main class="${classesOf(telling)}">
${sections.map((one) => html`<section aria-labelledby="${one.id}"><h2 id="${one.id}">${one.title}</h2>\n${one.body}</section>\n`)}</main>
<footer class="soft"><p>All times are UTC. Written by Housecall from its record.</p></footer>`,
  );
}

/** From here on what is not looked at is not laid out. */
const LONG = 400;

function classesOf({ input }: PageTelling): string {
  const days = new Set([
    ...input.records.map(({ at }) => at.slice(0, 10)),
    ...input.messages.map(({ ts }) => messageTime(ts).slice(0, 10)),
  ]);
  return [
    ...(days.size === 1 ? ['oneday'] : []),
    ...(input.messages.length > LONG ? ['long'] : []),
  ].join(' ');
}

function sectionsOf(telling: PageTelling): readonly Section[] {
  const charts = chartsSection(telling);
  return [
    timelineSection(telling),
    ...(charts === null ? [] : [charts]),
    findingsSection(telling),
    fixesSection(telling),
    messagesSection(telling),
    peopleSection(telling),
    auditSection(telling),
  ];
}

/** Only this very style and script; no picture, frame, form, font or request. */
function policyOf(sha256: ArchiveInput['sha256']): string {
  const allowed = (text: string): string => `'sha256-${base64OfHex(sha256(text))}'`;
  return [
    "default-src 'none'",
    `style-src ${allowed(STYLE)}`,
    `script-src ${allowed(SCRIPT)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function document({ redact, sha256 }: ArchiveInput, title: string, body: Html): string {
  const html = htmlTag(redact);
  // Style and script are constants of ours, and hashed as they stand.
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policyOf(sha256))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
${body}
<script>${new Html(SCRIPT)}</script>
</body>
</html>
`;
  return page.markup;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** As policies write a hash. */
export function base64OfHex(hex: string): string {
  const bits = Array.from(hex, (digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0'));
  const groups = bits.join('').match(/.{1,6}/g) ?? [];
  const letters = groups.map((group) => BASE64[Number.parseInt(group.padEnd(6, '0'), 2)] ?? '');
  const text = letters.join('');
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}
