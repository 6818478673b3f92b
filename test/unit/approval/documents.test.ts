import { describe, expect, it } from 'vitest';
import { fixDocument } from '../../../src/core/approval/fix-document.ts';
import type { FixState } from '../../../src/core/approval/fix-state.ts';
import {
  ANNA,
  approvedBy,
  KEPT,
  LOSS,
  lines,
  PLAN,
  REQUEST,
  ran,
  sampleFix,
  UNSAVED,
  VERIFIED,
} from './sample-fixes.ts';

function documentOf(more: Partial<FixState>): string {
  return lines(fixDocument('inc-1', sampleFix(more)));
}

/** Without the commands and the footer, which other tests compare. */
function standingOf(more: Partial<FixState>): string | undefined {
  return documentOf(more).split('\n')[2];
}

const PENDING = { status: 'pending', request: REQUEST } as const;
const BOTH = { approvals: approvedBy('UBEN', 'UCY') } as const;

describe('the message of a fix that was not asked for', () => {
  it('says that it is under review', () => {
    const { plan: _, digest: __, ...bare } = sampleFix({ status: 'reviewing' });
    expect(lines(fixDocument('inc-1', bare))).toMatchInlineSnapshot(`
      "{"summary":"truncate-log on web-1: under review"}
      {"kind":"paragraph","content":[{"text":"truncate-log on web-1: under review","style":"bold"}]}
      {"kind":"context","content":["Fix f1 · digest none · runs at most once"]}"
    `);
  });

  it('says the same once it is planned, and shows what would run', () => {
    expect(documentOf({ status: 'planned' })).toMatchInlineSnapshot(`
      "{"summary":"truncate-log on web-1: under review"}
      {"kind":"paragraph","content":[{"text":"truncate-log on web-1: under review","style":"bold"}]}
      {"kind":"preformatted","title":"On web-1, in short","text":"mkdir /save/claims/f1\\n: > /var/log/it.log"}
      {"kind":"preformatted","title":"Exactly (the scripts stand in Review fix)","text":"sh -s -- /save f1\\ntruncate -s 0 '/var/log/it'\\\\''s.log'"}
      {"kind":"context","content":["Fix f1 · digest 0123456789abcdef · runs at most once"]}"
    `);
  });

  it('says why there is no plan', () => {
    const { plan: _, ...bare } = sampleFix({ status: 'unplanned', reason: 'it is empty' });
    expect(lines(fixDocument('inc-1', bare))).toMatchInlineSnapshot(`
      "{"summary":"truncate-log on web-1: it is empty"}
      {"kind":"paragraph","content":[{"text":"truncate-log on web-1: it is empty","style":"bold"}]}
      {"kind":"context","content":["Fix f1 · digest 0123456789abcdef · runs at most once"]}"
    `);
  });
});

