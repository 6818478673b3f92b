import { HousecallError } from '../errors.ts';
import { INCIDENT_ROLES, type IncidentRole, SEVERITIES, type Severity } from '../incident/event.ts';
import { didYouMean, nearest } from '../nearest.ts';
import { quoted } from '../quoted.ts';
import { joinTargets } from './diag.ts';
import { INCIDENT_USAGE, type IncidentCommand } from './incident.ts';
import { splitWords, typedText } from './words.ts';

const INCIDENT_ID = /^\d{8}-\d+$/;

interface Given {
  readonly word: string;
  /** The incident that was named; null: the one of the channel. */
  readonly incident: string | null;
  readonly words: readonly string[];
  /** As Slack sent it: there mentions still have their ids. */
  readonly raw: string;
}

const SUBCOMMANDS: Readonly<
  Record<keyof typeof INCIDENT_USAGE | 'help', (given: Given) => IncidentCommand>
> = {
  help: () => ({ kind: 'help' }),
  list: () => ({ kind: 'list' }),
  open: ({ words }) => parseOpen(words),
  ack: (given) => plain('ack', given),
  unack: (given) => plain('unack', given),
  status: (given) => plain('status', given),
  close: (given) => plain('close', given),
  timeline: (given) => plain('timeline', given),
  resolve: ({ incident, words }) => ({ kind: 'resolve', incident, reason: words.join(' ') }),
  reopen: ({ incident, words }) => ({ kind: 'reopen', incident, reason: words.join(' ') }),
  mitigate: ({ incident, words }) => ({ kind: 'mitigate', incident, reason: words.join(' ') }),
  freeze: ({ words }) => ({ kind: 'freeze', reason: words.join(' ') }),
  unfreeze: ({ words }) => ({ kind: 'unfreeze', reason: words.join(' ') }),
  severity: ({ incident, words }) => ({
    kind: 'severity',
    incident,
    severity: parseSeverity(words.join(' '), 'severity'),
  }),
  hosts: parseHosts,
  role: parseRole,
  update: parseUpdate,
  page: parsePage,
  merge: parseMerge,
};

/** Reads the text of `/incident`. Throws USAGE naming the word, the nearest known one and an example. */
export function parseIncident(text: string): IncidentCommand {
  const [first = 'help', ...words] = splitWords(typedText(text));
  const word = first.toLowerCase();
  if (!isSubcommand(word)) throw unknown(first);
  const whole = ['open', 'freeze', 'unfreeze', 'merge'].includes(word);
  const named = !whole && INCIDENT_ID.test(words[0] ?? '');
  return SUBCOMMANDS[word]({
    word,
    incident: named ? (words[0] ?? null) : null,
    words: named ? words.slice(1) : words,
    raw: text,
  });
}

function isSubcommand(word: string): word is keyof typeof SUBCOMMANDS {
  return Object.hasOwn(SUBCOMMANDS, word);
}

/** An id alone asks how it stands; else the nearest word there is, or all of them. */
function unknown(word: string): HousecallError {
  if (INCIDENT_ID.test(word)) {
    return wrong(`/incident: say what about ${word}`, `status ${word}`);
  }
  const words = Object.keys(SUBCOMMANDS).filter(isSubcommand);
  const [near] = nearest(word, words).filter(isSubcommand);
  const problem = `/incident: there is no ${quoted(word)}`;
  if (near === undefined) return wrong(`${problem}; there are ${words.join(', ')}`, 'help');
  const example = near === 'help' ? near : INCIDENT_USAGE[near];
  return wrong(`${problem}${didYouMean(word, words)}`, example);
}

function plain(
  kind: 'ack' | 'unack' | 'status' | 'close' | 'timeline',
  { incident, words }: Given,
): IncidentCommand {
  if (words.length === 0) return { kind, incident };
  throw usage(`/incident ${kind}: ${quoted(words.join(' '))} is not an incident id`, kind);
}

function parseOpen(words: readonly string[]): IncidentCommand {
  let severity: Severity | null = null;
  let hosts: string | null = null;
  let here = false;
  let isPrivate = false;
  const title: string[] = [];
  for (const [n, word] of listsJoined(words).entries()) {
    if (n === 0 && /^sev-?\d$/i.test(word)) {
      severity = parseSeverity(word, 'open');
      continue;
    }
    const [, given, value = ''] = /^(sev|severity|hosts?|room|private)=(.*)$/is.exec(word) ?? [];
    const key = given?.toLowerCase();
    if (key === undefined) title.push(word);
    else if (key.startsWith('sev')) severity = parseSeverity(value, 'open');
    else if (key === 'room') here = parseWord(key, value, { here: true, new: false });
    else if (key === 'private') isPrivate = parseWord(key, value, { yes: true, no: false });
    else if (value === '') throw usage('/incident open: hosts= names no host', 'open');
    else hosts = hosts === null ? value : joinTargets([hosts, value]);
  }
  if (title.length === 0) throw usage('/incident open: it needs a title', 'open');
  if (here && isPrivate) {
    throw usage('/incident open: room=here takes this channel as it is; leave private out', 'open');
  }
  return { kind: 'open', title: title.join(' '), severity, hosts, here, private: isPrivate };
}

/** `hosts=host-17, host-18` and `hosts=web-[1, 2]` are one word: a comma, or an open bracket, says that more comes. */
function listsJoined(words: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const word of words) {
    const before = joined.at(-1) ?? '';
    const isList = /^hosts?=./i.test(before);
    const isOpen = /[,!]$/.test(before) || before.lastIndexOf('[') > before.lastIndexOf(']');
    if (isList && (isOpen || /^[,!]/.test(word))) joined.splice(-1, 1, before + word);
    else joined.push(word);
  }
  return joined;
}

