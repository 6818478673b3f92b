import { describe, expect, it } from 'vitest';
import { savedWhen } from '../../../src/core/approval/fix-document.ts';
import { rolloutDocument } from '../../../src/core/approval/rollout-document.ts';
import { foldedByHost, savedText, undoText } from '../../../src/core/approval/saved-first.ts';
import type { Plan, Step } from '../../../src/core/plan.ts';
import { documentText } from '../../support/document-text.ts';
import {
  CLAIM,
  DIGEST,
  EMPTY,
  inRollout,
  KEPT,
  LOSS,
  PLAN,
  sampleFix,
  UNSAVED,
  VERIFIED,
} from './sample-fixes.ts';

const SAVE: Step = { ...EMPTY, id: 'save', undo: 'delete the copy' };
const SYNC: Step = { ...EMPTY, id: 'sync', undo: 'none needed' };

describe('what is saved first', () => {
  it.each<[Plan['saved'], string]>([
    [PLAN.saved, 'its last 10 bytes, to /save/f1-it.log'],
    [KEPT, 'its last lines, into this incident as f1-it.log'],
    [LOSS, 'nothing: the content is lost for good ("lose it")'],
    [UNSAVED, 'nothing needs saving'],
  ])('is told of %j', (saved, words) => {
    expect(savedText(saved)).toBe(words);
  });

  it('is said to be saved only once it surely is, and to come only while it may', () => {
    const ended = (['verified', 'ineffective', 'failed', 'stale', 'unknown'] as const).map(
      (outcome) =>
        savedWhen(sampleFix({ status: 'finished', result: { ...VERIFIED, outcome } })) ?? '-',
    );
    expect(ended).toEqual(['Saved first', 'Saved first', '-', '-', '-']);
    const open = (['pending', 'approved', 'running'] as const).map((status) =>
      savedWhen(sampleFix({ status })),
    );
    expect(new Set(open)).toEqual(new Set(['Will be saved first']));
    const over = (['denied', 'expired', 'stopped'] as const).map((status) =>
      savedWhen(sampleFix({ status })),
    );
    expect(new Set(over)).toEqual(new Set([null]));
  });
});

describe('how a fix is taken back', () => {
  it.each<[string, readonly Step[], string]>([
    ['nothing but the mark', [CLAIM], 'nothing is changed'],
    ['no step at all', [], 'nothing is changed'],
    ['one step', [CLAIM, SAVE], 'delete the copy'],
    ['one step for good', [CLAIM, EMPTY], 'impossible, this cannot be taken back'],
    ['two steps', [CLAIM, SAVE, SYNC], 'save: delete the copy; sync: none needed'],
    [
      'two steps, one for good',
      [CLAIM, SAVE, EMPTY],
      'impossible: empty cannot be taken back; save: delete the copy',
    ],
    [
      'two steps, both for good',
      [CLAIM, EMPTY, { ...EMPTY, id: 'drop' }],
      'impossible: empty, drop cannot be taken back',
    ],
    ['a mark that has no undo', [{ ...CLAIM, undo: null }, SAVE], 'delete the copy'],
  ])('after %s', (_what, steps, words) => {
    expect(undoText({ ...PLAN, steps })).toBe(words);
  });
});

describe('what holds for several hosts', () => {
  it('is said once for those it holds for, whatever id the fix has there', () => {
    const fixes = [inRollout(1), inRollout(2), inRollout(3)];
    expect(foldedByHost(fixes, ({ id }) => `to /save/${id}, mark ${id}`)).toEqual([
      'web-[1-3]: to /save/<fix id>, mark <fix id>',
    ]);
  });

  it('stands in the order of the hosts, each line where it comes first', () => {
    const fixes = [inRollout(1), inRollout(2), inRollout(3)];
    const lines = foldedByHost(fixes, ({ host }) => (host === 'web-2' ? 'other' : 'same'));
    expect(lines).toEqual(['web-[1,3]: same', 'web-2: other']);
    expect(foldedByHost([], () => 'same')).toEqual([]);
  });
});

describe('the message of a rollout', () => {
  const DONE = { status: 'finished', result: VERIFIED } as const;

  /** Its lines about copies. */
  function saved(...fixes: Parameters<typeof rolloutDocument>[1]): readonly string[] {
    const text = documentText(rolloutDocument('inc-1', fixes, DIGEST));
    return text.split('\n').filter((line) => /saved first/i.test(line));
  }

  it('tells apart where the copy is made and where it will be', () => {
    expect(saved(inRollout(1, DONE), inRollout(2), inRollout(3))).toEqual([
      '• Saved first on web-1: its last 10 bytes, to /save/<fix id>-it.log',
      '• Will be saved first on web-[2-3]: its last 10 bytes, to /save/f1-it.log',
    ]);
  });

  it('says nothing of a copy that is not needed, not sure, or never made', () => {
    const { plan: _, ...bare } = inRollout(4);
    const unsure = { ...DONE, result: { ...VERIFIED, outcome: 'failed' } } as const;
    expect(
      saved(
        inRollout(1, { plan: { ...PLAN, saved: UNSAVED } }),
        inRollout(2, unsure),
        inRollout(3, { status: 'stopped' }),
        bare,
      ),
    ).toEqual([]);
  });
});
