import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ArchiveInput } from '../../../../src/core/incident/archive/archive-input.ts';
import {
  base64OfHex,
  transcriptHtml,
} from '../../../../src/core/incident/archive/transcript-html.ts';
import { archiveStory, said, tsOf } from '../../../support/archive-story.ts';
import { HOSTILE } from '../../../support/story-findings.ts';

const input = archiveStory();
const page = transcriptHtml(input, []);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');
const between = (from: string, to: string, text = page): string =>
  text.split(from)[1]?.split(to)[0] ?? '';

describe('the beginning of the page', () => {
  it('says what it was, what fixed it and how long it took', () => {
    const answer = between('<dl class="answer">', '</dl>');
    expect(answer).toContain('<dd><code>/var/lib/docker</code> is 93 % full (host-17); ');
    expect(answer).toContain(
      'truncate <code>/proc/991/fd/4</code> on host-17: 100 % full → 12 % full (approved by Bob &lt;script&gt;).',
    );
    expect(answer).toContain('30 min 3 s from opening to resolved; acknowledged after 5 min');
  });

  it('says so when nobody found out', () => {
    const [opened] = input.records;
    const silent = transcriptHtml({ ...input, records: opened ? [opened] : [], messages: [] }, []);
    const answer = between('<dl class="answer">', '</dl>', silent);
    expect(answer).toContain('Not found out: no diagnosis found anything wrong.');
    expect(answer).toContain('Nothing: it was not resolved.');
    expect(answer).toContain('not resolved; never acknowledged; nothing found.');
  });
});

