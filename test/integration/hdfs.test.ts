import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lookAtHdfs } from '../support/hdfs/look.ts';
import { createStandIn, registryState, type StandIn } from '../support/hdfs/stand-in.ts';

const UPLOADS = '/infra/dockerRegistry/_uploads';

/** With the stand-in: what the real client says stands in hdfs-cluster.test.ts. */
describe('hdfs through the client of a gateway', () => {
  let site: StandIn;
  beforeAll(() => {
    site = createStandIn(registryState());
  });
  afterEach(() => site.change(() => registryState()));
  afterAll(() => site.close());

  it.each([['dash'], ['bash'], ['busybox', 'sh']])(
    'finds the directory with a million entries, its age and its size, with %s %s',
    (...shell) => {
      const { findings, status } = lookAtHdfs(site, { path: UPLOADS }, { shell, user: 'hdfs' });
      expect(status).toBe('critical');
      expect(findings.map(({ title }) => title)).toEqual([
        `\`${UPLOADS}\` is full: 1,048,576 items, the limit is 1,048,576, 1.9 PB, oldest seen from 2017-01-01`,
      ]);
      expect(findings[0]?.data).toMatchObject({
        items: 1_048_576,
        limit: 1_048_576,
        oldest: '2017-01-01T00:00:00Z',
        sizeBytes: 1_048_576 * 1_825_361_100,
        exact: true,
        sampled: 2000,
      });
      expect(findings[0]?.fixes).toEqual([
        { fix: 'set-aside-directory', params: { path: UPLOADS } },
      ]);
    },
  );

  it('finds it from the top without being told which it is', { timeout: 200_000 }, () => {
    // Many questions, each a process of its own: a loaded machine takes its time.
    const { findings } = lookAtHdfs(site, { path: '/' }, { user: 'hdfs', budgetSeconds: 180 });
    expect(findings.map(({ subject }) => subject)).toEqual([UPLOADS]);
  });

  it('says ok of a directory that has room', () => {
    site.change(() => registryState(2113));
    expect(lookAtHdfs(site, { path: UPLOADS }, { user: 'hdfs' })).toMatchObject({
      status: 'ok',
      findings: [],
    });
  });

  it('tells a directory of this host from one of HDFS', () => {
    const { findings } = lookAtHdfs(site, { path: '/usr' }, { user: 'hdfs' });
    expect(findings[0]).toMatchObject({ code: 'hdfs.coverage', status: 'unknown' });
    expect(findings[0]?.title).toMatch(/^`\/usr` does not exist in HDFS/);
  });

  it('ends in time when the NameNode answers nothing, and says so', () => {
    site.change((state) => ({ ...state, fail: [{ when: 'dfs -count', seconds: 60 }] }));
    const { findings } = lookAtHdfs(site, { path: UPLOADS }, { user: 'hdfs', budgetSeconds: 6 });
    expect(findings[0]).toMatchObject({ code: 'hdfs.coverage', status: 'unknown' });
    expect(findings[0]?.title).toContain('it did not answer in time');
  });

  it('runs without the options of its own when the JVM does not take them', () => {
    const words = 'Error: Could not create the Java Virtual Machine.';
    site.change((state) => ({ ...state, refuseOptions: words }));
    const { status } = lookAtHdfs(site, { path: UPLOADS }, { user: 'hdfs' });
    expect(status).toBe('critical');
  });

  it.each([
    '/infra/a b/$(touch x)\'"`;&|',
    '/infra/a b/*{x,y}[z]?',
    '/infra/a b/\\d',
    '/infra/a b/üñ',
  ])('takes a name literally: %s', (name) => {
    const uploads = registryState().nodes[UPLOADS];
    if (uploads === undefined) throw new Error('no uploads');
    const { synthetic: _, ...empty } = uploads;
    site.change((state) => ({
      ...state,
      nodes: { ...state.nodes, '/infra/a b': empty, [name]: uploads, '/infra/a b/xz1': empty },
    }));
    const { findings } = lookAtHdfs(site, { path: name }, { user: 'hdfs' });
    expect(findings.map(({ data }) => data['path'])).toEqual([name]);
  });

  it.each(['/a\nb', '/a/../b', 'a', '', '/\u202ea'])('refuses the path %j', (name) => {
    expect(() => lookAtHdfs(site, { path: name })).toThrow(
      expect.objectContaining({ code: 'PARAMS_INVALID' }),
    );
  });

  it('writes nothing, not even a temporary file', () => {
    const home = mkdtempSync(path.join(tmpdir(), 'housecall-hdfs-trace-'));
    try {
      const trace = path.join(home, 'trace');
      const done = spawnSync('strace', ['-V']);
      if (done.error !== undefined) return console.warn('strace: skipped, it is not installed');
      lookAtHdfs(
        site,
        { path: UPLOADS },
        {
          user: 'hdfs',
          shell: [
            'strace',
            '-qq',
            '-e',
            'trace=openat,open,creat,unlink,rename,mkdir',
            '-o',
            trace,
            'bash',
          ],
        },
      );
      const written = spawnSync(
        'grep',
        ['-E', 'O_CREAT|O_WRONLY|O_RDWR|unlink|rename|mkdir', trace],
        { encoding: 'utf8' },
      );
      expect(
        written.stdout.split('\n').filter((line) => line !== '' && !line.includes('/dev/')),
      ).toEqual([]);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
});
