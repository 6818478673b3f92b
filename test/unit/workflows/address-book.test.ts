import { describe, expect, it } from 'vitest';
import { createAddressBook } from '../../../src/workflows/paging/address-book.ts';
import { createFakeChat } from '../../support/fake-chat.ts';
import { createPagingSite, GRACE, LINUS, ON_CALL } from '../../support/paging-site.ts';

describe('the people of the ladder', () => {
  it('are known by what Slack said last while it is away', async () => {
    const chat = createFakeChat();
    chat.addPerson('UADA', { name: 'Ada', email: 'ada@example.org' });
    chat.addGroup('SONCALL', ['UADA']);
    const book = createAddressBook(chat);
    await book.learn(['SONCALL', 'UNOBODY']);
    chat.fail({ method: 'members', kind: 'unavailable', times: 9 });
    chat.fail({ method: 'person', kind: 'unavailable', times: 9 });
    expect(await book.members('SONCALL')).toEqual(['UADA']);
    expect((await book.person('UADA')).email).toBe('ada@example.org');
    await expect(book.members('SOTHER')).rejects.toMatchObject({ code: 'CHAT_UNAVAILABLE' });
  });

  it('get their e-mails while Slack is away', async () => {
    const site = createPagingSite({ immediate: ['SEV2'] });
    await site.open();
    await site.deps.book.learn([ON_CALL, 'UADA']);
    for (const method of ['members', 'person', 'post', 'invite'] as const) {
      site.chat.fail({ method, kind: 'unavailable', times: 1_000 });
    }
    await site.pass(1);
    expect(site.mailer.sent.map(({ to }) => to)).toEqual([
      ['ada@example.org', 'grace@example.org', 'linus@example.org'],
    ]);
    for (const user of [GRACE, LINUS]) expect(site.told(user)).toEqual([]);
  });

  it('of whom some are not known get their e-mails all the same, after a few tries', async () => {
    const site = createPagingSite({ immediate: ['SEV2'] });
    await site.open();
    await site.deps.book.learn(['UADA']);
    site.chat.fail({ method: 'members', kind: 'unavailable', times: 1_000 });
    site.chat.fail({ method: 'person', kind: 'unavailable', times: 1_000 });
    await site.pass(2);
    expect(site.mailer.sent.map(({ to }) => to)).toContainEqual(['ada@example.org']);
  });
});
