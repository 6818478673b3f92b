import { afterEach, describe, expect, it } from 'vitest';
import { createMailer } from '../../src/adapters/mail/create-mailer.ts';
import type { Mailer } from '../../src/ports/mailer.ts';
import { mail, mailerContract } from '../contract/mailer.contract.ts';
import { startSmtpServer, type TestSmtpServer } from '../support/smtp-server.ts';

const FROM = 'housecall@example.org';
const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
});

async function start(
  options: Parameters<typeof startSmtpServer>[0] = {},
): Promise<{ server: TestSmtpServer; mailer: Mailer }> {
  const server = await startSmtpServer(options);
  undo.push(() => server.close());
  const mailer = createMailer({ smtpUrl: server.url, from: FROM });
  undo.push(() => mailer.close());
  return { server, mailer };
}

mailerContract('SMTP', async () => {
  const { server, mailer } = await start();
  return {
    mailer,
    arrived: () =>
      server.mails.map(({ email, recipients }) => ({
        subject: email.subject ?? '',
        to: recipients,
      })),
    refuse: (address) => server.refuse(address, 550),
    fail: () => server.failData(451),
  };
});

describe('a mail as it arrives', () => {
  it('is text and HTML with the answer first, fetches nothing, and answers no machine', async () => {
    const { server, mailer } = await start();
    await mailer.send(
      mail({
        document: {
          summary: 'SEV2: disk full. /var is 100 % full',
          status: 'critical',
          blocks: [
            { kind: 'paragraph', content: [{ text: 'SEV2: disk full', style: 'bold' }] },
            { kind: 'fields', items: [{ label: 'Hosts', value: 'host-17' }] },
            {
              kind: 'paragraph',
              content: [{ link: 'https://wiki.example.org/disk', text: 'Runbook' }],
            },
          ],
        },
      }),
    );
    const [received] = server.mails;
    expect(received?.email.text?.split('\n')[0]).toBe('SEV2: disk full');
    expect(received?.email.text).toContain('Runbook <https://wiki.example.org/disk>');
    const html = received?.email.html ?? '';
    expect(html.indexOf('SEV2: disk full. /var is 100 % full')).toBeLessThan(html.indexOf('<b>'));
    expect(html).toContain('<a href="https://wiki.example.org/disk">Runbook</a>');
    expect(html).not.toMatch(/<(?:img|link|script|iframe)|url\(/i);
    expect(received?.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(received?.from).toBe(FROM);
  });

  it('shows nobody who else got it', async () => {
    const { server, mailer } = await start();
    await mailer.send(mail({ to: ['ada@example.org', 'grace@example.org'] }));
    expect(server.mails[0]?.recipients).toEqual(['ada@example.org', 'grace@example.org']);
    expect(server.mails[0]?.raw).not.toMatch(/ada@|grace@/);
    expect(server.mails[0]?.raw).toMatch(/^To: "?undisclosed-recipients"?:;/im);
  });

  it('has the same name when it is sent again, another for another row, and one thread per incident', async () => {
    const { server, mailer } = await start();
    await mailer.send(mail());
    await mailer.send(mail());
    await mailer.send(mail({ id: '20261120-1/14/4' }));
    await mailer.send(mail({ id: '20261120-2/14/4', thread: '20261120-2' }));
    const names = server.mails.map(({ email }) => email.messageId);
    expect(names[1]).toBe(names[0]);
    expect(new Set(names).size).toBe(3);
    const threads = server.mails.map(({ email }) => email.references);
    expect(threads[2]).toBe(threads[0]);
    expect(threads[3]).not.toBe(threads[0]);
    expect(server.mails.map(({ email }) => email.inReplyTo)).toEqual(threads);
  });

  it('cannot be given other headers or recipients by what an alert says', async () => {
    const { server, mailer } = await start();
    const hostile = 'disk\r\nBcc: eve@example.org\r\n\r\n<script>alert(1)</script>\u2028X-Evil: 1';
    await mailer.send(
      mail({
        id: `x\r\nX-Evil: 1`,
        thread: `y>\r\nX-Evil: 1`,
        subject: hostile,
        to: [
          'ada@example.org',
          'ada@example.org>,<eve@example.org',
          'a\r\nRCPT TO:<eve@example.org>',
        ],
        document: {
          summary: hostile,
          blocks: [
            { kind: 'paragraph', content: [hostile, { link: 'javascript:alert(1)', text: 'x' }] },
            { kind: 'preformatted', text: '</pre><img src=https://evil.example.org/1.png>' },
          ],
        },
      }),
    );
    const [received] = server.mails;
    expect(server.mails).toHaveLength(1);
    expect(received?.recipients).toEqual(['ada@example.org']);
    const headers = received?.email.headers.map(({ key }) => key) ?? [];
    expect(headers).not.toContain('bcc');
    expect(headers).not.toContain('x-evil');
    expect(received?.email.html).not.toMatch(/<script|<img|javascript:/);
  });

  it('keeps umlauts and emoji', async () => {
    const { server, mailer } = await start();
    await mailer.send(mail({ subject: 'Störung: Überlauf 🔥 '.repeat(5) }));
    expect(server.mails[0]?.email.subject).toContain('Störung: Überlauf 🔥');
    expect(server.mails[0]?.raw.split('\r\n').every((line) => line.length <= 998)).toBe(true);
  });
});

describe('a mail server', () => {
  it('that is away is an outage; when it is back the mail goes', async () => {
    const { server, mailer } = await start();
    await mailer.send(mail());
    await server.close();
    await expect(mailer.send(mail())).rejects.toMatchObject({
      code: 'MAIL_UNAVAILABLE',
      message: expect.stringContaining(`127.0.0.1:${server.port}`),
    });
  });

  it('that drops the connection after the mail may have sent it: not known', async () => {
    const { server, mailer } = await start();
    server.dropAnswer();
    await expect(mailer.send(mail())).rejects.toMatchObject({ code: 'MAIL_UNAVAILABLE' });
    expect(server.mails).toHaveLength(1);
  });

  it('that says nothing is given up after the time', async () => {
    const server = await startSmtpServer({ onConnect: () => {} });
    undo.push(() => server.close());
    const mailer = createMailer({ smtpUrl: server.url, from: FROM, timeoutMs: 300 });
    undo.push(() => mailer.close());
    await expect(mailer.send(mail())).rejects.toMatchObject({ code: 'MAIL_UNAVAILABLE' });
    await expect(mailer.check()).rejects.toMatchObject({ code: 'MAIL_UNAVAILABLE' });
  });

  it('that does not take the login is no outage, and the password is not told', async () => {
    const server = await startSmtpServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) =>
        done(Object.assign(new Error('Invalid login'), { responseCode: 535 })),
    });
    undo.push(() => server.close());
    const smtpUrl = `smtp://ada:s3cr3t-word@127.0.0.1:${server.port}`;
    const mailer = createMailer({ smtpUrl, from: FROM });
    undo.push(() => mailer.close());
    const error: unknown = await mailer.check().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'MAIL_REFUSED' });
    expect(String(error)).not.toContain('s3cr3t-word');
    await expect(mailer.send(mail())).rejects.toMatchObject({ code: 'MAIL_REFUSED' });
  });

  it('whose certificate nobody vouches for gets nothing', async () => {
    const server = await startSmtpServer({ secure: true });
    undo.push(() => server.close());
    const smtpUrl = server.url.replace('smtp:', 'smtps:');
    const mailer = createMailer({ smtpUrl, from: FROM });
    undo.push(() => mailer.close());
    await expect(mailer.send(mail())).rejects.toThrow(/certificate/i);
    expect(server.mails).toEqual([]);
  });

  it('keeps its connection between mails', async () => {
    const { server, mailer } = await start();
    for (const id of ['1', '2', '3']) await mailer.send(mail({ id }));
    expect(server.mails).toHaveLength(3);
    expect(server.connections()).toBe(1);
  });

  it('gets more than a hundred recipients in several mails', async () => {
    const { server, mailer } = await start();
    const to = Array.from({ length: 250 }, (_, n) => `person-${n}@example.org`);
    expect(await mailer.send(mail({ to }))).toEqual({ refused: [] });
    expect(server.mails.map(({ recipients }) => recipients.length)).toEqual([100, 100, 50]);
  });
});
