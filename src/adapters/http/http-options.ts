import type { RequestListener } from 'node:http';
import type { AlertSource } from '../../alerts/contract.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { ReceivedWebhook, Reception } from '../../workflows/alert/receive-alert.ts';
import type { FindingPages } from './finding-routes.ts';

/** One thing this process cannot work without. */
export interface Dependency {
  readonly name: string;
  /** Why it cannot be used now, or null. A throw or no answer in time counts as a reason. */
  check(): Promise<string | null>;
}

export interface HttpOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly log: Log;
  /** Prometheus text. */
  readonly metrics: () => Promise<string>;
  readonly count: Metrics['count'];
  /** What `/readyz` asks. */
  readonly dependencies: readonly Dependency[];
  readonly alerts?: {
    readonly sources: readonly AlertSource[];
    /** By source id. A source that is missing or has none is not mounted. */
    readonly secrets: Readonly<Record<string, readonly string[] | undefined>>;
    receive(webhook: ReceivedWebhook): Promise<Reception>;
    /** Per source, what it may send; default 50 a second, 500 at once. */
    readonly rate?: { readonly perSecond: number; readonly burst: number };
  };
  /** `/findings`: what the findings mean. */
  readonly findings?: FindingPages;
  /** Gets `/slack/events` untouched: it checks the signature over the raw body itself. */
  readonly slack?: RequestListener;
  /** Milliseconds until a request that drips in is cut; default 10 s for its head, 30 s for all. */
  readonly timeouts?: { readonly headersMs: number; readonly requestMs: number };
}

/** Bytes; larger bodies are answered 413. The largest sender (PagerDuty) stays below 256 KiB. */
export const BODY_LIMIT = 1024 * 1024;