describe('the page by itself', () => {
  it('allows its own style and script and nothing else', () => {
    const policy = between('http-equiv="Content-Security-Policy" content="', '">');
    const style = between('<style>', '</style>');
    const script = between('<script>', '</script>\n</body>');
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${sha256(style)}'; script-src 'sha256-${sha256(script)}'; base-uri 'none'; form-action 'none'`,
    );
  });

  it('asks nobody for anything', () => {
    expect(page).not.toMatch(/<(img|link|iframe|object|embed|form|base|video|audio|source)\b/);
    expect(page).not.toMatch(/@import|url\(|<[^>]*\ssrc=/);
  });

  it('has the one script, and no handler in the markup', () => {
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toMatch(/<[a-z][^>]*\s(on\w+|style)=/);
    expect(page).not.toContain('javascript:');
  });

  it('links to files of the archive and to https alone', () => {
    const targets = [...page.matchAll(/href="([^"]*)"/g)].map(([, target]) => target ?? '');
    expect(targets).toContain('files/F1-graph.png');
    expect(targets).toContain('https://wiki.example.org/disk');
    expect(targets.filter((target) => !/^(#|files\/|https:\/\/)/.test(target))).toEqual([]);
  });

  it('shows what strangers wrote as text', () => {
    expect(page).not.toContain('<img src=x');
    expect(page).not.toContain('\u202e');
    expect(page).toContain('&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('<b>Bob &lt;script&gt;</b>');
  });

  it('hides secrets', () => {
    expect(page).not.toContain('hunter2');
    expect(page).toContain('[redacted:secret]');
  });
});

describe('what was said', () => {
  it('is there whole: every message once, replies folded under theirs', () => {
    const ids = [...page.matchAll(/<article class="item message[^"]*" id="m-([\d.]+)"/g)];
    expect(ids).toHaveLength(input.messages.length);
    expect(new Set(ids.map(([, ts]) => ts))).toEqual(new Set(input.messages.map(({ ts }) => ts)));
    const thread = between('<details class="thread">', '</details>');
    expect(thread).toContain('<summary>2 replies</summary>');
    expect(thread).toContain('nothing was deployed');
  });

  it('shows edits with what was said before, and deletions', () => {
    expect(page).toMatch(/edited <time[^>]*>.*12:12:00/);
    expect(page).toContain('<span class="text">the log is at 10 GB</span>');
    expect(page).toMatch(/message deleted"[^]*?deleted <time[^>]*>.*12:15:00/);
  });

  it('names files that are not in the archive, and why', () => {
    expect(page).toContain('core.dump <span class="note">not in the archive: larger than 50 MB');
  });

  it('never links a file outside of the archive', () => {
    const odd = ['files/../../etc/passwd', 'files/a/b', '/etc/passwd', 'files/.x', 'javascript:1'];
    const files = odd.map((path) => ({ name: path, url: 'x', path }));
    const message = said(tsOf(1), 'x', { files });
    const html = transcriptHtml({ ...input, messages: [message] }, []);
    expect(html.match(/<ul class="files">[^]*?<\/ul>/)?.[0]).not.toContain('href');
  });

  it('keeps a reply whose first message is gone', () => {
    const orphan = said(tsOf(1), 'an orphan', { thread: '1.000001' });
    const html = transcriptHtml({ ...input, messages: [orphan] }, []);
    expect(html).toContain('an orphan');
    expect(html).not.toContain('class="thread"');
  });
});

describe('what was found and done', () => {
  it('has evidence folded, and exactly as it was printed', () => {
    expect(page).toContain('<details><summary>Evidence</summary>');
    expect(page).toContain('<code>df -k /var/lib/docker</code> (exit status 0)');
  });

  it('has fixes with plan, people and outcome', () => {
    const fix = between('<article class="item fix">', '</article>');
    expect(fix).toContain('<span class="chip verified">verified</span>');
    expect(fix).toContain('Before: 100 % full. After: 12 % full.');
    expect(fix).toContain('Not permanent: lost when the writer opens the file again.');
    expect(fix).toMatch(/Requested <time.*by Ada Lovelace/);
    expect(fix).toMatch(/Approved <time.*by Bob &lt;script&gt;/);
    expect(fix).toMatch(/Refused <time.*to Ada Lovelace: you asked for it/);
    expect(fix).toContain('<pre>truncate -s 0 /proc/991/fd/4</pre>');
    expect(fix).toContain('Saved first: the log to /var/tmp/housecall/docker.log.gz.');
  });

  it('has charts as they were drawn, with their numbers; numbers alone where none was drawn', () => {
    const chart = {
      kind: 'bar',
      title: `log ${HOSTILE}`,
      unit: 'bytes',
      bars: [{ name: HOSTILE, value: 2e9 }],
    } as const;
    const drawn = { key: 'k', host: 'host-17', run: 'r1', fixes: [], chart };
    const html = transcriptHtml(input, [
      { ...drawn, svg: '<svg class="drawn"></svg>' },
      { ...drawn, svg: null },
    ]);
    expect(html.match(/<figure>/g)).toHaveLength(2);
    expect(html.match(/<svg class="drawn"><\/svg>/g)).toHaveLength(1);
    expect(html).toContain('<td>2 GB</td>');
    expect(html).not.toContain('<img src=x');
  });

  it('ends with the hash of the audit log', () => {
    expect(page).toContain(`<pre>${input.records.at(-1)?.hash}</pre>`);
  });
});

describe('a long incident', () => {
  const sized = (extra: number): { bytes: number; ms: number } => {
    const long: ArchiveInput = archiveStory(extra);
    const from = performance.now();
    const bytes = transcriptHtml(long, []).length;
    return { bytes, ms: performance.now() - from };
  };

  it('of 5,000 messages is complete and small enough to open', () => {
    const long = archiveStory(5_000);
    const html = transcriptHtml(long, []);
    expect(html.match(/<article class="item message/g)).toHaveLength(long.messages.length);
    expect(html.length).toBeLessThan(3_000_000);
    expect(html).toContain('<main class="oneday long">');
  });

  it('takes no more than its share longer', () => {
    sized(2_000);
    const [small, large] = [sized(2_000), sized(16_000)];
    // Eight times the messages: quadratic work would take sixty times as long.
    expect(large.ms).toBeLessThan(small.ms * 30 + 200);
    expect(large.bytes).toBeLessThan(small.bytes * 9);
  });
});

it('writes a hash as policies have it', () => {
  for (const text of ['', 'a', 'housecall']) {
    const hex = createHash('sha256').update(text).digest('hex');
    expect(base64OfHex(hex)).toBe(Buffer.from(hex, 'hex').toString('base64'));
  }
});
