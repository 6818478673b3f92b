import { describe, expect, it } from 'vitest';
import { checkMail } from '../../../src/app/cli/check-mail.ts';
import { parseConfig } from '../../../src/config/load-config.ts';
import { createFakeMailer } from '../../support/fake-mailer.ts';

function config(email: string) {
  const text = `hosts: { host-17: { address: 127.0.0.1, user: ops } }\n${email}`;
  return parseConfig(text, { file: '/etc/housecall.yaml', env: {} });
}

describe('housecall check', () => {
  it('says that the mail server takes our login', async () => {
    const email = 'email: { smtpUrl: smtps://mail.example.org, from: hc@example.org }';
    expect(await checkMail(config(email), createFakeMailer)).toEqual([
      { area: 'mail', verdict: 'good', text: 'takes e-mails from hc@example.org' },
    ]);
  });

  it('says why it does not', async () => {
    const mailer = createFakeMailer();
    mailer.fail();
    const email = 'email: { smtpUrl: smtps://mail.example.org, from: hc@example.org }';
    expect(await checkMail(config(email), () => mailer)).toMatchObject([
      { area: 'mail', verdict: 'bad', text: expect.stringContaining('no answer') },
    ]);
  });

  it('says that stakeholders, or a server, alone are not enough', async () => {
    const lines = async (email: string) => checkMail(config(email), createFakeMailer);
    expect(await lines('email: { stakeholders: [ops@example.org] }')).toMatchObject([
      { verdict: 'bad', text: expect.stringContaining('email.smtpUrl is not set') },
    ]);
    expect(await lines('email: { smtpUrl: smtps://mail.example.org }')).toMatchObject([
      { verdict: 'bad', text: expect.stringContaining('email.from is not set') },
    ]);
    expect(await lines('')).toEqual([]);
  });
});
