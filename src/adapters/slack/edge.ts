import { randomBytes } from 'node:crypto';
import type { Document } from '../../core/document/document.ts';
import { HousecallError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import type { SlackChat } from './chat/create-chat.ts';
import type { Caller } from './desk.ts';
import { errorDocument } from './error-document.ts';
import type { Reply, ReplyTo } from './respond.ts';

/** Somebody at the door, as the signed payload says. */
export interface Visit extends ReplyTo {
  readonly team: string;
  /** What was asked, for the log: `/diag disk host-17`. */
  readonly what: string;
  /** Names this very request; a second one with the same name is a replay. */
  readonly once: string | undefined;
}

/** Whether a request of this name came before; remembers it. */
export type Seen = (once: string) => Promise<boolean>;

/** Where Slack's world ends: lets in who may come in, and turns errors into words. */
export interface Edge {
  /**
   * Throws NOT_ALLOWED with the reason for that person, CANCELLED for a replay. A dialog has no
   * channel: `channel` is empty then.
   */
  admit(visit: Visit): Promise<Caller>;
  /** Throws NOT_ALLOWED where Housecall cannot post, with what to do about it. */
  mustReach(visit: Visit): Promise<void>;
  /** The error in words for the person; logs it. */
  explain(error: unknown, visit: Visit): Document;
  /** Admits, works, and answers; an error also goes to `onError`, in words. Never throws. */
  answer(
    visit: Visit,
    work: (caller: Caller) => Promise<Document | null>,
    onError?: (sorry: Document) => Promise<void>,
  ): Promise<void>;
}

export function createEdge(deps: { slack: SlackChat; reply: Reply; seen: Seen; log: Log }): Edge {
  const { slack, seen, log } = deps;

  const admit = async (visit: Visit): Promise<Caller> => {
    if (visit.once !== undefined && (await seen(visit.once))) {
      throw new HousecallError('CANCELLED', `${visit.what}: this request came before`);
    }
    const { user, channel, thread } = visit;
    const { team } = await slack.identity();
    if (visit.team !== team) {
      throw notAllowed(visit, 'people of other organisations may not use Housecall');
    }
    const [person, place] = await Promise.all([
      slack.people.lookUp(user),
      channel === '' ? null : slack.channels.look(channel),
    ]);
    if (person.refusal !== null) throw notAllowed(visit, person.refusal);
    if (place?.shared === true) {
      throw notAllowed(visit, 'this channel is shared with another organisation (Slack Connect)');
    }
    return { person: { team, user }, channel, ...(thread !== undefined && { thread }) };
  };

  const explain = (error: unknown, visit: Visit): Document => {
    const reference = randomBytes(4).toString('hex');
    const { what, user, channel } = visit;
    const fields = { reference, what, user, channel };
    if (error instanceof HousecallError && error.kind !== 'bug') {
      log.info({ ...fields, code: error.code }, error.message);
    } else log.error({ ...fields, error }, 'a request from Slack failed');
    return errorDocument(error, reference);
  };

  const reply = async (visit: Visit, document: Document): Promise<void> => {
    try {
      await deps.reply(visit, document);
    } catch (error) {
      log.warn({ what: visit.what, user: visit.user, error }, 'an answer was not delivered');
    }
  };

  return {
    admit,
    explain,
    async mustReach(visit) {
      const { reachable } = await slack.channels.look(visit.channel);
      if (reachable) return;
      throw notAllowed(visit, 'Housecall is not in here and cannot post; /invite it first');
    },
    async answer(visit, work, onError) {
      try {
        const document = await work(await admit(visit));
        if (document !== null) await reply(visit, document);
      } catch (error) {
        const sorry = explain(error, visit);
        // Whoever replays a request learns nothing.
        if (error instanceof HousecallError && error.code === 'CANCELLED') return;
        await Promise.all([reply(visit, sorry), onError?.(sorry).catch(() => {})]);
      }
    },
  };
}

function notAllowed(visit: Visit, reason: string): HousecallError {
  return new HousecallError('NOT_ALLOWED', `${visit.what}: ${reason}`, {
    context: { user: visit.user, team: visit.team },
  });
}

/** Replays within one process, where nothing better was given. Slack's signatures live five minutes. */
export function createSeen(ttlMs = 10 * 60_000, max = 50_000): Seen {
  const names = new Map<string, number>();
  return async (once) => {
    const now = Date.now();
    for (const [name, until] of names) {
      if (until > now && names.size < max) break;
      names.delete(name);
    }
    if ((names.get(once) ?? 0) > now) return true;
    names.set(once, now + ttlMs);
    return false;
  };
}
