import { describe, expect, it } from 'vitest';
import {
  peopleInlines,
  type Review,
  reviewForm,
  termsInlines,
  unplannedForm,
} from '../../../src/core/approval/review-form.ts';
import type { Step } from '../../../src/core/plan.ts';
import { CLAIM, DIGEST, EMPTY, KEPT, LOSS, lines, PLAN, UNSAVED } from './sample-fixes.ts';

const REVIEW: Review = {
  stream: 'inc-1',
  fix: 'f1',
  digest: DIGEST,
  title: 'Empty a log',
  host: 'web-1',
  address: '10.0.0.1',
  plan: PLAN,
  now: '10 bytes',
  terms: { required: 1, selfApproval: false, expiresMinutes: 15 },
  approvers: ['UBEN'],
};

const OTHERS_ONLY = '. But not who requested it, ran the diagnosis or declared the incident.';

function ofSaved(saved: typeof PLAN.saved): string {
  return lines(reviewForm({ ...REVIEW, plan: { ...PLAN, saved, steps: [] } }));
}

describe('the dialog of a fix', () => {
  it('shows the host, what is saved, the undo and who decides before the steps, the scripts last', () => {
    expect(lines(reviewForm(REVIEW))).toMatchInlineSnapshot(`
      "{"id":"fix.request","title":"Review fix","inputs":[],"submit":"Request approval","metadata":"inc-1 f1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
      {"kind":"paragraph","content":[{"text":"empty /var/log/it.log","style":"bold"}]}
      {"kind":"fields","items":[{"label":"Host","value":"web-1 (10.0.0.1)"},{"label":"Now","value":"10 bytes"},{"label":"Saved first","value":"its last 10 bytes, to /save/f1-it.log"},{"label":"Undo","value":"impossible, this cannot be taken back"},{"label":"Afterwards","value":"the file is empty"}]}
      {"kind":"paragraph","content":["One person must approve: ",{"user":"UBEN"},". But not who requested it, ran the diagnosis or declared the incident."," Void 15 minutes after the request."]}
      {"kind":"context","content":["Digest 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef. The host is looked at again before it runs."]}
      {"kind":"heading","text":"What will run, in short"}
      {"kind":"preformatted","text":"mkdir /save/claims/f1\\n: > /var/log/it.log"}
      {"kind":"list","items":[[{"text":"claim","style":"bold"},": Marks it. Undo: none needed."],[{"text":"empty","style":"bold"},": Gives the space back. Undo: impossible, this cannot be taken back."]]}
      {"kind":"heading","text":"Found on the host"}
      {"kind":"list","items":[["it is 10 bytes long"],["nobody writes to it"]]}
      {"kind":"heading","text":"Exactly what will run"}
      {"kind":"preformatted","title":"1. claim (its script stands below)","text":"sh -s -- /save f1"}
      {"kind":"preformatted","title":"2. empty","text":"truncate -s 0 '/var/log/it'\\\\''s.log'"}
      {"kind":"preformatted","title":"Script of step claim","text":"claim it\\n"}"
    `);
  });

  it('asks to accept a loss in words when nothing can be saved', () => {
    expect(ofSaved(LOSS)).toMatchInlineSnapshot(`
      "{"id":"fix.request","title":"Review fix","inputs":[{"id":"loss","label":"Nothing can be saved. To accept the loss type: lose it","hint":"Exactly these words. They are kept in the record."}],"submit":"Request approval","metadata":"inc-1 f1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
      {"kind":"paragraph","content":[{"text":"empty /var/log/it.log","style":"bold"}]}
      {"kind":"fields","items":[{"label":"Host","value":"web-1 (10.0.0.1)"},{"label":"Now","value":"10 bytes"},{"label":"Saved first","value":"nothing: the content is lost for good (\\"lose it\\")"},{"label":"Undo","value":"nothing is changed"},{"label":"Afterwards","value":"the file is empty"}]}
      {"kind":"paragraph","content":["One person must approve: ",{"user":"UBEN"},". But not who requested it, ran the diagnosis or declared the incident."," Void 15 minutes after the request."]}
      {"kind":"context","content":["Digest 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef. The host is looked at again before it runs."]}
      {"kind":"heading","text":"What will run, in short"}
      {"kind":"preformatted","text":""}
      {"kind":"list","items":[]}
      {"kind":"heading","text":"Found on the host"}
      {"kind":"list","items":[["it is 10 bytes long"],["nobody writes to it"]]}
      {"kind":"heading","text":"Exactly what will run"}"
    `);
  });

  it('says that a copy goes into the incident', () => {
    expect(ofSaved(KEPT)).toMatchInlineSnapshot(`
      "{"id":"fix.request","title":"Review fix","inputs":[],"submit":"Request approval","metadata":"inc-1 f1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
      {"kind":"paragraph","content":[{"text":"empty /var/log/it.log","style":"bold"}]}
      {"kind":"fields","items":[{"label":"Host","value":"web-1 (10.0.0.1)"},{"label":"Now","value":"10 bytes"},{"label":"Saved first","value":"its last lines, into this incident as f1-it.log"},{"label":"Undo","value":"nothing is changed"},{"label":"Afterwards","value":"the file is empty"}]}
      {"kind":"paragraph","content":["One person must approve: ",{"user":"UBEN"},". But not who requested it, ran the diagnosis or declared the incident."," Void 15 minutes after the request."]}
      {"kind":"context","content":["Digest 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef. The host is looked at again before it runs."]}
      {"kind":"heading","text":"What will run, in short"}
      {"kind":"preformatted","text":""}
      {"kind":"list","items":[]}
      {"kind":"heading","text":"Found on the host"}
      {"kind":"list","items":[["it is 10 bytes long"],["nobody writes to it"]]}
      {"kind":"heading","text":"Exactly what will run"}"
    `);
  });

  it('says when nothing needs saving', () => {
    expect(ofSaved(UNSAVED)).toMatchInlineSnapshot(`
      "{"id":"fix.request","title":"Review fix","inputs":[],"submit":"Request approval","metadata":"inc-1 f1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
      {"kind":"paragraph","content":[{"text":"empty /var/log/it.log","style":"bold"}]}
      {"kind":"fields","items":[{"label":"Host","value":"web-1 (10.0.0.1)"},{"label":"Now","value":"10 bytes"},{"label":"Saved first","value":"nothing needs saving"},{"label":"Undo","value":"nothing is changed"},{"label":"Afterwards","value":"the file is empty"}]}
      {"kind":"paragraph","content":["One person must approve: ",{"user":"UBEN"},". But not who requested it, ran the diagnosis or declared the incident."," Void 15 minutes after the request."]}
      {"kind":"context","content":["Digest 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef. The host is looked at again before it runs."]}
      {"kind":"heading","text":"What will run, in short"}
      {"kind":"preformatted","text":""}
      {"kind":"list","items":[]}
      {"kind":"heading","text":"Found on the host"}
      {"kind":"list","items":[["it is 10 bytes long"],["nobody writes to it"]]}
      {"kind":"heading","text":"Exactly what will run"}"
    `);
  });

  it('says that nothing was changed when there is no plan', () => {
    expect(lines(unplannedForm('Empty a log', 'It is empty.'))).toMatchInlineSnapshot(`
      "{"id":"fix.unplanned","title":"Review fix","inputs":[],"metadata":""}
      {"kind":"paragraph","content":[{"text":"Nothing to approve.","style":"bold"}," It is empty."]}
      {"kind":"context","content":["Empty a log",". Nothing was changed."]}"
    `);
  });
});

