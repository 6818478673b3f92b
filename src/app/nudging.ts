import type { Config } from '../config/load-config.ts';
import type { Reach } from '../core/escalation/page-rows.ts';
import type { EscalationPolicy } from '../core/escalation/policy.ts';
import { canonicalJson } from '../core/plan.ts';
import type { Log } from '../ports/log.ts';
import { createLadderWatch } from '../workflows/paging/ladder-watch.ts';
import { type NudgeIncidentDeps, nudgeIncident } from '../workflows/paging/nudge-incident.ts';
import { type Repeated, repeat } from './repeat.ts';

/** So long a first page waits for its room. */
const ROOM_MINUTES = 0.25;

/** Incidents looked at side by side. */
const AT_ONCE = 4;
/** How often Slack is asked who the people of the ladder are: what it said last counts while it is away. */
const LEARN_MS = 30 * 60_000;

/** `escalation` and `incidents` of the configuration; `minuteMs`: how long one of its minutes lasts. */
export function escalationPolicy(config: Config, minuteMs: number): EscalationPolicy {
  const { escalation, incidents, alerts } = config;
  const { ackMinutes, quietHours } = escalation;
  return {
    ackMs: ackMinutes * minuteMs,
    steps: escalation.steps.map(({ page, afterMinutes = ackMinutes }) => ({
      people: page,
      afterMs: afterMinutes * minuteMs,
    })),
    repeat: escalation.repeat,
    immediate: escalation.immediate,
    ...(quietHours === undefined ? {} : { quietHours }),
    routeQuietHours: new Map(
      alerts.routes.flatMap((route) =>
        route.quietHours === undefined ? [] : [[canonicalJson(route.match), route.quietHours]],
      ),
    ),
    acknowledgedMs: escalation.acknowledgedMinutes * minuteMs,
    updateMs: incidents.updateMinutes * minuteMs,
    idleMs: incidents.idleHours * 60 * minuteMs,
    roomMs: ROOM_MINUTES * minuteMs,
  };
}

/** How people are reached beside Slack. */
export function reachOf({ email, incidents }: Config): Reach {
  return {
    mail: email?.smtpUrl !== undefined && email.from !== undefined,
    stakeholders: email?.stakeholders ?? [],
    timeZone: incidents.timeZone,
  };
}

/**
 * Looks at every open incident again and again: the record says what is due, so nothing is lost when
 * a process ends, and any number of them may look at once.
 */
export function startNudging(
  deps: Omit<NudgeIncidentDeps, 'watch'> & { readonly log: Log },
  everyMs: number,
): Repeated {
  const { journal, log } = deps;
  const watch = createLadderWatch(() => performance.now());
  const look = async (stopped: () => boolean): Promise<void> => {
    const open = await journal.open();
    watch.keep(open);
    // One iterator for all: each takes the next, so that one slow answer of Slack holds up no other incident.
    const streams = open.values();
    const lookAt = async (): Promise<void> => {
      for (const stream of streams) {
        if (stopped()) return;
        await nudgeIncident({ ...deps, watch }, stream).catch((error: unknown) => {
          log.warn({ stream, error: String(error) }, 'nudging: tried again at the next look');
        });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lookAt));
  };
  const failed = (error: unknown): void => {
    log.warn({ error: String(error) }, 'nudging: open incidents could not be read');
  };
  const people = deps.policy.steps.flatMap((step) => step.people);
  const learn = (): void => void deps.book.learn(people);
  const learning = setInterval(learn, LEARN_MS);
  learn();
  const looking = repeat(look, { everyMs, failed });
  return {
    async stop() {
      clearInterval(learning);
      await looking.stop();
    },
  };
}
