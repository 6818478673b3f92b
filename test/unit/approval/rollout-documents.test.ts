import { describe, expect, it } from 'vitest';
import type { FixState } from '../../../src/core/approval/fix-state.ts';
import {
  lastingBlocks,
  rolloutDocument,
  rolloutLine,
} from '../../../src/core/approval/rollout-document.ts';
import { rolloutForm } from '../../../src/core/approval/rollout-form.ts';
import { DIGEST, inRollout, LOSS, lines, PLAN, sampleFix, VERIFIED } from './sample-fixes.ts';

function form(fixes: readonly FixState[]): string {
  const terms = { required: 2, selfApproval: false, expiresMinutes: 15 };
  return lines(
    rolloutForm({ stream: 'inc-1', id: 'ro1', digest: DIGEST, fixes, terms, approvers: ['UBEN'] }),
  );
}

function without(key: 'plan' | 'request' | 'rollout', fix: FixState): FixState {
  const { [key]: _, ...rest } = fix;
  return rest;
}

const DONE = { status: 'finished', result: VERIFIED } as const;
const LOST = { at: VERIFIED.at, certain: true, reason: 'it restarted' };

describe('the dialog of a rollout', () => {
  it('shows the order, what is saved, the canary in full and the arguments of every host', () => {
    const fixes = [1, 2, 3, 4].map((n) => inRollout(n, { status: 'planned' }));
    expect(form(fixes)).toMatchInlineSnapshot(`
      "{"id":"fix.request","title":"Review fix","inputs":[],"submit":"Request approval","metadata":"inc-1 rollout:ro1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
      {"kind":"paragraph","content":[{"text":"truncate-log on 4 hosts: web-[1-4]","style":"bold"}]}
      {"kind":"fields","items":[{"label":"Order","value":"canary web-1, then web-[2-3], then web-4"},{"label":"Stops","value":"at the first host that is not verified; the rest is not begun"},{"label":"Undo, on the canary","value":"impossible, this cannot be taken back"},{"label":"Afterwards","value":"the file is empty"}]}
      {"kind":"paragraph","content":["2 different people must approve: ",{"user":"UBEN"},". But not who requested it, ran the diagnosis or declared the incident."," Void 15 minutes after the request."]}
      {"kind":"context","content":["Digest 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef. Every host is looked at again before it runs there."]}
      {"kind":"heading","text":"Saved first"}
      {"kind":"list","items":[["web-1: its last 10 bytes, to /save/<fix id>-it.log"],["web-[2-4]: its last 10 bytes, to /save/f1-it.log"]]}
      {"kind":"heading","text":"What will run on each host"}
      {"kind":"list","items":[["web-[1-4]: empty /var/log/it.log"]]}
      {"kind":"heading","text":"On the canary web-1"}
      {"kind":"heading","text":"What will run, in short"}
      {"kind":"preformatted","text":"mkdir /save/claims/f1\\n: > /var/log/it.log"}
      {"kind":"list","items":[[{"text":"claim","style":"bold"},": Marks it. Undo: none needed."],[{"text":"empty","style":"bold"},": Gives the space back. Undo: impossible, this cannot be taken back."]]}
      {"kind":"heading","text":"Found on the host"}
      {"kind":"list","items":[["it is 10 bytes long"],["nobody writes to it"]]}
      {"kind":"heading","text":"Exactly what will run"}
      {"kind":"preformatted","text":"# web-1\\nsh -s -- /save f1\\ntruncate -s 0 '/var/log/it'\\\\''s.log'\\n# web-2\\nsh -s -- /save f1\\ntruncate -s 0 '/var/log/it'\\\\''s.log'\\n# web-3\\nsh -s -- /save f1\\ntruncate -s 0 '/var/log/it'\\\\''s.log'\\n# web-4\\nsh -s -- /save f1\\ntruncate -s 0 '/var/log/it'\\\\''s.log'"}
      {"kind":"preformatted","title":"Script of step claim","text":"claim it\\n"}"
    `);
  });

  it('says which hosts are left out, and why', () => {
    const lossy = inRollout(2, { plan: { ...PLAN, saved: LOSS } });
    const unplanned = without('plan', inRollout(3, { status: 'unplanned', reason: 'it is empty' }));
    const silent = without('plan', inRollout(4, { status: 'reviewing' }));
    const text = form([inRollout(1), lossy, unplanned, silent]).split('\n');
    const from = text.findIndex((line) => line.includes('Left out'));
    expect(text.slice(from, from + 2).join('\n')).toMatchInlineSnapshot(`
      "{"kind":"heading","text":"Left out"}
      {"kind":"list","items":[["web-2: nothing can be saved there; review it on its own"],["web-3: it is empty"],["web-4: no plan"]]}"
    `);
    expect(text[1]).toMatchInlineSnapshot(
      `"{"kind":"paragraph","content":[{"text":"truncate-log on 1 host: web-1","style":"bold"}]}"`,
    );
  });

  it('approves nothing when no host has a plan', () => {
    const bare = without('plan', inRollout(1, { status: 'unplanned', reason: 'it is empty' }));
    expect(form([bare])).toMatchInlineSnapshot(`
      "{"id":"fix.unplanned","title":"Review fix","inputs":[],"metadata":""}
      {"kind":"paragraph","content":[{"text":"Nothing to approve.","style":"bold"}]}
      {"kind":"heading","text":"Left out"}
      {"kind":"list","items":[["web-1: it is empty"]]}"
    `);
    expect(form([])).toMatchInlineSnapshot(`
      "{"id":"fix.unplanned","title":"Review fix","inputs":[],"metadata":""}
      {"kind":"paragraph","content":[{"text":"Nothing to approve.","style":"bold"}]}"
    `);
  });
});