describe('the message of a fix that waits for approval', () => {
  it('mentions who can approve, without who asked, and has both buttons', () => {
    expect(documentOf(PENDING)).toMatchInlineSnapshot(`
      "{"summary":"Approval needed: empty /var/log/it.log","status":"warning"}
      {"kind":"paragraph","content":[{"text":"Approval needed: empty /var/log/it.log","style":"bold"}]}
      {"kind":"list","items":[["Requested by ",{"user":"UANNA"}],["One person must approve: ",{"user":"UBEN"},", ",{"group":"SOPS"},". But not who requested it, ran the diagnosis or declared the incident."],["Void after 2026-11-20 12:15 UTC"],["Will be saved first to ",{"text":"/save/f1-it.log","style":"code"}]]}
      {"kind":"preformatted","title":"On web-1, in short","text":"mkdir /save/claims/f1\\n: > /var/log/it.log"}
      {"kind":"preformatted","title":"Exactly (the scripts stand in Review fix)","text":"sh -s -- /save f1\\ntruncate -s 0 '/var/log/it'\\\\''s.log'"}
      {"kind":"actions","actions":[{"action":"fix.approve","label":"Approve","value":"inc-1 f1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","style":"primary","confirm":{"title":"Run this fix?","text":"empty /var/log/it.log.","button":"Approve"}},{"action":"fix.deny","label":"Deny","value":"inc-1 f1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}]}
      {"kind":"context","content":["Fix f1 · digest 0123456789abcdef · runs at most once"]}"
    `);
  });

  it('warns on the button when nothing is saved first', () => {
    const request = { ...REQUEST, lossAccepted: 'lose it' };
    const plan = { ...PLAN, saved: LOSS };
    expect(documentOf({ ...PENDING, request, plan })).toMatchInlineSnapshot(`
      "{"summary":"Approval needed: empty /var/log/it.log","status":"warning"}
      {"kind":"paragraph","content":[{"text":"Approval needed: empty /var/log/it.log","style":"bold"}]}
      {"kind":"list","items":[["Requested by ",{"user":"UANNA"}],["One person must approve: ",{"user":"UBEN"},", ",{"group":"SOPS"},". But not who requested it, ran the diagnosis or declared the incident."],["Void after 2026-11-20 12:15 UTC"],["Nothing is saved first. Accepted in the words: ","lose it"]]}
      {"kind":"preformatted","title":"On web-1, in short","text":"mkdir /save/claims/f1\\n: > /var/log/it.log"}
      {"kind":"preformatted","title":"Exactly (the scripts stand in Review fix)","text":"sh -s -- /save f1\\ntruncate -s 0 '/var/log/it'\\\\''s.log'"}
      {"kind":"actions","actions":[{"action":"fix.approve","label":"Approve","value":"inc-1 f1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","style":"danger","confirm":{"title":"Run this fix?","text":"empty /var/log/it.log. Nothing is saved first.","button":"Approve"}},{"action":"fix.deny","label":"Deny","value":"inc-1 f1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}]}
      {"kind":"context","content":["Fix f1 · digest 0123456789abcdef · runs at most once"]}"
    `);
  });

  it('names the copy that goes into the incident', () => {
    expect(standingOf({ ...PENDING, plan: { ...PLAN, saved: KEPT } })).toMatchInlineSnapshot(
      `"{"kind":"list","items":[["Requested by ",{"user":"UANNA"}],["One person must approve: ",{"user":"UBEN"},", ",{"group":"SOPS"},". But not who requested it, ran the diagnosis or declared the incident."],["Void after 2026-11-20 12:15 UTC"],["Will be saved first to ","this incident: ","its last lines",", as ",{"text":"f1-it.log","style":"code"}]]}"`,
    );
  });

  it('names no copy when nothing needs saving', () => {
    expect(standingOf({ ...PENDING, plan: { ...PLAN, saved: UNSAVED } })).toMatchInlineSnapshot(
      `"{"kind":"list","items":[["Requested by ",{"user":"UANNA"}],["One person must approve: ",{"user":"UBEN"},", ",{"group":"SOPS"},". But not who requested it, ran the diagnosis or declared the incident."],["Void after 2026-11-20 12:15 UTC"]]}"`,
    );
  });

  it('mentions who asked too where self-approval is allowed', () => {
    const request = { ...REQUEST, required: 2, selfApproval: true };
    expect(standingOf({ ...PENDING, request, ...BOTH })).toMatchInlineSnapshot(
      `"{"kind":"list","items":[["Requested by ",{"user":"UANNA"}],["2 different people must approve: ",{"user":"UANNA"},", ",{"user":"UBEN"},", ",{"group":"SOPS"},". The requester MAY approve too: the configuration allows self-approval here."],["Void after 2026-11-20 12:15 UTC"],["Approved (2 of 2) by ",{"user":"UBEN"},", ",{"user":"UCY"}],["Will be saved first to ",{"text":"/save/f1-it.log","style":"code"}]]}"`,
    );
  });

  it('does not mention who reviewed it, and says when an alert asked', () => {
    const request = { ...REQUEST, by: { kind: 'alert', source: 'opsgenie' } } as const;
    const reviewedBy = { kind: 'person', team: 'T1', user: 'UBEN' } as const;
    expect(standingOf({ ...PENDING, request, reviewedBy })).toMatchInlineSnapshot(
      `"{"kind":"list","items":[["Requested by ","the alert (opsgenie)"],["One person must approve: ",{"user":"UANNA"},", ",{"group":"SOPS"},". But not who requested it, ran the diagnosis or declared the incident."],["Void after 2026-11-20 12:15 UTC"],["Will be saved first to ",{"text":"/save/f1-it.log","style":"code"}]]}"`,
    );
    const housecall = { kind: 'housecall' } as const;
    expect(standingOf({ ...PENDING, request, reviewedBy: housecall })).toMatchInlineSnapshot(
      `"{"kind":"list","items":[["Requested by ","the alert (opsgenie)"],["One person must approve: ",{"user":"UANNA"},", ",{"user":"UBEN"},", ",{"group":"SOPS"},". But not who requested it, ran the diagnosis or declared the incident."],["Void after 2026-11-20 12:15 UTC"],["Will be saved first to ",{"text":"/save/f1-it.log","style":"code"}]]}"`,
    );
  });

  it('has no buttons without a digest', () => {
    const { digest: _, ...bare } = sampleFix(PENDING);
    const text = lines(fixDocument('inc-1', bare));
    expect(text).not.toContain('"kind":"actions"');
    expect(text.split('\n').at(-1)).toBe(
      '{"kind":"context","content":["Fix f1 · digest none · runs at most once"]}',
    );
  });

  it('asks for the fix by its name when there is no plan on record', () => {
    const { plan: _, ...bare } = sampleFix(PENDING);
    expect(lines(fixDocument('inc-1', bare))).toMatchInlineSnapshot(`
      "{"summary":"Approval needed: truncate-log on web-1","status":"warning"}
      {"kind":"paragraph","content":[{"text":"Approval needed: truncate-log on web-1","style":"bold"}]}
      {"kind":"list","items":[["Requested by ",{"user":"UANNA"}],["One person must approve: ",{"user":"UBEN"},", ",{"group":"SOPS"},". But not who requested it, ran the diagnosis or declared the incident."],["Void after 2026-11-20 12:15 UTC"]]}
      {"kind":"actions","actions":[{"action":"fix.approve","label":"Approve","value":"inc-1 f1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","style":"primary","confirm":{"title":"Run this fix?","text":"truncate-log.","button":"Approve"}},{"action":"fix.deny","label":"Deny","value":"inc-1 f1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}]}
      {"kind":"context","content":["Fix f1 · digest 0123456789abcdef · runs at most once"]}"
    `);
  });
});

