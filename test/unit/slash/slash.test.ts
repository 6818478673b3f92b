import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HousecallError } from '../../../src/core/errors.ts';
import { parseDiag } from '../../../src/core/slash/diag.ts';
import { diagHelp, incidentHelp } from '../../../src/core/slash/help.ts';
import { INCIDENT_USAGE } from '../../../src/core/slash/incident.ts';
import { parseIncident } from '../../../src/core/slash/parse-incident.ts';
import { splitWords, typedText } from '../../../src/core/slash/words.ts';

const KNOWN = ['disk', 'logs', 'ports', 'docker', 'hdfs', 'vitals'];
const diag = (text: string) => parseDiag(text, KNOWN);

describe('/diag', () => {
  it.each([
    ['disk host-17', { diagnostic: 'disk', targets: 'host-17', params: {} }],
    ['disk', { diagnostic: 'disk', targets: null, params: {} }],
    ['DISK host-17', { diagnostic: 'disk', targets: 'host-17', params: {} }],
    ['disk mount=/var', { diagnostic: 'disk', targets: null, params: { mount: '/var' } }],
    [
      'disk host-17 mount=/var warnPercent=60',
      { diagnostic: 'disk', targets: 'host-17', params: { mount: '/var', warnPercent: '60' } },
    ],
    ['ports @web', { diagnostic: 'ports', targets: '@web', params: {} }],
    ['ports @web!web-3', { diagnostic: 'ports', targets: '@web!web-3', params: {} }],
    ['ports web-[1-12, 15-40]', { diagnostic: 'ports', targets: 'web-[1-12,15-40]', params: {} }],
    ['disk host-17 host-18', { diagnostic: 'disk', targets: 'host-17,host-18', params: {} }],
    ['disk host-17, host-18', { diagnostic: 'disk', targets: 'host-17,host-18', params: {} }],
    ['disk host-17 , host-18', { diagnostic: 'disk', targets: 'host-17,host-18', params: {} }],
    [
      'logs host-17 path="/var/log/my app"',
      { diagnostic: 'logs', targets: 'host-17', params: { path: '/var/log/my app' } },
    ],
    [
      'logs host-17 path=“/var/log/my app”',
      { diagnostic: 'logs', targets: 'host-17', params: { path: '/var/log/my app' } },
    ],
    [
      'disk <http://host-17.example.org|host-17.example.org>',
      { diagnostic: 'disk', targets: 'host-17.example.org', params: {} },
    ],
    ['disk <@U1|docker>', { diagnostic: 'disk', targets: '@docker', params: {} }],
    ['disk <!subteam^S1|@web>', { diagnostic: 'disk', targets: '@web', params: {} }],
    ['logs h path=a&amp;b', { diagnostic: 'logs', targets: 'h', params: { path: 'a&b' } }],
    ['logs h path=', { diagnostic: 'logs', targets: 'h', params: { path: '' } }],
    ['logs h path=a=b', { diagnostic: 'logs', targets: 'h', params: { path: 'a=b' } }],
  ])('reads %j', (text, run) => {
    expect(diag(text)).toEqual({ kind: 'run', ...run });
  });

  it.each([
    ['', { kind: 'help', diagnostic: null }],
    ['   ', { kind: 'help', diagnostic: null }],
    ['help', { kind: 'help', diagnostic: null }],
    ['help disk', { kind: 'help', diagnostic: 'disk' }],
    ['list', { kind: 'list' }],
    ['hosts', { kind: 'hosts', filter: null }],
    ['hosts @web', { kind: 'hosts', filter: '@web' }],
  ])('reads %j', (text, command) => {
    expect(diag(text)).toEqual(command);
  });

  it('names what was probably meant, and an example', () => {
    expect(() => diag('dsk host-17')).toThrow(/"dsk"; did you mean "disk"\?.*\/diag disk host-17/);
    expect(() => diag('banana')).toThrow(/there are disk, logs, ports/);
  });

  it('refuses a parameter that is given twice', () => {
    expect(() => diag('disk h mount=/a mount=/b')).toThrow('mount is given twice');
  });

  it('keeps prototype keys harmless', () => {
    const command = diag('disk h constructor=1');
    expect(command).toMatchObject({ params: { constructor: '1' } });
    expect(diag('disk h __proto__=1')).toMatchObject({ targets: 'h,__proto__=1' });
  });
});

const OPEN = { kind: 'open', severity: null, hosts: null, here: false, private: false };

