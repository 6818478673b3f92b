import { describe, expect, it } from 'vitest';
import type { Mail, Mailer } from '../../src/ports/mailer.ts';

export interface MailerSubject {
  readonly mailer: Mailer;
  /** Subject and reached addresses of what arrived, oldest first. */
  arrived(): readonly { readonly subject: string; readonly to: readonly string[] }[];
  /** This address is not taken, for good. */
  refuse(address: string): void;
  /** The server fails the next mail, for now. */
  fail(): void;
}

export function mail(more: Partial<Mail> = {}): Mail {
  return {
    id: '20261120-1/12/3',
    to: ['ada@example.org'],
    subject: 'SEV2: disk full on host-17',
    thread: '20261120-1',
    document: {
      summary: 'SEV2: disk full on host-17. /var is 100 % full',
      status: 'critical',
      blocks: [{ kind: 'paragraph', content: ['/var is 100 % full'] }],
    },
    ...more,
  };
}

/** What every mailer does. */
export function mailerContract(name: string, open: () => Promise<MailerSubject>): void {
  describe(`${name} as a mailer`, () => {
    it('brings a mail to everybody whose address it is given', async () => {
      const subject = await open();
      const to = ['ada@example.org', 'grace@example.org'];
      expect(await subject.mailer.send(mail({ to }))).toEqual({ refused: [] });
      expect(subject.arrived()).toEqual([{ subject: 'SEV2: disk full on host-17', to }]);
    });

    it('names those whose address is not taken; the others have the mail', async () => {
      const subject = await open();
      subject.refuse('gone@example.org');
      const to = ['gone@example.org', 'ada@example.org', 'not an address'];
      const { refused } = await subject.mailer.send(mail({ to }));
      expect(refused.map(({ address }) => address).toSorted()).toEqual([
        'gone@example.org',
        'not an address',
      ]);
      expect(subject.arrived().map((one) => one.to)).toEqual([['ada@example.org']]);
    });

    it('refuses for good what is taken for nobody, and says for whom', async () => {
      const subject = await open();
      subject.refuse('gone@example.org');
      await expect(subject.mailer.send(mail({ to: ['gone@example.org'] }))).rejects.toMatchObject({
        code: 'MAIL_REFUSED',
        retryable: false,
        message: expect.stringContaining('gone@example.org'),
      });
      expect(subject.arrived()).toEqual([]);
    });

    it('says that a failure passes when the server says so, and sends when it has passed', async () => {
      const subject = await open();
      subject.fail();
      await expect(subject.mailer.send(mail())).rejects.toMatchObject({
        code: 'MAIL_UNAVAILABLE',
        retryable: true,
      });
      await subject.mailer.send(mail());
      expect(subject.arrived()).toHaveLength(1);
    });

    it('is good when asked, and can be closed', async () => {
      const subject = await open();
      await expect(subject.mailer.check()).resolves.toBeUndefined();
      await expect(subject.mailer.close()).resolves.toBeUndefined();
    });
  });
}
