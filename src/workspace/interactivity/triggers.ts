import { randomBytes } from 'node:crypto';
import type { ResponseTarget, ResponseUrls, Trigger, Triggers } from '../context.ts';

/** Slack's: five uses of a response_url. */
const RESPONSE_URL_USES = 5;

/** trigger_ids: short-lived and good once. */
export function createTriggers(lifeMs: number, now: () => number): Triggers {
  const issued = new Map<string, { trigger: Trigger; until: number; isUsed: boolean }>();
  return {
    issue: (trigger) => {
      const id = `${now()}.${randomBytes(6).toString('hex')}.${randomBytes(16).toString('hex')}`;
      issued.set(id, { trigger, until: now() + lifeMs, isUsed: false });
      return id;
    },
    take: (id) => {
      const entry = issued.get(id);
      if (!entry) return { error: 'invalid_trigger_id' };
      if (entry.isUsed) return { error: 'exchanged_trigger_id' };
      if (entry.until < now()) return { error: 'expired_trigger_id' };
      entry.isUsed = true;
      return entry.trigger;
    },
  };
}

/** Where an app answers an interaction without a token: five times in thirty minutes. */
export function createResponseUrls(
  lifeMs: number,
  parts: { readonly now: () => number; readonly baseUrl: () => string },
): ResponseUrls {
  const issued = new Map<string, { target: ResponseTarget; until: number; left: number }>();
  return {
    issue: (target) => {
      const secret = randomBytes(18).toString('base64url');
      issued.set(secret, { target, until: parts.now() + lifeMs, left: RESPONSE_URL_USES });
      return `${parts.baseUrl()}/response/${secret}`;
    },
    take: (secret) => {
      const entry = issued.get(secret);
      if (!entry || entry.until < parts.now()) return { error: 'expired_url' };
      if (entry.left === 0) return { error: 'used_url' };
      entry.left -= 1;
      return entry.target;
    },
  };
}
