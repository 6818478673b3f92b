import { describe, expect, it } from 'vitest';
import { type Draft, fixture } from '../../../support/vitals-reading.ts';

const healthy = fixture('healthy').section('finish', 'elapsed 300\n');

/** The host read this clock; Housecall sent the question at 1000 s and waited so long. */
function asked(hostTime: string, durationMs: number): Draft {
  return healthy
    .line('time', `time 9999900 ${hostTime}`)
    .result({ startedAt: new Date(1_000_000).toISOString(), durationMs });
}

describe("vitals: the host's clock against Housecall's", () => {
  it.each([
    // Three seconds of it the host says that it was busy: 200 ms are not known.
    ['1000.100000', 3200, null],
    ['1001.199999', 3200, null],
    ['1001.200001', 3200, 'warning'],
    ['998.999', 3200, 'warning'],
    ['999.001', 3200, null],
    ['1030.3', 3200, 'critical'],
    ['969.9', 3200, 'critical'],
    // A slow way: nothing is certain.
    ['1004.0', 9000, null],
    ['1007.5', 9000, 'warning'],
    // busybox: whole seconds, so one more is not known.
    ['998', 3200, 'warning'],
    ['999', 3200, null],
    ['1001', 3200, null],
    ['1002', 3200, 'warning'],
  ])('a host at %s asked for %i ms is %s', (time, durationMs, status) => {
    expect(
      asked(time, durationMs)
        .titles('clock')
        .map((one) => one.split(' ')[0]),
    ).toEqual(status === null ? [] : [status]);
  });

  it('says ahead, behind, and by how much', () => {
    expect(asked('1300.1', 3200).titles('clock')).toEqual([
      "critical The clock is 5 min ahead of Housecall's",
    ]);
    expect(asked('957.7', 3200).titles('clock')).toEqual([
      "critical The clock is 42.4 s behind Housecall's",
    ]);
  });

  it('does not compare what carries no time, and says so', () => {
    const { startedAt: _, ...bare } = { startedAt: '' };
    const draft = healthy.result({ ...bare, startedAt: 'never' });
    expect(draft.titles('clock')).toEqual([]);
    expect(draft.judge().notes).toContain('the clock was not compared');
  });
});

describe('vitals: who keeps the clock', () => {
  const said = (...lines: readonly string[]): Draft =>
    healthy.section('clock', `${lines.join('\n')}\n`);

  it.each([
    [
      [
        'chronyc System time     : 0.2 seconds slow of NTP time',
        'chronyc Leap status     : Normal',
      ],
      null,
    ],
    [
      [
        'chronyc System time     : 1.5 seconds slow of NTP time',
        'chronyc Leap status     : Normal',
      ],
      'warning The clock is 1.5 s away from its time servers, says chrony',
    ],
    [
      ['chronyc System time     : 31 seconds fast of NTP time', 'chronyc Leap status     : Normal'],
      'critical The clock is 31 s away from its time servers, says chrony',
    ],
    [
      ['chronyc Leap status     : Not synchronised'],
      'warning The clock is not synchronised, says chrony',
    ],
    [
      ['timedatectl NTP=yes', 'timedatectl NTPSynchronized=no'],
      'warning The clock is not synchronised, says systemd',
    ],
    [['timedatectl NTP=no', 'timedatectl NTPSynchronized=no'], null],
    [['timedatectl NTP=yes', 'timedatectl NTPSynchronized=yes'], null],
    [['timesyncd synchronized', 'timedatectl NTPSynchronized=no'], null],
    [
      [
        'ntpq associd=0 status=c016 leap_alarm, sync_unspec, 1 event, restart,',
        'ntpq stratum=16, offset=0.000',
      ],
      'warning The clock is not synchronised, says ntpd',
    ],
    [
      [
        'ntpq associd=0 status=0615 leap_none, sync_ntp,',
        'ntpq stratum=3, offset=-2500.000, frequency=1',
      ],
      'warning The clock is 2.5 s away from its time servers, says ntpd',
    ],
    [['adjtimex     status:       64 (UNSYNC)'], null],
    [['adjtimex     status:       8193 (PLL)'], null],
  ])('%j is %s', (lines, title) => {
    expect(said(...lines).titles('clock')).toEqual(title === null ? [] : [title]);
  });

  it('notes that nobody does where only the kernel says so', () => {
    const note = 'no time daemon found, and the kernel calls the clock not synchronised';
    expect(said('adjtimex     status:       64 (UNSYNC)').judge().notes).toContain(note);
    expect(said('adjtimex     status:       1 (PLL)').judge().notes).not.toContain(note);
    expect(said('').judge().notes).toContain('nobody could say whether the clock is synchronised');
  });
});
