import { describe, expect, it } from 'vitest';
import { pagePeople } from '../../../src/workflows/paging/page-people.ts';
import { ADA, createPagingSite, GRACE, LINUS, ON_CALL } from '../../support/paging-site.ts';

const BY_ADA = { team: 'T1', user: ADA };

describe('/incident page', () => {
  it('calls a user group and a person now, whatever the hour, and the room sees who asked', async () => {
    const site = createPagingSite({
      quietHours: { from: '00:00', to: '23:59', timeZone: 'UTC' },
    });
    const stream = await site.open();
    await pagePeople(site.deps, { stream, person: BY_ADA, people: [ON_CALL, GRACE] });
    await site.settle();
    for (const user of [GRACE, LINUS]) expect(site.told(user)).toHaveLength(1);
    expect(site.told(GRACE)[0]?.text).toContain('You were paged by');
    expect(site.mailer.sent.map(({ to }) => to)).toEqual([
      ['grace@example.org', 'linus@example.org'],
    ]);
    const [line] = site.room(stream).flatMap(({ document }) => {
      const [first] = document?.blocks ?? [];
      return first?.kind === 'paragraph' && first.content.some((part) => part === ' paged by ')
        ? [first.content]
        : [];
    });
    expect(line?.slice(0, 5)).toEqual([
      { group: ON_CALL },
      ', ',
      { user: GRACE },
      ' paged by ',
      { user: ADA },
    ]);
  });

  it('does so when somebody has acknowledged already, without a button; the ladder stays stopped', async () => {
    const site = createPagingSite();
    const stream = await site.open();
    await site.change(stream, { change: 'ack' });
    await pagePeople(site.deps, { stream, person: BY_ADA, people: [GRACE] });
    await site.settle();
    expect(site.told(GRACE)).toHaveLength(1);
    expect(site.told(GRACE)[0]?.document?.blocks.some(({ kind }) => kind === 'actions')).toBe(
      false,
    );
    await site.pass(20);
    expect(site.told(ADA)).toEqual([]);
  });

  it('names people in the e-mail, where a mention would be an id', async () => {
    const site = createPagingSite();
    const stream = await site.open();
    await pagePeople(site.deps, { stream, person: BY_ADA, people: [GRACE] });
    await site.settle();
    const text = JSON.stringify(site.mailer.sent[0]?.document);
    expect(text).toContain('"ada"');
    expect(text).not.toContain(ADA);
  });

  it.each([
    ['a bot', { bot: true }, 'carol (UCAROL) is a bot'],
    ['a deactivated account', { uncallable: 'is deactivated' }, 'carol (UCAROL) is deactivated'],
    [
      'a stranger of a shared channel',
      { mayAct: false, uncallable: 'is of another organisation' },
      'carol (UCAROL) is of another organisation',
    ],
  ])('refuses %s by name, and pages nobody at all', async (_, carol, words) => {
    const site = createPagingSite();
    const stream = await site.open();
    site.chat.addPerson('UCAROL', { name: 'carol', ...carol });
    const people = [GRACE, 'UCAROL'];
    await expect(pagePeople(site.deps, { stream, person: BY_ADA, people })).rejects.toMatchObject({
      code: 'USAGE',
      message: `/incident page: ${words}; nobody was paged`,
    });
    await site.settle();
    expect(site.told(GRACE)).toEqual([]);
    expect((await site.incident(stream)).incident?.pages).toEqual([]);
  });

  it('calls a guest, and whoever Slack cannot be asked about, and says so', async () => {
    const site = createPagingSite();
    const stream = await site.open();
    site.chat.addPerson('UGUEST', { name: 'guest', mayAct: false });
    await pagePeople(site.deps, { stream, person: BY_ADA, people: ['UGUEST'] });
    site.chat.fail({ method: 'person', kind: 'unavailable' });
    await pagePeople(site.deps, { stream, person: BY_ADA, people: [LINUS] });
    await site.settle();
    expect([site.told('UGUEST').length, site.told(LINUS).length]).toEqual([1, 1]);
    const texts = site.room(stream).map(({ text }) => text);
    expect(texts.join('\n')).toContain('who ULINUS is could not be asked (');
    expect(texts.join('\n')).toContain('guest (UGUEST) is a guest and cannot acknowledge');
  });

  it('calls the guests of a user group, too, and no bot or deactivated account', async () => {
    const site = createPagingSite();
    const stream = await site.open();
    site.chat.addPerson('UGUEST', { name: 'guest', mayAct: false });
    site.chat.addPerson('UBOT', { name: 'bot', bot: true });
    site.chat.addPerson('UGONE', { name: 'gone', mayAct: false, uncallable: 'is deactivated' });
    site.chat.addGroup('SNIGHT', ['UGUEST', 'UBOT', 'UGONE']);
    await pagePeople(site.deps, { stream, person: BY_ADA, people: ['SNIGHT'] });
    expect((await site.incident(stream)).incident?.pages[0]?.called).toEqual(['UGUEST']);
  });

  it('pages nobody for an incident that is closed or not there, and says so', async () => {
    const site = createPagingSite();
    const page = (stream: string): Promise<void> =>
      pagePeople(site.deps, { stream, person: BY_ADA, people: [GRACE] });
    await expect(page('20261120-99')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