function parseWord(
  key: string,
  value: string,
  allowed: Readonly<Record<string, boolean>>,
): boolean {
  const found = allowed[value.toLowerCase()];
  if (found !== undefined) return found;
  const words = Object.keys(allowed).join(' or ');
  throw usage(`/incident open: ${key}=${quoted(value)}, but it is ${words}`, 'open');
}

function parseSeverity(text: string, subcommand: keyof typeof INCIDENT_USAGE): Severity {
  const wanted = text.toUpperCase().replace(/^(?:SEV)?-?/, 'SEV');
  const found = SEVERITIES.find((severity) => severity === wanted);
  if (found !== undefined) return found;
  throw usage(
    `/incident ${subcommand}: ${text === '' ? 'no severity is given' : `${quoted(text)} is no severity`}; there are ${SEVERITIES.join(', ')}`,
    subcommand,
  );
}

function parseHosts({ incident, words }: Given): IncidentCommand {
  const [first = '', ...targets] = words;
  const change = first.toLowerCase();
  if ((change !== 'add' && change !== 'remove') || targets.length === 0) {
    throw usage('/incident hosts: say add or remove, and which hosts', 'hosts');
  }
  return { kind: 'hosts', incident, change, targets: joinTargets(targets) };
}

function parseRole({ incident, words, raw }: Given): IncidentCommand {
  const [first = '', second = '', ...more] = words;
  const role: IncidentRole | undefined = INCIDENT_ROLES.find((one) => one === first.toLowerCase());
  const roles = INCIDENT_ROLES.join(', ');
  if (role === undefined) {
    const near = didYouMean(first, INCIDENT_ROLES) || `; there are ${roles}`;
    const given = first === '' ? 'say which role' : `${quoted(first)} is no role`;
    throw usage(`/incident role: ${given}${near}`, 'role');
  }
  if (more.length > 0) throw usage(`/incident role: one person has one role at a time`, 'role');
  if (second.toLowerCase() === 'me') return { kind: 'role', incident, role, user: 'me' };
  if (second.toLowerCase() === 'nobody') return { kind: 'role', incident, role, user: null };
  const [user] = mentioned(raw).filter((id) => !id.startsWith('S'));
  if (user === undefined) {
    const given = second === '' ? 'nobody is named' : `${quoted(second)} is nobody`;
    throw usage(`/incident role: ${given}; say @somebody, me or nobody`, 'role');
  }
  return { kind: 'role', incident, role, user };
}

/** A day at most: a promise for later is no promise. */
const LONGEST_ETA_MINUTES = 24 * 60;

function parseUpdate({ incident, words }: Given): IncidentCommand {
  let etaMinutes: number | null = null;
  const text: string[] = [];
  for (const word of words) {
    const [, eta] = /^eta=(.*)$/is.exec(word) ?? [];
    if (eta === undefined) text.push(word);
    else etaMinutes = parseEta(eta);
  }
  if (text.length === 0) throw usage('/incident update: it needs a text', 'update');
  return { kind: 'update', incident, text: text.join(' '), etaMinutes };
}

/** `30m`, `2h`, `1h30m`, or minutes. @throws HousecallError USAGE. */
export function parseEta(text: string): number {
  const [, hours, minutes] = /^(?:(\d{1,2})h)?(?:(\d{1,4})m?(?:in)?)?$/i.exec(text.trim()) ?? [];
  const total = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  if (total > 0 && total <= LONGEST_ETA_MINUTES) return total;
  throw usage(
    `/incident update: eta=${quoted(text)}, but it is up to a day, such as 30m or 2h`,
    'update',
  );
}

function parsePage({ incident, raw }: Given): IncidentCommand {
  const people = mentioned(raw);
  // Whom Slack does not know would be called by nobody, and somebody counts on it.
  const left = splitWords(typedText(raw.replace(MENTION, ' ')));
  const nobody = left.slice(incident === null ? 1 : 2).filter((word) => !/^(?:,|and)$/i.test(word));
  if (people.length === 0 || nobody.length > 0) {
    const given = nobody.length === 0 ? 'nobody is named' : `${quoted(nobody.join(' '))} is nobody`;
    throw usage(`/incident page: ${given}; say @somebody or @a-user-group`, 'page');
  }
  return { kind: 'page', incident, people };
}

function parseMerge({ words }: Given): IncidentCommand {
  const [from = '', into = null, ...more] = words;
  const ids = [from, ...(into === null ? [] : [into])];
  if (more.length > 0 || !ids.every((id) => INCIDENT_ID.test(id))) {
    throw usage('/incident merge: name the incident that goes on in this one', 'merge');
  }
  return { kind: 'merge', incident: into, from };
}

/** People and user groups, as Slack sends them with `should_escape`. */
const MENTION = /<(?:@([UW][A-Z0-9]+)|!subteam\^(S[A-Z0-9]+))(?:\|[^<>]*)?>/g;

/** Ids of those mentioned, each once. */
function mentioned(raw: string): readonly string[] {
  const ids = [...raw.matchAll(MENTION)].map(([, user, group]) => user ?? group ?? '');
  return [...new Set(ids)];
}

function usage(problem: string, subcommand: keyof typeof INCIDENT_USAGE): HousecallError {
  return wrong(problem, INCIDENT_USAGE[subcommand]);
}

function wrong(problem: string, example: string): HousecallError {
  const text = `${problem}${problem.endsWith('?') ? ' (' : '; '}for example: /incident ${example}`;
  return new HousecallError('USAGE', problem.endsWith('?') ? `${text})` : text);
}