describe('the steps of a plan', () => {
  it('stand above the scripts; one that several share stands there once', () => {
    const second: Step = { ...CLAIM, id: 'save', argv: ['sh', '-s', '--', 'b'] };
    const other = { ...EMPTY, id: 'check', stdin: 'look\n' };
    const steps = [EMPTY, CLAIM, { ...EMPTY, id: 'sync' }, second, other];
    const { blocks: all } = reviewForm({ ...REVIEW, plan: { ...PLAN, steps } });
    const blocks = all.slice(-8);
    expect(lines({ summary: '', blocks })).toMatchInlineSnapshot(`
      "{"summary":""}
      {"kind":"heading","text":"Exactly what will run"}
      {"kind":"preformatted","title":"1. empty","text":"truncate -s 0 '/var/log/it'\\\\''s.log'"}
      {"kind":"preformatted","title":"2. claim (its script stands below)","text":"sh -s -- /save f1"}
      {"kind":"preformatted","title":"3. sync","text":"truncate -s 0 '/var/log/it'\\\\''s.log'"}
      {"kind":"preformatted","title":"4. save (its script stands below)","text":"sh -s -- b"}
      {"kind":"preformatted","title":"5. check (its script stands below)","text":"truncate -s 0 '/var/log/it'\\\\''s.log'"}
      {"kind":"preformatted","title":"Script of steps claim, save","text":"claim it\\n"}
      {"kind":"preformatted","title":"Script of step check","text":"look\\n"}"
    `);
  });
});

describe('who decides', () => {
  it.each([
    [1, false, undefined, 'One person must approve: ', OTHERS_ONLY],
    [2, false, undefined, '2 different people must approve: ', OTHERS_ONLY],
    [
      1,
      true,
      15,
      'One person must approve: ',
      '. The requester MAY approve too: the configuration allows self-approval here.',
    ],
  ] as const)(
    'are %i people, self-approval %s, void after %s minutes',
    (required, self, minutes, who, rule) => {
      const terms = { required, selfApproval: self };
      const given = minutes === undefined ? terms : { ...terms, expiresMinutes: minutes };
      expect(termsInlines(given, ['UBEN'])).toEqual([
        who,
        { user: 'UBEN' },
        rule,
        ...(minutes === undefined ? [] : [' Void 15 minutes after the request.']),
      ]);
    },
  );

  it('is written as mentions of users and groups, or as nobody', () => {
    expect(peopleInlines(['UBEN', 'SOPS', 'WS1'])).toEqual([
      { user: 'UBEN' },
      ', ',
      { group: 'SOPS' },
      ', ',
      { user: 'WS1' },
    ]);
    expect(peopleInlines([])).toEqual(['nobody else is in access.approvers']);
  });
});
