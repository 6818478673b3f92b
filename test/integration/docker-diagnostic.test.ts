import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boxProblem } from '../support/box.ts';
import { createDockerBox, DATA_ROOT, type DockerBox, furnish } from '../support/docker-box.ts';
import { dockerProblem } from '../support/dockerd.ts';

const problem = boxProblem() ?? dockerProblem();
const IMAGES = `${DATA_ROOT}/image/overlay2`;

/** What is done to the layer of lab/app:1 (`$l`), its data (`$o`) or its configuration (`$c`), and what is said of it. */
const DAMAGES: readonly (readonly [
  what: string,
  how: string,
  problem: string,
  title: string,
  offered: 'layer' | 'image',
])[] = [
  ['an empty diff', ': >$l/diff', 'diff-empty', 'diff is empty', 'layer'],
  [
    'a diff of zero bytes',
    'head -c 71 /dev/zero >$l/diff',
    'diff-wrong',
    'diff is garbage',
    'layer',
  ],
  ['an empty cache-id', ': >$l/cache-id', 'cache-id-empty', 'cache-id is empty', 'layer'],
  ['an empty size', ': >$l/size', 'size-empty', 'size is empty', 'layer'],
  ['an empty parent', ': >$l/parent', 'parent-empty', 'parent is empty', 'layer'],
  ['no parent', 'rm $l/parent', 'digest-wrong', 'do not give its id', 'layer'],
  [
    'another diff',
    'printf "sha256:%064d" 7 >$l/diff',
    'digest-wrong',
    'do not give its id',
    'layer',
  ],
  ['no layer', 'rm -r $l', 'missing', 'its entry is missing', 'image'],
  ['no data', 'rm -r $o', 'data-missing', 'its data are missing', 'layer'],
  ['an empty lower', ': >$o/lower', 'lower-empty', 'lower is empty', 'layer'],
  [
    'files without content',
    ': >$o/diff/app/data',
    'content-short',
    'files lost their content (1 B of 500 kB)',
    'layer',
  ],
  ['an empty configuration', ': >$c', 'config-empty', 'config is empty', 'image'],
  ['a truncated configuration', 'truncate -s 300 $c', 'config-digest', 'digest', 'image'],
];

