import type { SMTPPoolOptions } from 'nodemailer';

/** A server that says nothing must not hold a sender. */
const CONNECT_MS = 10_000;
const SILENCE_MS = 30_000;

/** `smtp://mail.example.org:587` without its password: for messages. */
export function serverName(smtpUrl: string): string {
  const { protocol, hostname, port } = new URL(smtpUrl);
  return `${hostname}:${port || (protocol === 'smtps:' ? '465' : '587')}`;
}

/**
 * How the server is spoken to. Over the network always in TLS with a certificate that is verified:
 * `smtps` from the start, `smtp` by STARTTLS, without which nothing is sent. Only to this very machine
 * plain text will do.
 */
export function smtpOptions(smtpUrl: string): SMTPPoolOptions & { pool: true } {
  const { protocol, hostname, port, username, password } = new URL(smtpUrl);
  const secure = protocol === 'smtps:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const local = !secure && isLoopback(host);
  return {
    pool: true,
    maxConnections: 2,
    // A lost connection is the outbox's business: it knows that the mail may have gone out.
    maxRequeues: 0,
    idleTimeout: SILENCE_MS,
    host,
    port: Number(port || (secure ? 465 : 587)),
    secure,
    requireTLS: !secure && !local,
    ignoreTLS: local,
    tls: { minVersion: 'TLSv1.2' },
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    dnsTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(username === ''
      ? {}
      : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
