import { createHash } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { HTTPReceiver } from '@slack/bolt';
import type { Log } from '../../../ports/log.ts';
import { ONCE } from '../visit.ts';
import { slackLogger } from '../web-api.ts';

/** Bolt refuses older requests itself, and takes any from the future. */
const CLOCK_SKEW_SECONDS = 5 * 60;
const BODY_LIMIT_BYTES = 1024 * 1024;
const FORM = 'application/x-www-form-urlencoded';

export const SLACK_PATH = '/slack/events';

export interface HttpSlackReceiver {
  readonly receiver: HTTPReceiver;
  /** To be mounted at `/slack/events`, before anything reads the body. */
  readonly requestListener: RequestListener;
}

export function createHttpReceiver(signingSecret: string, log: Log): HttpSlackReceiver {
  const receiver = new HTTPReceiver({
    signingSecret,
    endpoints: [SLACK_PATH],
    bodyLimit: BODY_LIMIT_BYTES,
    logger: slackLogger(log),
    // Runs after the signature was verified: the signature names the request.
    customPropertiesExtractor: (request) => ({ [ONCE]: hashOf(request) }),
    processEventErrorHandler: async ({ error, response }) => {
      log.error({ error }, 'slack: event failed');
      if (!response.headersSent) response.writeHead(500).end();
      return false;
    },
  });
  return {
    receiver,
    requestListener: (request, response) => {
      if (isFromTheFuture(request)) {
        log.warn({ remote: request.socket.remoteAddress }, 'slack: timestamp in the future');
        answer(response, 401);
        return;
      }
      // Bolt takes this type only without parameters, and proxies add `; charset=utf-8`.
      const type = request.headers['content-type'] ?? '';
      if (type.toLowerCase().startsWith(`${FORM};`)) request.headers['content-type'] = FORM;
      try {
        receiver.requestListener(request, response);
      } catch {
        // Bolt throws for paths and methods that are not its own.
        answer(response, 404);
      }
    },
  };
}

function isFromTheFuture(request: IncomingMessage): boolean {
  const seconds = Number(request.headers['x-slack-request-timestamp']);
  return seconds > Date.now() / 1_000 + CLOCK_SKEW_SECONDS;
}

function hashOf(request: { headers: IncomingMessage['headers'] }): string {
  const signature = String(request.headers['x-slack-signature']);
  return createHash('sha256').update(signature).digest('hex');
}

function answer(response: ServerResponse, status: number): void {
  if (!response.headersSent) response.writeHead(status).end();
}
