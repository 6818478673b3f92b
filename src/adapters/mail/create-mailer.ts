import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { HousecallError } from '../../core/errors.ts';
import { sanitiseLine } from '../../core/sanitise.ts';
import type { Mail, Mailer, MailReceipt } from '../../ports/mailer.ts';
import { mailError, reasonOf } from './mail-error.ts';
import { mailHtml } from './mail-html.ts';
import { mailText } from './mail-text.ts';
import { serverName, smtpOptions } from './smtp-options.ts';

export interface MailConfig {
  /** `smtps://user:password@mail.example.org`; see `smtpOptions` for TLS. */
  readonly smtpUrl: string;
  /** Address of the sender. */
  readonly from: string;
  /** How long one mail may take in all. Default: a minute. */
  readonly timeoutMs?: number;
}

/** Every server takes so many recipients of one mail (RFC 5321, 4.5.3.1.8). */
const BATCH = 100;
const LONGEST_SUBJECT = 200;
/** No commas, brackets, quotes or white space: nothing that could be read as a second address. */
const ADDRESS = /^[^\s@<>(),;:"\\[\]\p{Cc}]{1,64}@[^\s@<>(),;:"\\[\]\p{Cc}]{1,253}$/u;

type Refused = MailReceipt['refused'][number];

/** E-mail by SMTP, over a few connections that are kept. */
export function createMailer({ smtpUrl, from, timeoutMs = 60_000 }: MailConfig): Mailer {
  const transport = createTransport(smtpOptions(smtpUrl), {});
  const server = serverName(smtpUrl);
  const domain = from.slice(from.lastIndexOf('@') + 1);

  /** One mail for several, none of whom sees the others. @throws when the server takes it for nobody. */
  const sendTo = async (mail: Mail, to: readonly string[]): Promise<readonly Refused[]> => {
    const { rejected, rejectedErrors = [] } = await transport.sendMail({
      from: { name: 'Housecall', address: from },
      to: to.length === 1 ? [...to] : 'undisclosed-recipients:;',
      envelope: { from, to: [...to] },
      subject: sanitiseLine(mail.subject).slice(0, LONGEST_SUBJECT),
      text: mailText(mail.document),
      html: mailHtml(mail.document),
      messageId: messageId(mail, domain),
      inReplyTo: threadId(mail, domain),
      references: [threadId(mail, domain)],
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    return rejected.map((address) => {
      const error = rejectedErrors.find(({ recipient }) => recipient === address);
      return {
        address,
        reason: error === undefined ? 'refused' : reasonOf(error),
      };
    });
  };

  return {
    async send(mail) {
      const wanted = [...new Set(mail.to)];
      const good = wanted.filter((address) => ADDRESS.test(address));
      const bad = wanted
        .filter((address) => !good.includes(address))
        .map((address) => ({ address: sanitiseLine(address), reason: 'not an e-mail address' }));
      const what = `e-mail "${sanitiseLine(mail.subject)}" by ${server}`;
      const refused: Refused[] = [...bad];
      let taken = 0;
      for (let n = 0; n < good.length; n += BATCH) {
        const batch = good.slice(n, n + BATCH);
        try {
          const left = await sendTo(mail, batch);
          refused.push(...left);
          taken += batch.length - left.length;
        } catch (error) {
          const known = mailError(what, error);
          if (known.retryable || !isAboutMail(error)) throw known;
          refused.push(...batch.map((address) => ({ address, reason: reasonOf(error) })));
        }
      }
      if (taken === 0) {
        const named = refused.map(({ address, reason }) => `${address} (${reason})`).slice(0, 5);
        throw new HousecallError('MAIL_REFUSED', `${what}: not taken for ${named.join(', ')}`, {
          context: { refused: refused.length },
        });
      }
      return { refused };
    },
    async check() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(new Error(`no answer in ${timeoutMs / 1000} s`)),
          timeoutMs,
        );
      });
      try {
        await Promise.race([transport.verify(), late]);
      } catch (error) {
        throw mailError(`mail server ${server}`, error);
      } finally {
        clearTimeout(timer);
      }
    },
    async close() {
      transport.close();
    },
  };
}

/** The server minds these recipients or this mail, not how it is spoken to. */
function isAboutMail(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return code === 'EENVELOPE' || code === 'EMESSAGE';
}

/** The same mail has the same name, so that a copy sent twice is shown once. */
function messageId({ id, thread, subject }: Mail, domain: string): string {
  const hash = createHash('sha256').update(JSON.stringify([id, thread, subject, domain]));
  return `<${hash.digest('hex').slice(0, 32)}@${domain}>`;
}

/** What all mails of an incident answer to: they stand together, although nobody ever sent it. */
function threadId({ thread }: Mail, domain: string): string {
  const hash = createHash('sha256').update(JSON.stringify([thread, domain]));
  return `<incident-${hash.digest('hex').slice(0, 32)}@${domain}>`;
}
