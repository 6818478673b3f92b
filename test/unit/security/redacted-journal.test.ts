import { describe, expect, it } from 'vitest';
import { verifyChain } from '../../../src/core/audit/chain.ts';
import type { CaseEvent } from '../../../src/core/incident/event.ts';
import { HOUSECALL } from '../../../src/core/person.ts';
import { redact } from '../../../src/core/redaction/redact.ts';
import { redactedJournal } from '../../../src/workflows/record/redacted-journal.ts';
import { createFakeStore } from '../../support/fake-journal.ts';
import { ALERT, sampleRecords } from '../../support/sample-case.ts';
import { sha256 } from '../../support/sha256.ts';

const ID = '20261120-7';
const SECRET = 'password=hunter2';

async function committed(events: readonly CaseEvent[]) {
  const store = createFakeStore();
  const journal = redactedJournal(store.journal, redact);
  const result = await journal.commit({
    stream: ID,
    expectedSeq: 0,
    at: '2026-11-20T12:00:00.000Z',
    actor: HOUSECALL,
    events,
    chat: [
      {
        lane: `room:${ID}`,
        operation: {
          op: 'message.post',
          key: 'k',
          document: {
            summary: SECRET,
            blocks: [
              { kind: 'paragraph', content: [{ text: SECRET, style: 'code' }] },
              {
                kind: 'actions',
                actions: [{ action: 'fix.review', label: 'Review', value: 'token=abc123' }],
              },
            ],
          },
        },
      },
    ],
  });
  return { store, journal, result, records: await journal.read(ID) };
}

describe('a journal that keeps no secret', () => {
  it('redacts what an alert says, and leaves the identity it is found by', async () => {
    const alert = {
      ...ALERT,
      fingerprint: SECRET,
      title: SECRET,
      description: SECRET,
      labels: { a: SECRET },
    };
    const { records } = await committed([
      { type: 'alert.received', alert, hosts: ['host-17'], delivery: 'd' },
    ]);
    const [record] = records;
    expect(record?.event).toMatchObject({
      alert: { fingerprint: SECRET, title: 'password=[redacted:secret]' },
    });
    expect(JSON.stringify(record).split('hunter2')).toHaveLength(2);
  });

  it('hashes what it keeps, so that the chain holds', async () => {
    const { records, result } = await committed([
      { type: 'incident.mitigated', reason: SECRET },
      { type: 'incident.reopened', reason: SECRET },
    ]);
    expect(result).toEqual({ ok: true, records });
    expect(verifyChain(records, sha256)).toMatchObject({ ok: true });
    expect(JSON.stringify(records)).not.toContain('hunter2');
  });

  it('redacts what is said in the chat, and not what a click sends', async () => {
    const { store } = await committed([{ type: 'incident.closing' }]);
    const row = await store.outbox.lease('me', 60);
    expect(JSON.stringify(row)).not.toContain('hunter2');
    expect(JSON.stringify(row)).toContain('token=abc123');
  });

  it('changes nothing in a plan, which is approved by its digest', async () => {
    const planned = sampleRecords()
      .map(({ event }) => event)
      .find((event) => event.type === 'fix.planned');
    const plan = planned?.type === 'fix.planned' ? planned.plan : undefined;
    expect(plan).toBeDefined();
    const event: CaseEvent = {
      type: 'fix.planned',
      fix: 'f',
      plan: { ...(plan as NonNullable<typeof plan>), summary: SECRET },
      digest: 'd',
      before: null,
    };
    const { records } = await committed([event]);
    expect(records[0]?.event).toEqual(event);
  });

  it('leaves an event without a secret as it is', async () => {
    const events = sampleRecords().map(({ event }) => event);
    const { records } = await committed(events);
    expect(records.map(({ event }) => event)).toEqual(events);
  });
});