describe.skipIf(problem !== null)('docker, on a host with a real daemon', () => {
  let host: DockerBox;
  beforeAll(async () => {
    host = await createDockerBox({ configFile: '/etc/docker/daemon.json' });
    host.box.run('echo {} >/etc/docker/daemon.json');
    await host.dockerd.start();
    furnish(host);
  }, 60_000);
  afterAll(() => host?.close());

  it.each(['sh', 'bash', 'busybox'] as const)('says ok of a healthy one, under %s', (shell) => {
    const { codes, notes, get } = host.look({ shell });
    expect(codes).toEqual(['unbounded-logs']);
    expect(get('unbounded-logs').status).toBe('ok');
    expect(get('unbounded-logs').data).toMatchObject({ containers: ['victim'] });
    expect(notes).toEqual([]);
  });

  it('says what a user without rights and one of the group docker cannot see', () => {
    const plain = host.look({ user: 'plain' });
    expect(plain.codes).toEqual(['coverage']);
    expect(plain.get('coverage').title).toContain('cannot be read without root');
    expect(plain.notes.join()).toContain('its socket is closed to this account');
    const group = host.look({ user: 'docker' });
    expect(group.codes).toEqual(['coverage']);
    expect(group.notes.join()).toContain('as good as root');
    expect(group.notes.join()).not.toContain('was not asked');
  });

  it('never hangs on a daemon that is stopped, and says so to any user', async () => {
    await host.dockerd.kill('STOP');
    try {
      for (const user of ['root', 'docker', 'plain'] as const) {
        const slow = host.look({ user }).get('daemon-slow');
        expect(slow.status).toBe('critical');
        expect(slow.data).toMatchObject({ reason: 'stopped', pid: host.dockerd.pid() });
      }
    } finally {
      await host.dockerd.kill('CONT');
    }
  }, 30_000);

  it('names a daemon that was killed, and looks at the store all the same', async () => {
    await host.dockerd.kill('KILL');
    const { codes, get } = host.look();
    expect(codes).toEqual(['daemon-down']);
    expect(get('daemon-down').data).toMatchObject({ reason: 'killed' });
    expect(host.look({ user: 'plain' }).codes).toEqual(['daemon-down', 'coverage']);
  });

  describe('with damage in the store', () => {
    beforeAll(async () => {
      await host.dockerd.start();
      // What ran is ended by a daemon that starts anew; until then it keeps its file system mounted.
      await host.dockerd.kill('TERM');
      host.box.run(`mkdir /run/whole; cp -a ${DATA_ROOT}/image ${DATA_ROOT}/overlay2 /run/whole`);
    });

    it.each(DAMAGES)('finds %s', (_what, how, wanted, title, offered) => {
      const ids = host.box.run(`
        for l in ${IMAGES}/layerdb/sha256/*; do [ ! -e $l/parent ] || break; done
        image=$(sed 's/.*"lab.app:1":"sha256:\\([0-9a-f]*\\).*/\\1/' ${IMAGES}/repositories.json)
        c=${IMAGES}/imagedb/content/sha256/$image o=${DATA_ROOT}/overlay2/$(cat $l/cache-id)
        { ${how}; } >/dev/null
        echo "\${l##*/} $image"`);
      const [layer, image] = ids.trim().split(' ');
      try {
        const { codes, get } = host.look();
        expect(codes).toEqual(['daemon-down', 'layer-store-corrupt']);
        const { title: said, detail, data, fixes } = get('layer-store-corrupt');
        expect(said).toContain(title);
        expect(data['problem']).toBe(wanted);
        expect(data).toMatchObject({
          images: ['lab/app:1'],
          containers: ['victim'],
          healthy: expect.arrayContaining(['lab/base:1', 'lab/healthy:1']),
        });
        expect(detail).toContain('Do not prune');
        const params =
          offered === 'layer' ? { layer: `sha256:${layer}` } : { image: `sha256:${image}` };
        expect(fixes).toEqual([{ fix: 'quarantine-image', params }]);
      } finally {
        host.box.run(`
          rm -r ${DATA_ROOT}/image ${DATA_ROOT}/overlay2
          cp -a /run/whole/* ${DATA_ROOT}`);
      }
    });

    it('counts what builds on a layer as hit too', () => {
      host.box.run(`
        for l in ${IMAGES}/layerdb/sha256/*; do [ ! -e $l/parent ] || break; done
        : >${IMAGES}/layerdb/sha256/$(cut -d: -f2 $l/parent)/cache-id`);
      const { data, detail } = host.look().get('layer-store-corrupt');
      expect(data['images']).toEqual(expect.arrayContaining(['lab/app:1', 'lab/base:1']));
      expect(data).toMatchObject({ containers: ['victim'], healthy: ['lab/healthy:1'] });
      expect(detail).toContain('1 layer build');
      host.box.run(`rm -r ${DATA_ROOT}/image; cp -a /run/whole/image ${DATA_ROOT}`);
    });

    it('tells containers whose own files are damaged', () => {
      host.box.run(`
        cp -a ${DATA_ROOT}/containers /run/containers
        set -- ${DATA_ROOT}/containers/*
        : >$1/config.v2.json
        rm -r ${IMAGES}/layerdb/mounts/\${2##*/}`);
      const found = host.look().findings.filter((one) => one.code === 'docker.container-unusable');
      const problems = found.map((one) => one.data['problem']);
      expect(problems).toEqual(expect.arrayContaining(['config-empty', 'mount-missing']));
      expect(problems).toHaveLength(2);
      host.box.run(`
        rm -r ${DATA_ROOT}/image ${DATA_ROOT}/containers
        cp -a /run/whole/image /run/containers ${DATA_ROOT}`);
    });
  });

  describe('when it does not start', () => {
    const dies = async (how: string, back: string) => {
      host.box.run(how);
      await expect(host.dockerd.start()).rejects.toThrow('dockerd ended');
      const look = host.look();
      host.box.run(back);
      const { data, fixes, title, next } = look.get('daemon-down');
      expect(fixes).toEqual([]);
      const offered = look.findings.flatMap((one) => one.fixes);
      return { reason: data['reason'], title, next, look, offered };
    };

    it('tells a bad configuration from a damaged store', async () => {
      const config = '/etc/docker/daemon.json';
      const { reason, look, offered } = await dies(
        `echo '{"debug":true,}' >${config}`,
        `echo {} >${config}`,
      );
      expect(reason).toBe('configuration');
      expect(look.codes).toEqual(['daemon-down']);
      expect(offered).toEqual([]);
    });

    it('tells a full disk, and suggests to look at it', async () => {
      const fill = `head -c 1G /dev/zero >${DATA_ROOT}/fill 2>/dev/null || true`;
      const { reason, next, title, offered } = await dies(fill, `rm ${DATA_ROOT}/fill`);
      expect(reason).toBe('no-space');
      expect(title).toContain('is full');
      expect(next).toEqual([{ diagnostic: 'disk', params: { mount: DATA_ROOT } }]);
      expect(offered).toEqual([]);
    });

    it('tells an empty repositories.json, and calls images as their containers do', async () => {
      const file = `${IMAGES}/repositories.json`;
      const { reason, look, offered } = await dies(
        `cp -a ${file} /run/r; : >${file}`,
        `cp -a /run/r ${file}`,
      );
      expect(reason).toBe('reference-store');
      const store = look.get('layer-store-corrupt');
      expect(store.title).toContain('repositories.json is empty');
      expect(store.data['healthy']).toEqual(expect.arrayContaining(['lab/app:1', 'lab/healthy:1']));
      expect(offered).toEqual([]);
    });
  });

  it('says what a newer daemon hides: it starts with an empty diff, and image and container are gone from view', async () => {
    host.box.run(`for l in ${IMAGES}/layerdb/sha256/*; do [ ! -e $l/parent ] || : >$l/diff; done`);
    await host.dockerd.start();
    expect(host.dockerd.docker('images', '--format', '{{.Repository}}')).not.toContain('lab/app');
    expect(host.dockerd.docker('ps', '-a', '--format', '{{.Names}}')).toBe('keep');
    const { codes, get } = host.look();
    expect(codes).not.toContain('daemon-down');
    const { detail, data } = get('layer-store-corrupt');
    expect(detail).toContain('Docker does not show 1 image and 1 container of these now.');
    expect(data).toMatchObject({ images: ['lab/app:1'], containers: ['victim'] });
  });
});

describe.skipIf(problem !== null)('docker, with the storage driver vfs', () => {
  it('finds an empty diff and missing data', { timeout: 60_000 }, async () => {
    const host = await createDockerBox({ driver: 'vfs' });
    try {
      await host.dockerd.start();
      furnish(host);
      expect(host.look().codes).toEqual(['unbounded-logs']);
      host.box.run(`
        for l in ${DATA_ROOT}/image/vfs/layerdb/sha256/*; do [ ! -e $l/parent ] || break; done
        : >$l/diff
        mv ${DATA_ROOT}/vfs/dir/$(cat $l/cache-id) /run/data`);
      const { data } = host.look().get('layer-store-corrupt');
      expect(data).toMatchObject({ problem: 'diff-empty, data-missing', images: ['lab/app:1'] });
    } finally {
      host.close();
    }
  });

  it('says that a daemon was never started where there is only the program', async () => {
    const host = await createDockerBox();
    try {
      const { codes, get } = host.look();
      expect(codes).toEqual(['daemon-down']);
      expect(get('daemon-down').data).toMatchObject({ reason: 'never-started', lastWords: null });
    } finally {
      host.close();
    }
  });
});
