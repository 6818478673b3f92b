import { describe, expect, it } from 'vitest';
import { serverName, smtpOptions } from '../../../src/adapters/mail/smtp-options.ts';

describe('the address of a mail server', () => {
  it('means TLS: from the start, or by STARTTLS, without which nothing is sent', () => {
    expect(smtpOptions('smtps://mail.example.org')).toMatchObject({
      secure: true,
      port: 465,
      ignoreTLS: false,
    });
    expect(smtpOptions('smtp://mail.example.org')).toMatchObject({
      secure: false,
      port: 587,
      requireTLS: true,
      ignoreTLS: false,
    });
    const disguised = smtpOptions('smtp://127.0.0.1.example.org:25');
    expect(disguised).toMatchObject({ requireTLS: true, port: 25 });
  });

  it('of this very machine may be plain', () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '127.9.9.9']) {
      expect(smtpOptions(`smtp://${host}:1025`)).toMatchObject({
        requireTLS: false,
        ignoreTLS: true,
      });
    }
  });

  it('may hold a login in percent-encoding, which is never part of its name', () => {
    const url = 'smtps://ada%40example.org:p%3Ass@mail.example.org';
    expect(smtpOptions(url)).toMatchObject({ auth: { user: 'ada@example.org', pass: 'p:ss' } });
    expect(smtpOptions('smtps://mail.example.org').auth).toBeUndefined();
    expect(serverName(url)).toBe('mail.example.org:465');
  });
});
