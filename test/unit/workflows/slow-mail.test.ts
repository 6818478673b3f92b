import { expect, it, vi } from 'vitest';
import type { Mailer } from '../../../src/ports/mailer.ts';
import { deliverOutbox } from '../../../src/workflows/outbox/deliver-outbox.ts';
import { pagePeople } from '../../../src/workflows/paging/page-people.ts';
import { ADA, createPagingSite, GRACE, LINUS } from '../../support/paging-site.ts';

it('a mail server that does not answer holds up no page in the chat', async () => {
  const site = createPagingSite();
  const stream = await site.open();
  let answer = (): void => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const send = vi.fn<Mailer['send']>(async () => {
    await answered;
    return { refused: [] };
  });
  const deps = { ...site.deps, mailer: { ...site.mailer, send } };
  const stop = new AbortController();
  const sender = deliverOutbox(deps, stop.signal);
  try {
    const call = { stream, person: { team: 'T1', user: ADA } };
    await pagePeople(deps, { ...call, people: [GRACE] });
    await vi.waitFor(() => expect(send).toHaveBeenCalledOnce(), 10_000);
    await pagePeople(deps, { ...call, people: [LINUS] });
    await vi.waitFor(() => expect(site.told(LINUS)).toHaveLength(1), 10_000);
    answer();
    // One after the other, as ever: the second was not begun before the first was done.
    await vi.waitFor(() => expect(send).toHaveBeenCalledTimes(2), 10_000);
  } finally {
    answer();
    stop.abort();
    await sender;
  }
});