describe('the message of a rollout', () => {
  it('shows what is approved on each host while it waits, and has both buttons', () => {
    const pending = [
      inRollout(1, { status: 'pending' }),
      without('plan', inRollout(2, { status: 'pending' })),
      without('request', inRollout(3)),
    ];
    expect(lines(rolloutDocument('inc-1', pending, DIGEST))).toMatchInlineSnapshot(`
      "{"summary":"Approval needed: truncate-log on 2 hosts: web-[1-2]","status":"warning"}
      {"kind":"paragraph","content":[{"text":"Approval needed: truncate-log on 2 hosts: web-[1-2]","style":"bold"}]}
      {"kind":"list","items":[["Requested by ",{"user":"UANNA"}],["One person must approve: ",{"user":"UBEN"},", ",{"group":"SOPS"},". But not who requested it, ran the diagnosis or declared the incident."],["Void after 2026-11-20 12:15 UTC"],["Will be saved first on web-1: its last 10 bytes, to /save/<fix id>-it.log"]]}
      {"kind":"table","header":["Host","Stands","Before","After"],"rows":[["web-1","pending","",""],["web-2","pending","",""]]}
      {"kind":"list","items":[["empty /var/log/it.log"],["web-2"]]}
      {"kind":"preformatted","title":"Exactly (the scripts stand in Review fix)","text":"# web-1\\nsh -s -- /save f1\\ntruncate -s 0 '/var/log/it'\\\\''s.log'\\n# web-2\\n"}
      {"kind":"actions","actions":[{"action":"fix.approve","label":"Approve","value":"inc-1 rollout:ro1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","style":"primary","confirm":{"title":"Run this fix?","text":"truncate-log on 2 hosts, beginning with web-1.","button":"Approve"}},{"action":"fix.deny","label":"Deny","value":"inc-1 rollout:ro1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}]}
      {"kind":"context","content":["One canary first, then 2, 4, 8 …; each host is looked at again before and after, and the first that does not help stops the rest. Digest 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"]}"
    `);
  });

  it('shows how each host stands once it runs', () => {
    const result = { ...VERIFIED, lostWhen: 'it restarts' };
    const running = [
      inRollout(1, { status: 'finished', result, lost: LOST }),
      inRollout(2, { ...DONE, lost: { ...LOST, certain: false } }),
      inRollout(3, { status: 'running' }),
    ];
    expect(lines(rolloutDocument('inc-1', running, DIGEST))).toMatchInlineSnapshot(`
      "{"summary":"Approved, running: truncate-log on 3 hosts: 2 fixed so far; lost again on web-1","status":"critical"}
      {"kind":"paragraph","content":[{"text":"Approved, running: truncate-log on 3 hosts: 2 fixed so far; lost again on web-1","style":"bold"}]}
      {"kind":"list","items":[["Requested by ",{"user":"UANNA"}],["Saved first on web-1: its last 10 bytes, to /save/<fix id>-it.log"],["Saved first on web-2: its last 10 bytes, to /save/f1-it.log"],["Will be saved first on web-3: its last 10 bytes, to /save/f1-it.log"]]}
      {"kind":"table","header":["Host","Stands","Before","After"],"rows":[["web-1","lost again: it restarted","10 bytes","0 bytes"],["web-2","verified: the file is empty","10 bytes","0 bytes"],["web-3","running","",""]]}
      {"kind":"context","content":["Not permanent: it is lost when it restarts. Housecall looks again while the incident is open. Next: make it permanent; the finding says how."]}
      {"kind":"context","content":["One canary first, then 2, 4, 8 …; each host is looked at again before and after, and the first that does not help stops the rest. Digest 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"]}"
    `);
  });

  it('names no rollout when the record has none', () => {
    const fix = without('rollout', inRollout(1, { status: 'pending' }));
    expect(lines(rolloutDocument('inc-1', [fix], DIGEST))).toContain(
      `"value":"inc-1 rollout: ${DIGEST}"`,
    );
  });

  it('says when nothing was asked for', () => {
    expect(rolloutDocument('inc-1', [sampleFix()], DIGEST)).toEqual({
      summary: 'no fix was asked for',
      blocks: [],
    });
  });

  it('says when the change is lost only for a fix that does not last', () => {
    expect(lastingBlocks([inRollout(1), inRollout(2, DONE)])).toEqual([]);
  });
});

