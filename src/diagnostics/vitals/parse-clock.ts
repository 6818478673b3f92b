import type { CommandResult } from '../../core/command.ts';
import { displayName } from '../../core/display-name.ts';
import type { Section } from '../../core/sections.ts';
import { linesOf, number, unreadable } from './lines.ts';
import type { ClockReading, ClockSync } from './reading.ts';

interface ClockSections {
  readonly host: Section | undefined;
  readonly clock: Section | undefined;
  readonly finish: Section | undefined;
}

export function parseClock(sections: ClockSections, result: CommandResult): ClockReading {
  const time = linesOf(sections.host).find(({ word }) => word === 'time');
  const stamp = time?.fields[1] ?? '';
  if (!/^[0-9]{1,12}(\.[0-9]{1,9})?$/.test(stamp)) throw unreadable(`time "${stamp.slice(0, 40)}"`);
  const epochSeconds = Number(stamp);
  return {
    sync: parseSync(sections.clock),
    offset: offsetOf({ stamp, epochSeconds, finish: sections.finish }, result),
  };
}

/**
 * The host read its clock somewhere between the command being sent and its end, and not in the time
 * that it says it was busy after that (Cristian's algorithm): that far the offset is not known.
 */
function offsetOf(
  read: { stamp: string; epochSeconds: number; finish: Section | undefined },
  { startedAt, durationMs }: CommandResult,
): ClockReading['offset'] {
  const sent = startedAt === undefined ? Number.NaN : Date.parse(startedAt) / 1000;
  if (!Number.isFinite(sent)) return null;
  const elapsed = linesOf(read.finish).find(({ word }) => word === 'elapsed');
  const busy = elapsed === undefined ? 0 : number(elapsed.fields[0], 'elapsed time') / 100;
  const unknown = Math.max(0, durationMs / 1000 - busy);
  // Whole seconds were cut off, not rounded: up to one is missing.
  const cut = read.stamp.includes('.') ? 0 : 1;
  return { least: read.epochSeconds - (sent + unknown), most: read.epochSeconds + cut - sent };
}

/** The first that says something, from the best informed on. */
function parseSync(section: Section | undefined): ClockSync | null {
  const lines = linesOf(section);
  const said = (word: string): string[] =>
    lines.filter((line) => line.word === word).map((line) => displayName(line.rest(0)));
  return (
    fromChrony(said('chronyc')) ??
    fromTimesyncd(said('timesyncd'), said('timedatectl')) ??
    fromNtpq(said('ntpq')) ??
    fromKernel(said('adjtimex'))
  );
}

function fromChrony(said: readonly string[]): ClockSync | null {
  const value = (key: RegExp): string | undefined =>
    said.find((line) => key.test(line))?.replace(/^[^:]*: */, '');
  const leap = value(/^Leap status/);
  if (leap === undefined) return null;
  const [, seconds] = /^([0-9.]+) seconds/.exec(value(/^System time/) ?? '') ?? [];
  return {
    source: 'chrony',
    synchronised: !/not synchronised/i.test(leap),
    daemon: true,
    offsetSeconds: seconds === undefined ? null : Number(seconds),
    said,
  };
}

function fromTimesyncd(
  marker: readonly string[],
  timedatectl: readonly string[],
): ClockSync | null {
  const said = [...marker, ...timedatectl];
  const on = timedatectl.includes('NTPSynchronized=yes') || marker.length > 0;
  const off = timedatectl.includes('NTPSynchronized=no');
  if (!on && !off) return null;
  // NTP=yes: systemd-timesyncd (or another service it knows) is meant to keep the time.
  const daemon = on || timedatectl.includes('NTP=yes');
  return {
    source: daemon ? 'systemd' : 'the kernel',
    synchronised: on,
    daemon,
    offsetSeconds: null,
    said,
  };
}

function fromNtpq(said: readonly string[]): ClockSync | null {
  const text = said.join(' ');
  if (!/leap_|stratum=/.test(text)) return null;
  const [, milliseconds] = /\boffset=(-?[0-9.]+)/.exec(text) ?? [];
  return {
    source: 'ntpd',
    synchronised: !/leap_alarm|sync_unspec|stratum=16/.test(text),
    daemon: true,
    offsetSeconds: milliseconds === undefined ? null : Math.abs(Number(milliseconds)) / 1000,
    said,
  };
}

/** STA_UNSYNC, 0x40 (adjtimex(2)): nobody disciplined the clock for long. */
function fromKernel(said: readonly string[]): ClockSync | null {
  const [, status] = /status: *([0-9]+)/.exec(said.join('\n')) ?? [];
  if (status === undefined) return null;
  const synchronised = Math.floor(Number(status) / 0x40) % 2 === 0;
  return { source: 'the kernel', synchronised, daemon: false, offsetSeconds: null, said };
}
