import { describe, expect, it } from 'vitest';
import { renderForm } from '../../../src/adapters/slack/render/render-form.ts';
import type { FixState } from '../../../src/core/approval/fix-state.ts';
import { reviewForm } from '../../../src/core/approval/review-form.ts';
import { rolloutForm } from '../../../src/core/approval/rollout-form.ts';
import { argvText } from '../../../src/core/command.ts';
import type { Form } from '../../../src/core/document/document.ts';
import { HOUSECALL } from '../../../src/core/person.ts';
import type { Plan } from '../../../src/core/plan.ts';
import type { Fix } from '../../../src/fixes/contract.ts';
import { fixes } from '../../../src/fixes/registry.ts';
import { FIXTURE_CONTEXT, fixFixturesOf } from '../../support/fix-fixture.ts';

const DIGEST = 'ab'.repeat(32);
const TERMS = { required: 1, selfApproval: false, expiresMinutes: 15 };

/** The longest plan that a fixture of this fix shows. */
function planOf(fix: Fix): Plan {
  const plans = fixFixturesOf(fix.id).flatMap(({ params, result }) => {
    const bound = fix.bind(params, FIXTURE_CONTEXT);
    const plan = bound.plan(bound.parse(result));
    return typeof plan === 'string' ? [] : [plan];
  });
  const [longest] = plans.toSorted((a, b) => b.steps.length - a.steps.length);
  if (longest === undefined) throw new Error(`no fixture of ${fix.id} has a plan`);
  return longest;
}

/** Every text of the modal, in order. */
function textsOf(form: Form): readonly string[] {
  const found: string[] = [];
  JSON.stringify(renderForm(form).blocks, (key, value: unknown) => {
    if (key === 'text' && typeof value === 'string') found.push(value);
    return value;
  });
  return found;
}

/** Without line breaks, at which long texts are cut into blocks, and the titles of the parts. */
function flat(texts: readonly string[]): string {
  return texts
    .filter((text) => !text.endsWith(' (continued)'))
    .join('')
    .replaceAll(/\s+/g, '');
}

describe('the dialog of every fix', () => {
  it.each(fixes.map((fix) => [fix.id, fix] as const))('%s: shows all that would run', (_, fix) => {
    const plan = planOf(fix);
    const texts = textsOf(
      reviewForm({
        stream: '20261120-7',
        fix: FIXTURE_CONTEXT.fix,
        digest: DIGEST,
        title: fix.title,
        host: 'host-17',
        address: 'housecall@10.0.0.17:22 with sudo',
        plan,
        now: 'as it is',
        terms: TERMS,
        approvers: ['UAPPROVE'],
      }),
    );
    const all = flat(texts);
    for (const { argv, stdin } of plan.steps) {
      expect(all).toContain(flat([argvText(argv)]));
      expect(all).toContain(flat([stdin ?? '']));
    }
    expect(all).not.toContain('fithere');
    const begin = flat(texts).indexOf('Whatwillrun,inshort');
    for (const said of [
      'Savedfirst:',
      'Undo:',
      'mustapprove',
      plan.summary.replaceAll(/\s+/g, ''),
    ]) {
      expect(all.indexOf(said)).toBeGreaterThanOrEqual(0);
      expect(all.indexOf(said)).toBeLessThan(begin);
    }
  });
});

/** The same plan on so many hosts; each keeps its copy elsewhere. */
function rollout(plan: Plan, count: number, path: (n: number, id: string) => string): Form {
  const states = Array.from({ length: count }, (_, n): FixState => {
    const id = `f${n + 1}`;
    return {
      id,
      status: 'planned',
      offer: { fix: 'truncate-deleted-file', params: {} },
      host: `web-${n + 1}`,
      run: 'r1',
      finding: 'disk.deleted-open-file',
      reviewedBy: HOUSECALL,
      reviewedAt: '2026-11-20T12:00:00.000Z',
      plan: { ...plan, saved: { kind: 'file', path: path(n, id), bytes: 9, what: 'the file' } },
      digest: DIGEST,
      approvals: [],
      refusals: [],
    };
  });
  return rolloutForm({
    stream: '20261120-7',
    id: 'ro1',
    digest: DIGEST,
    fixes: states,
    terms: TERMS,
    approvers: ['UAPPROVE'],
  });
}

describe('the dialog of a fix on several hosts', () => {
  const fix = fixes.find(({ id }) => id === 'truncate-deleted-file');
  if (fix === undefined) throw new Error('no such fix');
  const plan = planOf(fix);

  it('says what is saved first where, once for hosts where it is the same', () => {
    const texts = textsOf(rollout(plan, 12, (n, id) => `/save${n < 10 ? '' : '2'}/${id}.gz`));
    expect(texts).toContain('web-[1-10]: the file, to /save/<fix id>.gz');
    expect(texts).toContain('web-[11-12]: the file, to /save2/<fix id>.gz');
    expect(flat(texts)).not.toContain('fithere');
  });

  it('says it for each of a hundred hosts, before all that may be left out', () => {
    const form = rollout(plan, 100, (n, id) => `/save${n}/${id}.gz`);
    const texts = textsOf(form);
    for (let n = 0; n < 100; n++) {
      expect(texts).toContain(`web-${n + 1}: the file, to /save${n}/<fix id>.gz`);
    }
    expect(renderForm(form).blocks.length).toBeLessThanOrEqual(100);
    expect(texts.at(-1)).toMatch(/^… \d+ more lines do not fit here$/);
  });
});
