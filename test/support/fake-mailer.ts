import { HousecallError } from '../../src/core/errors.ts';
import type { Mail, Mailer } from '../../src/ports/mailer.ts';

export interface FakeMailer extends Mailer {
  /** What went out, with those it reached. */
  readonly sent: readonly Mail[];
  /** The server does not take this address. */
  refuse(address: string): void;
  /** The server is away for the next mails. */
  fail(times?: number): void;
}

/** The mailer in memory, with the rules of the real one that workflows can notice. */
export function createFakeMailer(): FakeMailer {
  const sent: Mail[] = [];
  const refusing = new Set<string>();
  let failing = 0;
  return {
    sent,
    refuse: (address) => void refusing.add(address),
    fail: (times = 1) => {
      failing = times;
    },
    async send(mail) {
      if (failing > 0) {
        failing -= 1;
        throw new HousecallError('MAIL_UNAVAILABLE', `e-mail "${mail.subject}": no answer`);
      }
      const refused = mail.to
        .filter((address) => refusing.has(address) || !address.includes('@'))
        .map((address) => ({ address, reason: '550 mailbox unavailable' }));
      const to = mail.to.filter((address) => !refused.some((one) => one.address === address));
      if (to.length === 0) {
        const names = mail.to.join(', ');
        throw new HousecallError(
          'MAIL_REFUSED',
          `e-mail "${mail.subject}": not taken for ${names}`,
        );
      }
      sent.push({ ...mail, to });
      return { refused };
    },
    check: async () => {
      if (failing > 0) throw new HousecallError('MAIL_UNAVAILABLE', 'mail server: no answer');
    },
    close: async () => {},
  };
}