describe('/incident', () => {
  it.each([
    ['', { kind: 'help' }],
    ['help', { kind: 'help' }],
    ['list', { kind: 'list' }],
    ['open disk is full', { ...OPEN, title: 'disk is full' }],
    [
      "open can't reach host-17 sev=1 hosts=host-17,@web",
      { ...OPEN, title: "can't reach host-17", severity: 'SEV1', hosts: 'host-17,@web' },
    ],
    [
      'open Disk full hosts=host-17, host-18 , web-[1, 2] now',
      { ...OPEN, title: 'Disk full now', hosts: 'host-17,host-18,web-[1,2]' },
    ],
    [
      'open Disk full hosts=@web !web-3 sev=1',
      { ...OPEN, title: 'Disk full', severity: 'SEV1', hosts: '@web!web-3' },
    ],
    ['open one, two hosts=host-17', { ...OPEN, title: 'one, two', hosts: 'host-17' }],
    ['open “disk full” severity=sev3', { ...OPEN, title: 'disk full', severity: 'SEV3' }],
    ['open tcp_tw_reuse=1 drift', { ...OPEN, title: 'tcp_tw_reuse=1 drift' }],
    ['open disk full room=here', { ...OPEN, title: 'disk full', here: true }],
    ['open disk full private=yes', { ...OPEN, title: 'disk full', private: true }],
    ['ack', { kind: 'ack', incident: null }],
    ['ACK 20261120-7', { kind: 'ack', incident: '20261120-7' }],
    ['unack', { kind: 'unack', incident: null }],
    ['timeline 20261120-7', { kind: 'timeline', incident: '20261120-7' }],
    ['mitigate traffic is away', { kind: 'mitigate', incident: null, reason: 'traffic is away' }],
    ['merge 20261120-7', { kind: 'merge', incident: null, from: '20261120-7' }],
    ['merge 20261120-7 20261120-6', { kind: 'merge', incident: '20261120-6', from: '20261120-7' }],
    ['role commander me', { kind: 'role', incident: null, role: 'commander', user: 'me' }],
    ['role Scribe nobody', { kind: 'role', incident: null, role: 'scribe', user: null }],
    ['role commander <@U1|ada>', { kind: 'role', incident: null, role: 'commander', user: 'U1' }],
    [
      'page <@U1|ada> <!subteam^S2|@oncall> <@U1>',
      { kind: 'page', incident: null, people: ['U1', 'S2'] },
    ],
    [
      'page 20261120-7 <@U1|ada>, <@U2|grace> and <!subteam^S2|@oncall>',
      { kind: 'page', incident: '20261120-7', people: ['U1', 'U2', 'S2'] },
    ],
    [
      'update disk is being emptied eta=1h30m',
      { kind: 'update', incident: null, text: 'disk is being emptied', etaMinutes: 90 },
    ],
    [
      'update still looking',
      { kind: 'update', incident: null, text: 'still looking', etaMinutes: null },
    ],
    ['status', { kind: 'status', incident: null }],
    ['close', { kind: 'close', incident: null }],
    ['resolve', { kind: 'resolve', incident: null, reason: '' }],
    ['resolve log was truncated', { kind: 'resolve', incident: null, reason: 'log was truncated' }],
    [
      'resolve 20261120-7 done &amp; dusted',
      { kind: 'resolve', incident: '20261120-7', reason: 'done & dusted' },
    ],
    ['reopen', { kind: 'reopen', incident: null, reason: '' }],
    ['severity SEV1', { kind: 'severity', incident: null, severity: 'SEV1' }],
    ['severity 2', { kind: 'severity', incident: null, severity: 'SEV2' }],
    [
      'hosts add host-17, host-18',
      { kind: 'hosts', incident: null, change: 'add', targets: 'host-17,host-18' },
    ],
    [
      'hosts 20261120-7 remove @web',
      { kind: 'hosts', incident: '20261120-7', change: 'remove', targets: '@web' },
    ],
  ])('reads %j', (text, command) => {
    expect(parseIncident(text)).toEqual(command);
  });

  it.each([
    ['rsolve', /"rsolve"; did you mean "resolve" or "role"\? \(for example: \/incident resolve/],
    ['halp', /did you mean "help"\? \(for example: \/incident help\)/],
    ['banana', /"banana"; there are help, list, open, .*; for example: \/incident help/],
    ['20261120-7', /say what about 20261120-7; for example: \/incident status 20261120-7/],
    [`${'x'.repeat(3_000)} y`, /^.{1,400}$/],
    [`ack ${'x'.repeat(3_000)}`, /^.{1,200}$/],
    ['open', /needs a title/],
    ['open sev=SEV2', /needs a title/],
    ['open x sev=SEV9', /"SEV9" is no severity; there are SEV1, SEV2/],
    ['open x hosts=', /hosts= names no host/],
    ['severity', /no severity is given; there are SEV1/],
    ['severity high', /"high" is no severity/],
    ['hosts', /add or remove/],
    ['hosts add', /add or remove/],
    ['ack nonsense', /not an incident id/],
    ['open x room=there', /room="there", but it is here or new/],
    ['open x room=here private=yes', /leave private out/],
    ['role pilot me', /"pilot" is no role; there are commander/],
    ['role', /say which role; there are commander/],
    ['role comander me', /"comander" is no role; did you mean "commander"/],
    ['role commander', /nobody is named; say @somebody/],
    ['role commander ada', /"ada" is nobody/],
    ['role commander <!subteam^S2|@oncall>', /is nobody/],
    ['role commander me you', /one role at a time/],
    ['page', /nobody is named/],
    ['page ada', /"ada" is nobody/],
    ['page <@U1|ada> and bob', /"bob" is nobody/],
    ['page <@U1|ada> @grcae', /"@grcae" is nobody/],
    ['page 20261120-7 <@U1|ada> <!here>', /"@here" is nobody/],
    ['update', /needs a text/],
    ['update x eta=soon', /eta="soon", but it is up to a day/],
    ['update x eta=0m', /up to a day/],
    ['update x eta=25h', /up to a day/],
    ['merge', /name the incident/],
    ['merge mine', /name the incident/],
  ])('refuses %j with an example', (text, message) => {
    expect(() => parseIncident(text)).toThrow(message);
    expect(() => parseIncident(text)).toThrow(/for example: \/incident /);
  });

  it('takes every usage line that help shows', () => {
    for (const usage of Object.values(INCIDENT_USAGE)) {
      const typed = usage
        .replaceAll(/[[\]]/g, '')
        .replace('add|remove', 'add')
        .replace('here|private=yes', 'here')
        .replace('@ada', '<@U1|ada>');
      expect(parseIncident(typed).kind).not.toBe('help');
    }
  });
});

describe('what Slack sends for what was typed', () => {
  it.each([
    ['<@U1|ada> <@U2> <#C1|ops> <!here>', '@ada @U2 #ops @here'],
    ['<https://example.org/x|example.org> <mailto:a@b.org|a@b.org>', 'example.org a@b.org'],
    ['&lt;@U1&gt; &amp;lt;', '<@U1> &lt;'],
    ['a \u202e b', 'a  b'],
  ])('%j is %j', (sent, typed) => {
    expect(typedText(sent)).toBe(typed);
  });

  it('splits at spaces but not inside quotes that close', () => {
    expect(splitWords(`a "b c" 'd e' k="f g" it's "open end`)).toEqual([
      'a',
      'b c',
      'd e',
      'k=f g',
      "it's",
      '"open',
      'end',
    ]);
  });

  it('is read or refused with USAGE, whatever it is', () => {
    const anything = fc.string({
      unit: fc.constantFrom(
        'a',
        ' ',
        '=',
        ',',
        '"',
        "'",
        '[',
        ']',
        '<',
        '>',
        '@',
        '|',
        '&',
        '!',
        '\n',
        'open ',
        'disk ',
        'hosts add ',
        'sev=',
      ),
    });
    fc.assert(
      fc.property(anything, (text) => {
        for (const parse of [() => diag(text), () => parseIncident(text)]) {
          const error = failure(parse);
          expect(error === null || error.code === 'USAGE').toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('help', () => {
  it('shows every subcommand', () => {
    const text = JSON.stringify(incidentHelp());
    for (const usage of Object.values(INCIDENT_USAGE)) expect(text).toContain(usage);
    expect(JSON.stringify(diagHelp())).toContain('/diag hosts [filter]');
  });
});

/** The expected error of a call, or null when it succeeds; anything else is thrown on. */
function failure(run: () => unknown): HousecallError | null {
  try {
    run();
    return null;
  } catch (error) {
    if (error instanceof HousecallError) return error;
    throw error;
  }
}
