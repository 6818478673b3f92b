import { describe, expect, it } from 'vitest';
import {
  fixLostDocument,
  fixRoomDocument,
  notPermanent,
} from '../../../src/core/approval/fix-document.ts';
import { lines, REQUEST, sampleFix, VERIFIED } from './sample-fixes.ts';

describe('the line of a fix in the room', () => {
  it('has no next step before the fix has ended', () => {
    expect(lines(fixRoomDocument(sampleFix()))).toMatchInlineSnapshot(`
      "{"summary":"truncate-log on web-1: under review"}
      {"kind":"paragraph","content":["truncate-log on web-1: under review"]}"
    `);
    const pending = sampleFix({ status: 'pending', request: REQUEST });
    expect(lines(fixRoomDocument(pending))).toMatchInlineSnapshot(`
      "{"summary":"Approval needed: empty /var/log/it.log","status":"warning"}
      {"kind":"paragraph","content":["Approval needed: empty /var/log/it.log"]}"
    `);
  });

  it.each([
    [
      'verified',
      '["Next: ",LOOK," looks again; ",{"text":"/incident resolve","style":"code"}," when the incident is over."]',
    ],
    ['stale', '["Next: ",LOOK," looks again; a new finding has a new Review fix."]'],
    ['ineffective', '["Next: ",LOOK," looks again."]'],
    ['failed', '["Next: what each step said stands in the thread."]'],
    ['unknown', '["Next: look at the host; what each step said stands in the thread."]'],
  ] as const)('says what to do next when it is %s', (outcome, next) => {
    const result = { ...VERIFIED, outcome };
    const { blocks } = fixRoomDocument(sampleFix({ status: 'finished', result }));
    const look = '{"text":"/diag disk web-1","style":"code"}';
    expect(JSON.stringify(blocks[1])).toBe(
      `{"kind":"context","content":${next.replace('LOOK', look)}}`,
    );
    expect(blocks).toHaveLength(2);
  });

  it('says that a change is not permanent, and when it is lost', () => {
    const result = { ...VERIFIED, lostWhen: 'the container restarts' };
    expect(
      lines(fixRoomDocument(sampleFix({ status: 'finished', result }))),
    ).toMatchInlineSnapshot(`
      "{"summary":"Fixed: truncate-log on web-1: the file is empty","status":"ok"}
      {"kind":"paragraph","content":["Fixed: truncate-log on web-1: the file is empty"]}
      {"kind":"context","content":["Not permanent: it is lost when the container restarts. Housecall looks again while the incident is open. Next: make it permanent; the finding says how."]}"
    `);
    expect(notPermanent('it reboots')).toMatchInlineSnapshot(
      `"Not permanent: it is lost when it reboots. Housecall looks again while the incident is open. Next: make it permanent; the finding says how."`,
    );
  });
});

describe('the message of a change that did not last', () => {
  const lost = { at: VERIFIED.at, certain: true, reason: 'the container restarted' };

  it('says that it is lost, and offers to review it again', () => {
    expect(lines(fixLostDocument(sampleFix({ lost }), 'inc-1 r1'))).toMatchInlineSnapshot(`
      "{"summary":"Lost: truncate-log on web-1 does not hold any more: the container restarted","status":"critical"}
      {"kind":"paragraph","content":["Lost: truncate-log on web-1 does not hold any more: the container restarted"]}
      {"kind":"actions","actions":[{"action":"fix.review","label":"Review fix: truncate-log","value":"inc-1 r1","style":"primary"}]}
      {"kind":"context","content":["Housecall looks at the host again: what the loss leads to may need a while to show."]}"
    `);
    expect(lines(fixLostDocument(sampleFix({ lost })))).toMatchInlineSnapshot(`
      "{"summary":"Lost: truncate-log on web-1 does not hold any more: the container restarted","status":"critical"}
      {"kind":"paragraph","content":["Lost: truncate-log on web-1 does not hold any more: the container restarted"]}
      {"kind":"context","content":["Housecall looks at the host again: what the loss leads to may need a while to show."]}"
    `);
  });

  it('says that it cannot be seen, which is no loss yet', () => {
    const unsure = sampleFix({ lost: { ...lost, certain: false } });
    expect(lines(fixLostDocument(unsure))).toMatchInlineSnapshot(`
      "{"summary":"Whether truncate-log on web-1 still holds cannot be seen any more: the container restarted","status":"unknown"}
      {"kind":"paragraph","content":["Whether truncate-log on web-1 still holds cannot be seen any more: the container restarted"]}
      {"kind":"context","content":["Housecall looks at the host again, and watches on."]}"
    `);
  });

  it('claims no loss when none is on record', () => {
    expect(lines(fixLostDocument(sampleFix()))).toMatchInlineSnapshot(`
      "{"summary":"Whether truncate-log on web-1 still holds cannot be seen any more: ","status":"unknown"}
      {"kind":"paragraph","content":["Whether truncate-log on web-1 still holds cannot be seen any more: "]}
      {"kind":"context","content":["Housecall looks at the host again, and watches on."]}"
    `);
  });
});
