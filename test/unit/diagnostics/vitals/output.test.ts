import { describe, expect, it } from 'vitest';
import { fixture } from '../../../support/vitals-reading.ts';

const healthy = fixture('healthy');

describe('vitals: what the host prints', () => {
  it.each([
    ['host', 'time soon 1795263527\nuid 0\ntick 100\npage 4096\npid1 visible\n'],
    ['host', 'time 99 1795263527x\nuid 0\ntick 100\npage 4096\npid1 visible\n'],
    ['host', 'something else\n'],
    ['sample', 'load 1 1 1 1/2 3\n'],
    ['sample', 'at 99\nload 1 1 1 1/2 3\nrm -rf /\n'],
    ['sample', 'at 99\nload 1 1 1 1/2 3\nqueue 1 ZZ:1 1 00000001\n'],
    ['memory', 'MemFree: 1 kB\n'],
    ['memory', 'MemTotal: lots kB\n'],
    ['pressure', 'cpu some avg10=1.00\n'],
    ['kernel', 'source dmesg\nclass io many 0\n'],
    ['kernel', 'source dmesg\nunheard of\n'],
    ['directories', 'elsewhere sda 1 /\n'],
    ['cgroups', 'walked 1 0\nmore\n'],
    ['cgroups', 'walked 1 0\ngroup 1 0 - - - - x /a\n'],
    ['descriptors', 'how size\nseen 1 1\n'],
    ['descriptors', 'system 1\t0\t2\nother 1\n'],
    ['limits', 'kernel/pid_max none\n'],
    ['conntrack', 'nf_conntrack_count 1\nnf_conntrack_max -1\n'],
    ['waits', 'unknown 1/1\n'],
    ['queues', 'unknown 1\n'],
    ['finish', 'elapsed soon\n'],
  ])('in %s is refused rather than guessed: %j', (section, body) => {
    expect(() => healthy.section(section, body).judge()).toThrow(
      expect.objectContaining({ code: 'OUTPUT_UNREADABLE' }),
    );
  });

  it('is refused when it is not ours at all, with what the host said instead', () => {
    const draft = healthy.upTo('@').result({ stderr: 'a\nsh: not found\n', exitCode: 127 });
    expect(() => draft.judge()).toThrow(/\(exit status 127\): sh: not found$/);
    const mute = healthy.upTo('@').result({ exitCode: null });
    expect(() => mute.judge()).toThrow(/\(exit status none\): no error text$/);
  });

  it.each([
    [{ timedOut: true }, 'it ran into its time limit, in the part "limits"'],
    [{ outputTruncated: true }, 'its output was larger than the limit'],
    [{}, 'its output ends early, in the part "limits"'],
  ])('that is cut off is unknown: %j', (facts, words) => {
    const cut = healthy.upTo('@f1x7u2e0 end limits').result(facts);
    expect(cut.titles('coverage')).toEqual([`unknown The probe did not finish: ${words}`]);
  });

  it('shows escapes of a hostile name and never hands it on as a parameter', () => {
    const body =
      'system 1\t0\t9999\nhow size\nseen 1 1\nprocess 7 99 64 64 \\033[2J\\012x\nin 7 /system.slice/a\\134x2db.service\n';
    const [found] = healthy.section('descriptors', body).judge().findings;
    expect(found?.title).toContain('`\\e[2J\\nx` (pid 7)');
    expect(found?.next).toEqual([]);
  });

  it('of a host without timeout says that much was left out', () => {
    const draft = healthy.line('pid1', 'pid1 visible\nmissing timeout');
    const found = draft.judge().findings.map(({ code, title }) => `${code} ${title}`);
    expect(found).toEqual([
      'vitals.coverage The host has no `timeout`: whatever may block was left out',
    ]);
  });

  it('counts what was walked when the walk took too long', () => {
    const draft = healthy.section('cgroups', 'walked 1200 1\n');
    expect(draft.titles('coverage')).toEqual([
      'unknown Only 1,200 control groups were looked at: the walk took too long',
    ]);
  });
});