describe('the message of a fix that was decided', () => {
  it.each(['approved', 'running'] as const)('says that it is approved and runs: %s', (status) => {
    const text = documentOf({ status, request: REQUEST, approvals: approvedBy('UBEN') });
    expect(text).toBe(RUNNING);
  });

  it('says when one of those who approved had asked for it', () => {
    const request = { ...REQUEST, selfApproval: true };
    const approvals = approvedBy('UBEN', 'UANNA');
    expect(standingOf({ status: 'approved', request, approvals })).toMatchInlineSnapshot(
      `"{"kind":"list","items":[["Requested by ",{"user":"UANNA"}],["Approved (2 of 1) by ",{"user":"UBEN"},", ",{"user":"UANNA"}," (self-approval, which the configuration allows)"],["Will be saved first to ",{"text":"/save/f1-it.log","style":"code"}]]}"`,
    );
  });

  it('says who denied it, and names no copy', () => {
    const deniedBy = ANNA;
    expect(documentOf({ status: 'denied', request: REQUEST, deniedBy })).toMatchInlineSnapshot(`
      "{"summary":"Denied, nothing was run: empty /var/log/it.log"}
      {"kind":"paragraph","content":[{"text":"Denied, nothing was run: empty /var/log/it.log","style":"bold"}]}
      {"kind":"list","items":[["Requested by ",{"user":"UANNA"}],["Denied by ",{"user":"UANNA"}]]}
      {"kind":"preformatted","title":"On web-1, in short","text":"mkdir /save/claims/f1\\n: > /var/log/it.log"}
      {"kind":"preformatted","title":"Exactly (the scripts stand in Review fix)","text":"sh -s -- /save f1\\ntruncate -s 0 '/var/log/it'\\\\''s.log'"}
      {"kind":"context","content":["Fix f1 · digest 0123456789abcdef · runs at most once"]}"
    `);
  });

  it('says that it expired', () => {
    expect(documentOf({ status: 'expired', request: REQUEST })).toMatchInlineSnapshot(`
      "{"summary":"Expired, nothing was run: empty /var/log/it.log"}
      {"kind":"paragraph","content":[{"text":"Expired, nothing was run: empty /var/log/it.log","style":"bold"}]}
      {"kind":"list","items":[["Requested by ",{"user":"UANNA"}]]}
      {"kind":"preformatted","title":"On web-1, in short","text":"mkdir /save/claims/f1\\n: > /var/log/it.log"}
      {"kind":"preformatted","title":"Exactly (the scripts stand in Review fix)","text":"sh -s -- /save f1\\ntruncate -s 0 '/var/log/it'\\\\''s.log'"}
      {"kind":"context","content":["Fix f1 · digest 0123456789abcdef · runs at most once"]}"
    `);
  });

  it('says why it was stopped', () => {
    const stopped = { status: 'stopped', request: REQUEST } as const;
    expect(documentOf(stopped)).toMatchInlineSnapshot(`
      "{"summary":"Not run: truncate-log on web-1: the rollout was stopped"}
      {"kind":"paragraph","content":[{"text":"Not run: truncate-log on web-1: the rollout was stopped","style":"bold"}]}
      {"kind":"list","items":[["Requested by ",{"user":"UANNA"}]]}
      {"kind":"preformatted","title":"On web-1, in short","text":"mkdir /save/claims/f1\\n: > /var/log/it.log"}
      {"kind":"preformatted","title":"Exactly (the scripts stand in Review fix)","text":"sh -s -- /save f1\\ntruncate -s 0 '/var/log/it'\\\\''s.log'"}
      {"kind":"context","content":["Fix f1 · digest 0123456789abcdef · runs at most once"]}"
    `);
    expect(documentOf({ ...stopped, reason: 'stopped: it failed on web-2' }).split('\n')[0]).toBe(
      '{"summary":"Not run: truncate-log on web-1: stopped: it failed on web-2"}',
    );
  });

  it('names no copy in the incident when it was not run', () => {
    const plan = { ...PLAN, saved: KEPT };
    for (const status of ['denied', 'expired', 'stopped'] as const) {
      expect(standingOf({ status, request: REQUEST, plan })).toBe(
        '{"kind":"list","items":[["Requested by ",{"user":"UANNA"}]]}',
      );
    }
  });
});

