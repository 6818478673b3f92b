import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** One mail as it arrived. */
export interface ReceivedMail {
  readonly from: string;
  /** Whom the server delivers to, whatever the headers say. */
  readonly recipients: readonly string[];
  readonly raw: string;
  readonly email: Email;
}

export interface TestSmtpServer {
  readonly url: string;
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  /** How many connections were opened so far. */
  connections(): number;
  /** Answers these recipients with this error: 550 for good, 450 for now. */
  refuse(address: string, code: number): void;
  /** Answers the next mails, after they were sent, with this error. */
  failData(code: number, times?: number): void;
  /** Takes the next mail and then says nothing: the sender cannot know. */
  dropAnswer(): void;
  close(): Promise<void>;
}

/** A real SMTP server on loopback, port 0. Takes everything unless told otherwise. */
export async function startSmtpServer(options: SMTPServerOptions = {}): Promise<TestSmtpServer> {
  const mails: ReceivedMail[] = [];
  const refused = new Map<string, number>();
  let failing = { code: 0, times: 0 };
  let dropped = false;
  let opened = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    hideSTARTTLS: true,
    logger: false,
    closeTimeout: 100,
    onConnect: (_session, done) => {
      opened += 1;
      done();
    },
    onRcptTo: ({ address }, _session, done) => {
      const code = refused.get(address);
      done(code === undefined ? null : smtpError(code, 'mailbox unavailable'));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
      stream.on('end', () => {
        if (failing.times > 0) {
          failing = { ...failing, times: failing.times - 1 };
          done(smtpError(failing.code, 'not now'));
          return;
        }
        const raw = Buffer.concat(chunks).toString('utf8');
        const { mailFrom, rcptTo } = session.envelope;
        const take = async (): Promise<void> => {
          mails.push({
            from: mailFrom === false ? '' : mailFrom.address,
            recipients: rcptTo.map(({ address }) => address),
            raw,
            email: await PostalMime.parse(raw),
          });
          if (!dropped) return done();
          dropped = false;
          for (const { _socket: socket } of server.connections) socket.destroy();
        };
        void take();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    mails,
    connections: () => opened,
    refuse: (address, code) => void refused.set(address, code),
    failData: (code, times = 1) => {
      failing = { code, times };
    },
    dropAnswer: () => {
      dropped = true;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function smtpError(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
