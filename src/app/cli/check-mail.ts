import type { Config } from '../../config/load-config.ts';
import type { Mailer } from '../../ports/mailer.ts';
import { type CheckLine, errorLine } from './check-lines.ts';

/** Whether e-mails would go out: nothing to say where none are configured. */
export async function checkMail(
  { email }: Config,
  create: (config: { smtpUrl: string; from: string }) => Mailer,
): Promise<readonly CheckLine[]> {
  const area = 'mail';
  const { smtpUrl, from, stakeholders = [] } = email ?? {};
  if (smtpUrl === undefined) {
    const text = 'email.smtpUrl is not set: email.stakeholders get no e-mail';
    return stakeholders.length === 0 ? [] : [{ area, verdict: 'bad', text }];
  }
  if (from === undefined) {
    const text = 'email.from is not set: no e-mail is sent without a sender';
    return [{ area, verdict: 'bad', text }];
  }
  const mailer = create({ smtpUrl, from });
  try {
    await mailer.check();
    return [{ area, verdict: 'good', text: `takes e-mails from ${from}` }];
  } catch (error) {
    return [errorLine(area, error)];
  } finally {
    await mailer.close();
  }
}
