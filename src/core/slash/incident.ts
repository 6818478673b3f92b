import { HousecallError } from '../errors.ts';
import { SEVERITIES, type Severity } from '../incident/event.ts';
import { didYouMean } from '../nearest.ts';
import { joinTargets } from './diag.ts';
import { splitWords, typedText } from './words.ts';

/** What `/incident …` asks for. `incident` null: the one whose channel this is. */
export type IncidentCommand =
  | { readonly kind: 'help' | 'list' }
  | {
      readonly kind: 'open';
      readonly title: string;
      readonly severity: Severity | null;
      readonly hosts: string | null;
    }
  | { readonly kind: 'ack' | 'status' | 'close'; readonly incident: string | null }
  | {
      readonly kind: 'resolve' | 'reopen';
      readonly incident: string | null;
      readonly reason: string;
    }
  | { readonly kind: 'freeze' | 'unfreeze'; readonly reason: string }
  | { readonly kind: 'severity'; readonly incident: string | null; readonly severity: Severity }
  | {
      readonly kind: 'hosts';
      readonly incident: string | null;
      readonly change: 'add' | 'remove';
      readonly targets: string;
    };

/** Subcommands with their usage, in the order help shows them. */
export const INCIDENT_USAGE = {
  open: 'open <title> [sev=SEV2] [hosts=host-17,@web]',
  ack: 'ack',
  status: 'status',
  severity: 'severity SEV1',
  hosts: 'hosts add|remove host-17',
  resolve: 'resolve [reason]',
  reopen: 'reopen [reason]',
  close: 'close',
  list: 'list',
  freeze: 'freeze [reason]',
  unfreeze: 'unfreeze [reason]',
} as const;

/** Reads the text of `/incident`. Throws USAGE naming the word, the nearest known one and an example. */
export function parseIncident(text: string): IncidentCommand {
  const [first = 'help', ...words] = splitWords(typedText(text));
  const word = first.toLowerCase();
  if (word === 'help' || word === 'list') return { kind: word };
  if (word === 'freeze' || word === 'unfreeze') return { kind: word, reason: words.join(' ') };
  if (word === 'open') return parseOpen(words);
  const named = /^\d{8}-\d+$/.test(words[0] ?? '');
  const incident = named ? (words[0] ?? null) : null;
  const rest = named ? words.slice(1) : words;
  switch (word) {
    case 'ack':
    case 'status':
    case 'close':
      if (rest.length > 0) {
        throw usage(`/incident ${word}: "${rest.join(' ')}" is not an incident id`, word);
      }
      return { kind: word, incident };
    case 'resolve':
    case 'reopen':
      return { kind: word, incident, reason: rest.join(' ') };
    case 'severity':
      return { kind: 'severity', incident, severity: parseSeverity(rest.join(' '), 'severity') };
    case 'hosts':
      return parseHosts(incident, rest);
    default: {
      const near = didYouMean(word, [...Object.keys(INCIDENT_USAGE), 'help']);
      throw usage(`/incident: there is no "${first}"${near}`, 'open');
    }
  }
}

function parseOpen(words: readonly string[]): IncidentCommand {
  let severity: Severity | null = null;
  let hosts: string | null = null;
  const title: string[] = [];
  for (const [n, word] of words.entries()) {
    if (n === 0 && /^sev-?\d$/i.test(word)) {
      severity = parseSeverity(word, 'open');
      continue;
    }
    const [, key, value = ''] = /^(sev|severity|hosts?)=(.*)$/is.exec(word) ?? [];
    if (key === undefined) title.push(word);
    else if (key.toLowerCase().startsWith('sev')) severity = parseSeverity(value, 'open');
    else if (value === '') throw usage('/incident open: hosts= names no host', 'open');
    else hosts = hosts === null ? value : `${hosts},${value}`;
  }
  if (title.length === 0) throw usage('/incident open: it needs a title', 'open');
  return { kind: 'open', title: title.join(' '), severity, hosts };
}

function parseSeverity(text: string, subcommand: keyof typeof INCIDENT_USAGE): Severity {
  const wanted = text.toUpperCase().replace(/^(?:SEV)?-?/, 'SEV');
  const found = SEVERITIES.find((severity) => severity === wanted);
  if (found !== undefined) return found;
  throw usage(
    `/incident ${subcommand}: "${text}" is no severity; there are ${SEVERITIES.join(', ')}`,
    subcommand,
  );
}

function parseHosts(incident: string | null, words: readonly string[]): IncidentCommand {
  const [first = '', ...targets] = words;
  const change = first.toLowerCase();
  if ((change !== 'add' && change !== 'remove') || targets.length === 0) {
    throw usage('/incident hosts: say add or remove, and which hosts', 'hosts');
  }
  return { kind: 'hosts', incident, change, targets: joinTargets(targets) };
}

function usage(problem: string, subcommand: keyof typeof INCIDENT_USAGE): HousecallError {
  return new HousecallError(
    'USAGE',
    `${problem}; for example: /incident ${INCIDENT_USAGE[subcommand]}`,
    { context: { subcommand } },
  );
}