describe('the first line of a rollout', () => {
  const claim = { worker: 'w1', at: VERIFIED.at };

  it.each([
    [
      'all verified',
      [inRollout(1, DONE), inRollout(2, DONE)],
      'Fixed: truncate-log on 2 hosts: web-[1-2]',
      'ok',
    ],
    [
      'waiting for approval',
      [inRollout(1, { status: 'pending' })],
      'Approval needed: truncate-log on 1 host: web-1',
      'warning',
    ],
    [
      'running',
      [inRollout(1, DONE), inRollout(2)],
      'Approved, running: truncate-log on 2 hosts: 1 fixed so far',
      'warning',
    ],
    [
      'stopped',
      [
        inRollout(1, { ...DONE, claim }),
        inRollout(2, { status: 'finished', claim, result: { ...VERIFIED, outcome: 'failed' } }),
        inRollout(3, { status: 'stopped' }),
        without('request', inRollout(4)),
      ],
      'truncate-log on 3 hosts stopped: it failed on web-2; 1 fixed, 1 not begun',
      'critical',
    ],
    [
      'lost again',
      [inRollout(1, { ...DONE, lost: LOST }), inRollout(2, { ...DONE, lost: LOST })],
      'Fixed: truncate-log on 2 hosts: web-[1-2]; lost again on web-[1-2]',
      'critical',
    ],
    [
      'not known to be lost',
      [inRollout(1, { ...DONE, lost: { ...LOST, certain: false } })],
      'Fixed: truncate-log on 1 host: web-1',
      'ok',
    ],
  ] as const)('tells of one that is %s', (_what, fixes, summary, status) => {
    expect(rolloutLine(fixes)).toEqual({ summary, status });
  });
});
