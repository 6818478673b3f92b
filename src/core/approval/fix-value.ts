import { HousecallError } from '../errors.ts';

/** Which offer of which finding a Review button stands for. */
export interface FixValue {
  readonly stream: string;
  readonly run: string;
  readonly host: string;
  /** Indexes into the host's findings and the finding's offers. */
  readonly finding: number;
  readonly offer: number;
}

/** Which proposal an Approve or Deny button decides on: never a plan, only its id and digest. */
export interface DecisionValue {
  readonly stream: string;
  readonly fix: string;
  readonly digest: string;
}

/** Before the id of a rollout where a decision names a fix. */
export const ROLLOUT = 'rollout:';

/** Which fix of a run's hosts a button offers for all of them. */
export interface RolloutValue {
  readonly stream: string;
  readonly run: string;
  /** Id in the registry: `reuse-time-wait`. */
  readonly module: string;
}

/** Ids are short; anything longer was not made here. */
const LONGEST = 600;

export function encodeFixValue(value: FixValue): string {
  return [value.stream, value.run, value.host, value.finding, value.offer].join(' ');
}

/** @throws HousecallError USAGE for anything that `encodeFixValue` did not make. */
export function decodeFixValue(text: string): FixValue {
  const [stream, run, host, finding, offer, ...rest] = parts(text);
  if (stream && run && host && isIndex(finding) && isIndex(offer) && rest.length === 0) {
    return { stream, run, host, finding: Number(finding), offer: Number(offer) };
  }
  throw new HousecallError('USAGE', 'fix.review: the button carries no offer Housecall knows');
}

/** Four words, the third a star: no offer of one host looks like it. */
export function encodeRolloutValue({ stream, run, module }: RolloutValue): string {
  return [stream, run, '*', module].join(' ');
}

/** Null for a value of another kind. */
export function decodeRolloutValue(text: string): RolloutValue | null {
  const [stream, run, star, module, ...rest] = parts(text);
  if (stream && run && star === '*' && module && rest.length === 0) return { stream, run, module };
  return null;
}

export function encodeDecisionValue(value: DecisionValue): string {
  return [value.stream, value.fix, value.digest].join(' ');
}

/** @throws HousecallError USAGE for anything that `encodeDecisionValue` did not make. */
export function decodeDecisionValue(text: string): DecisionValue {
  const [stream, fix, digest, ...rest] = parts(text);
  if (stream && fix && digest && /^[0-9a-f]{64}$/.test(digest) && rest.length === 0) {
    return { stream, fix, digest };
  }
  throw new HousecallError('USAGE', 'fix: the button carries no proposal Housecall knows');
}

function parts(text: string): readonly string[] {
  return text.length > LONGEST ? [] : text.split(' ');
}

function isIndex(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,4}$/.test(text);
}