describe('the message of a fix that has run', () => {
  const finished = { status: 'finished', request: REQUEST } as const;

  it('shows before, after and what each step said', () => {
    expect(documentOf({ ...finished, result: VERIFIED })).toMatchInlineSnapshot(`
      "{"summary":"Fixed: truncate-log on web-1: the file is empty","status":"ok"}
      {"kind":"paragraph","content":[{"text":"Fixed: truncate-log on web-1: the file is empty","style":"bold"}]}
      {"kind":"list","items":[["Requested by ",{"user":"UANNA"}],["Saved first to ",{"text":"/save/f1-it.log","style":"code"}]]}
      {"kind":"fields","items":[{"label":"Before","value":"10 bytes"},{"label":"After","value":"0 bytes"}]}
      {"kind":"preformatted","title":"What ran","text":"claim: exit 0\\nempty: exit 0\\nemptied"}
      {"kind":"context","content":["Fix f1 · digest 0123456789abcdef · runs at most once"]}"
    `);
  });

  it.each([
    ['verified', '"summary":"Fixed: truncate-log on web-1: so it is","status":"ok"', true],
    [
      'ineffective',
      '"summary":"It ran but did not help: truncate-log on web-1: so it is","status":"critical"',
      true,
    ],
    ['failed', '"summary":"Failed: truncate-log on web-1: so it is","status":"critical"', false],
    [
      'stale',
      '"summary":"Not run: the host changed since the approval: truncate-log on web-1: so it is","status":"warning"',
      false,
    ],
    [
      'unknown',
      '"summary":"Outcome unknown. It may have run. It will not be run again. truncate-log on web-1: so it is","status":"unknown"',
      false,
    ],
  ] as const)(
    'says in its first line that it is %s, and of the copy only what is sure',
    (outcome, first, saved) => {
      const result = { at: VERIFIED.at, outcome, reason: 'so it is', steps: [] };
      const text = documentOf({ ...finished, result }).split('\n');
      expect(text[0]).toBe(`{${first}}`);
      expect(text[2]).toBe(
        saved ? SAVED : '{"kind":"list","items":[["Requested by ",{"user":"UANNA"}]]}',
      );
      expect(text).toHaveLength(4);
    },
  );

  it('names what was kept in the incident', () => {
    const plan = { ...PLAN, saved: KEPT };
    expect(standingOf({ ...finished, plan, result: VERIFIED })).toMatchInlineSnapshot(
      `"{"kind":"list","items":[["Requested by ",{"user":"UANNA"}],["Saved first to ","this incident: ","its last lines",", as ",{"text":"f1-it.log","style":"code"}]]}"`,
    );
  });

  it('says of each side and exit status when it was not seen', () => {
    const steps = [ran('claim', null, 'gone\n')];
    const { before: _, after: __, ...bare } = { ...VERIFIED, steps };
    const after = documentOf({ ...finished, result: { ...bare, after: '0 bytes' } });
    expect(after.split('\n').slice(3, 5).join('\n')).toMatchInlineSnapshot(`
      "{"kind":"fields","items":[{"label":"Before","value":"not seen"},{"label":"After","value":"0 bytes"}]}
      {"kind":"preformatted","title":"What ran","text":"claim: exit not known\\ngone"}"
    `);
    const before = documentOf({ ...finished, result: { ...bare, before: '9 bytes' } });
    expect(before.split('\n')[3]).toMatchInlineSnapshot(
      `"{"kind":"fields","items":[{"label":"Before","value":"9 bytes"},{"label":"After","value":"not seen"}]}"`,
    );
  });

  it('is unknown when no result is on record', () => {
    expect(documentOf(finished).split('\n').slice(0, 2).join('\n')).toMatchInlineSnapshot(`
      "{"summary":"Outcome unknown. It may have run. It will not be run again. truncate-log on web-1: ","status":"unknown"}
      {"kind":"paragraph","content":[{"text":"Outcome unknown. It may have run. It will not be run again. truncate-log on web-1: ","style":"bold"}]}"
    `);
  });

  it('says when it is certainly lost again, and not when it cannot be seen', () => {
    const lost = { at: VERIFIED.at, certain: true, reason: 'the container restarted' };
    const first = (more: Partial<FixState>): string | undefined =>
      documentOf({ ...finished, result: VERIFIED, ...more }).split('\n')[0];
    expect(first({ lost })).toMatchInlineSnapshot(
      `"{"summary":"Lost again: truncate-log on web-1: the container restarted","status":"critical"}"`,
    );
    expect(first({ lost: { ...lost, certain: false } })).toMatchInlineSnapshot(
      `"{"summary":"Fixed: truncate-log on web-1: the file is empty","status":"ok"}"`,
    );
  });
});

const SAVED =
  '{"kind":"list","items":[["Requested by ",{"user":"UANNA"}],["Saved first to ",{"text":"/save/f1-it.log","style":"code"}]]}';
const RUNNING = [
  '{"summary":"Approved, running: empty /var/log/it.log"}',
  '{"kind":"paragraph","content":[{"text":"Approved, running: empty /var/log/it.log","style":"bold"}]}',
  '{"kind":"list","items":[["Requested by ",{"user":"UANNA"}],["Approved (1 of 1) by ",{"user":"UBEN"}],["Will be saved first to ",{"text":"/save/f1-it.log","style":"code"}]]}',
  String.raw`{"kind":"preformatted","title":"On web-1, in short","text":"mkdir /save/claims/f1\n: > /var/log/it.log"}`,
  String.raw`{"kind":"preformatted","title":"Exactly (the scripts stand in Review fix)","text":"sh -s -- /save f1\ntruncate -s 0 '/var/log/it'\\''s.log'"}`,
  '{"kind":"context","content":["Fix f1 · digest 0123456789abcdef · runs at most once"]}',
].join('\n');
