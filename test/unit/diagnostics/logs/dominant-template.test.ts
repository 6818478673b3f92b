import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/core/finding.ts';
import { assess } from '../../../../src/diagnostics/logs/assess.ts';
import type { FileFacts, LogSample, Reading } from '../../../../src/diagnostics/logs/reading.ts';
import { facts, GB, MB, openLog, params, reading, sample, searched } from './readings.ts';

const judged = (of: Partial<Reading>, given: Record<string, unknown> = {}): readonly Finding[] =>
  assess(reading(of), params(given));

function one(findings: readonly Finding[], code: string): Finding {
  const [found] = findings.filter((finding) => finding.code === `logs.${code}`);
  if (found === undefined) throw new Error(`no ${code}: ${findings.map((f) => f.code).join()}`);
  return found;
}

const dominant = (log: Partial<LogSample>, of: Partial<Reading> = {}): Finding =>
  one(judged({ logs: [sample(log)], ...of }), 'dominant-template');

const fs = (usedPercent: number, sizeBytes = 100 * GB): FileFacts['fs'] => ({
  sizeBytes,
  availableBytes: sizeBytes * (1 - usedPercent / 100),
  usedPercent,
});

describe('the message that dominates', () => {
  it('is told of a log that was asked for, with its figures', () => {
    const { status, title, data, detail, evidence } = dominant({});
    expect(status).toBe('ok');
    expect(title).toBe(
      '`/var/log/app.log` has 12.3 kB; 80 % of its bytes are one message: `job <n> is done`',
    );
    expect(data).toEqual({
      path: '/var/log/app.log',
      template: 'job <n> is done',
      bytesShare: 0.8,
      linesShare: 0.8,
      averageLineBytes: 100,
      sizeBytes: 12_288,
      readBytes: 10_000,
      example: 'job 1 is done',
      templates: [
        { template: 'job <n> is done', bytesShare: 0.8 },
        { template: 'started', bytesShare: 0.2 },
      ],
    });
    expect(detail.split('\n')).toEqual([
      'It makes 80 % of the bytes and 80 % of the lines; a line has 100 B.',
      'Nobody has it open for writing.',
      '20 %: `started`',
      'Counted in the whole of it (10 kB).',
    ]);
    expect(evidence[0]?.output).toContain('for example: job 1 is done');
    expect(evidence[0]?.argv).toEqual(['dd', 'if=/var/log/app.log', 'bs=1048576', '(1 block)']);
  });

  it('is silent of a log that nobody asked for and that does no harm', () => {
    expect(judged({ ...searched, logs: [sample()] })).toEqual([]);
  });

  it('dominates from a fifth of the bytes on', () => {
    const kinds = (bytes: number) => [
      { bytes, lines: 1, text: 'alpha' },
      ...'bcdefghijk'.split('').map((name) => ({ bytes: 80, lines: 1, text: name.repeat(4) })),
    ];
    expect(dominant({ patterns: kinds(200) }).data['bytesShare']).toBe(0.2);
    expect(judged({ logs: [sample({ patterns: kinds(199) })] })).toEqual([]);
    const many = dominant({ patterns: kinds(150), file: facts({ diskBytes: GB }) });
    expect(many.title).toBe(
      '`/var/log/app.log` has 1 GB, of many kinds; the largest makes 15.8 %: `alpha`',
    );
    expect(many.status).toBe('warning');
  });

  it.each([
    ['1 GB', { diskBytes: GB }, 'warning'],
    ['less', { diskBytes: GB - 1 }, 'ok'],
    ['a tenth of its file system', { diskBytes: 10 * MB, fs: fs(50, 100 * MB) }, 'warning'],
    ['less than a tenth', { diskBytes: 10 * MB - 1, fs: fs(50, 100 * MB) }, 'ok'],
    ['less than 1 MB', { diskBytes: MB - 1, fs: fs(50, 2 * MB) }, 'ok'],
    ['a hundredth of one that is 75 % full', { diskBytes: 10 * MB, fs: fs(75, GB) }, 'warning'],
    ['less than that', { diskBytes: 10 * MB - 1, fs: fs(75, GB) }, 'ok'],
    ['a hundredth of one that is less full', { diskBytes: 10 * MB, fs: fs(74.9, GB) }, 'ok'],
    ['a tenth of one that is 90 % full', { diskBytes: 100 * MB, fs: fs(90, GB) }, 'critical'],
    ['a tenth of one that is less full', { diskBytes: 100 * MB, fs: fs(89.9, GB) }, 'warning'],
    ['less than a tenth of a full one', { diskBytes: 100 * MB - 1, fs: fs(95, GB) }, 'warning'],
    ['unknown room', { diskBytes: 100 * MB, fs: null }, 'ok'],
  ] as const)('presses by its size: %s', (_, file, status) => {
    const finding = dominant({ file: facts(file) });
    expect(finding.status).toBe(status);
    const offered = finding.fixes.map(({ fix }) => fix);
    expect(offered).toEqual(status === 'ok' ? [] : ['truncate-log']);
  });

  it.each([
    ['1 MB/s', 1_000_000, fs(0, 1000 * GB), 'warning'],
    ['less', 999_999, fs(0, 1000 * GB), 'ok'],
    ['full within a day', 1000, fs(0, 86_399_000), 'warning'],
    ['not within a day', 1000, fs(0, 86_400_000), 'ok'],
    ['full within the hour', 1000, fs(0, 3_599_000), 'critical'],
    ['not within the hour', 1000, fs(0, 3_600_000), 'warning'],
    ['shrinking', -5_000_000, fs(0, 3_599_000), 'ok'],
  ] as const)('presses by its growth: %s', (_, bytes, room, status) => {
    const finding = dominant({ growth: { bytes, seconds: 1 }, file: facts({ fs: room }) });
    expect(finding.status).toBe(status);
  });

  it('says how its growth is known, and nothing of what is too short to tell', () => {
    const sizes = dominant({ growth: { bytes: 600, seconds: 2 } });
    expect(sizes.data['bytesPerSecond']).toBe(300);
    expect(sizes.title).toContain('12.3 kB and grows by 300 B/s; 80 %');
    expect(sizes.detail).toContain('by 300 B/s (by its size, looked at twice within 2.0 s)');
    const stamps = [0, 100].map((second) => ({
      offset: second * 50,
      text: String(1_790_000_000 + second),
    }));
    const times = dominant({ stamps, growth: { bytes: 0, seconds: 1 } });
    expect(times.data['bytesPerSecond']).toBe(50);
    expect(times.title).not.toContain('grows');
    expect(times.detail).toContain('by the times in its last lines, over 1 min 40 s');
    expect(dominant({ growth: { bytes: 600, seconds: 0.4 } }).data).not.toHaveProperty(
      'bytesPerSecond',
    );
  });

  it('names the writer, its container, and how it writes', () => {
    const containerId = 'c0ffee'.padEnd(64, '0');
    const open = [
      openLog({ inode: 8 }),
      openLog({ device: '8:2' }),
      openLog({ containerId, holders: 3, flags: 0o100001 }),
    ];
    const { data, detail } = dominant({}, { open });
    expect(data).toMatchObject({ pid: 71, process: 'app', container: 'c0ffee000000' });
    expect(detail).toContain(
      'Written by app (pid 71, container c0ffee000000) and 2 other processes, without O_APPEND',
    );
    expect(dominant({}, { open: [openLog()] }).detail).toContain('Written by app (pid 71).');
    expect(dominant({}, { open: [openLog({ flags: null })] }).detail).toContain(
      'Written by app (pid 71).',
    );
  });

  it('says when the writer could not be seen', () => {
    const none = { privilege: 'none', processes: { total: 10, denied: 9 } } as const;
    expect(dominant({}, none).detail).toContain(
      'Who writes it could not be seen: 1 of 10 processes readable.',
    );
    const few = { processes: { total: 10, denied: 5 } };
    expect(dominant({}, few).detail).toContain('Nobody has it open');
    expect(dominant({}, { processes: { total: 10, denied: 6 } }).detail).toContain(
      'could not be seen',
    );
  });

  it('is called by its container, and its wrapping counts', () => {
    const text = '{"log":"boom 1\\n","stream":"stdout","time":"x"}';
    const { title, data, detail } = dominant({
      container: 'web',
      patterns: [{ bytes: 90, lines: 1, text }],
    });
    expect(title).toMatch(/^The log of container web has .* one message: `boom <n>`$/);
    expect(data).toMatchObject({ container: 'web', example: 'boom 1' });
    expect(detail).toContain("docker's wrapping included");
    expect(detail).toContain('Nobody has it open for writing; it is the log of container web.');
  });

  it('tells how much of the log was looked at, holes, and rotations that were not', () => {
    const { detail } = dominant({
      plan: { unitBytes: 49_152, blocks: 512, mode: 'blocks' },
      holeBytes: 3 * GB,
      older: { count: 2, bytes: 5000, first: '/var/log/app.log.2.gz' },
      file: facts({ sizeBytes: 2 * GB }),
    });
    expect(detail).toContain('Estimated from 10 kB in 512 places spread over all of its 2 GB.');
    expect(detail).toContain('Its first 3 GB are a hole without blocks');
    expect(detail).toContain(
      '2 compressed rotations beside it (5 kB, `/var/log/app.log.2.gz`) were not read.',
    );
    const single = dominant({ older: { count: 1, bytes: 5000, first: '/x.gz' } });
    expect(single.detail).toContain(
      '1 compressed rotation beside it (5 kB, `/x.gz`) was not read.',
    );
  });

  it('says which logs were looked at when others were left', () => {
    const search = {
      ...searched,
      search: { ...searched.search, candidates: 9 } as Reading['search'],
    };
    const logs = [sample({ file: facts({ diskBytes: GB }) }), sample({ path: '/var/log/b' })];
    expect(one(judged({ ...search, logs }), 'dominant-template').detail).toContain(
      'Looked at the 2 of 9 logs that are largest or grow most: `/var/log/app.log`, `/var/log/b`.',
    );
  });

  it('is not emptied when it is deleted, within a container, no log by its name, or not to be named', () => {
    const large = facts({ diskBytes: GB });
    for (const log of [
      { deleted: true },
      { path: '/srv/table.ibd' },
      { path: '/var/log/a\\n.log' },
      { unit: true },
    ])
      expect(dominant({ file: large, ...log }).fixes).toEqual([]);
    expect(dominant({ file: large }, { open: [openLog({ foreign: true })] }).fixes).toEqual([]);
    expect(dominant({ file: large }).fixes).toEqual([
      { fix: 'truncate-log', params: { path: '/var/log/app.log' } },
    ]);
    expect(dominant({ file: large, deleted: true }).title).toContain(
      '`/var/log/app.log` (deleted) has 1 GB',
    );
  });

  it('of a journal is what was read', () => {
    const { title, detail, data, evidence } = dominant({
      unit: true,
      path: 'unit x.service',
      file: null,
      plan: { unitBytes: 1, blocks: 1, mode: 'journal' },
    });
    expect(title).toContain('`unit x.service` has 10 kB');
    expect(detail).toContain('It is read from the journal, newest lines first.');
    expect(detail).toContain('Counted in its newest 10 kB.');
    expect(data['path']).toBe('unit x.service');
    expect(evidence[0]?.argv).toContain('--unit=x.service');
  });
});
