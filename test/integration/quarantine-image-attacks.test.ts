import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Step } from '../../src/core/plan.ts';
import { quarantineImage } from '../../src/fixes/quarantine-image/index.ts';
import { boxProblem } from '../support/box.ts';
import { dockerProblem } from '../support/dockerd.ts';
import { createImageStoreLab, type ImageStoreLab } from '../support/image-store-lab.ts';
import { answers, FixInBox, SAVE, stepOf } from '../support/service-box.ts';

/** Positions in the argv of `quarantine`. */
const AT = { boot: 6, root: 7, place: 8, pid: 13, start: 14, id: 16, state: 17 };

describe.skipIf((boxProblem() ?? dockerProblem()) !== null)('quarantine-image under attack', () => {
  let lab: ImageStoreLab;
  let damaged: string;
  beforeAll(async () => {
    lab = await createImageStoreLab('overlay2');
    lab.damage(`: >${lab.top}/layerdb/sha256/${lab.layer}/diff`);
    damaged = lab.fingerprint();
  });
  afterAll(() => lab?.close());

  const fixOf = (shell: 'dash' | 'busybox' = 'dash'): FixInBox =>
    new FixInBox(lab.box, {
      fix: quarantineImage,
      params: { layer: `sha256:${lab.layer}` },
      options: { shell },
    });
  const daemon = (): string => lab.box.run('cat /run/docker.pid');

  it.each([
    ['another boot', AT.boot, () => '00000000-0000-0000-0000-000000000000', /started again since/],
    ['another daemon', AT.pid, () => '1', /docker daemon is another one now/],
    ['another start of the daemon (pid reuse)', AT.start, () => '1', /another one now/],
    ['another data root', AT.place, () => '1:1', /another directory now/],
    ['a layer that is not the approved one', AT.id, () => lab.base, /in another state now/],
    ['a layer that is not there', AT.id, () => '0'.repeat(64), /no directory now/],
    ['a name that leads elsewhere', AT.id, () => '../../../containers', /no such entry/],
    ['another state', AT.state, () => 'x|y', /in another state now/],
  ] satisfies [string, number, () => string, RegExp][])(
    'refuses %s: docker is not even stopped',
    (what, index, value: () => string, words) => {
      const fix = fixOf(index === AT.id ? 'busybox' : 'dash');
      const plan = fix.plan();
      const before = daemon();
      fix.step(stepOf(plan, 'claim'));
      const { exitCode, stderr } = fix.step(stepOf(plan, 'quarantine'), { [index]: value() });
      expect([exitCode, stderr]).toEqual([
        what.startsWith('a name') ? 78 : 65,
        expect.stringMatching(words),
      ]);
      expect(daemon()).toBe(before);
      expect(lab.fingerprint()).toBe(damaged);
    },
  );

  it('refuses a path that became a symbolic link between the plan and the change', () => {
    const fix = fixOf();
    const plan = fix.plan();
    const entry = `${lab.top}/layerdb/sha256/${lab.layer}`;
    const before = daemon();
    fix.step(stepOf(plan, 'claim'));
    lab.box.run(`mv ${entry} /srv/d/elsewhere; ln -s /srv/d/elsewhere ${entry}`);
    try {
      const { exitCode, stderr } = fix.step(stepOf(plan, 'quarantine'));
      expect([exitCode, stderr]).toEqual([65, expect.stringMatching(/no directory now/)]);
      expect(fixOf().look().plan).toMatch(/is a symbolic link|there is no such entry/);
    } finally {
      lab.box.run(`rm ${entry}; mv /srv/d/elsewhere ${entry}`);
    }
    const moved = fixOf();
    const again = moved.plan();
    moved.step(stepOf(again, 'claim'));
    lab.box.run('mkdir /srv/other; mount --bind /srv/other /srv/d');
    try {
      expect(moved.step(stepOf(again, 'quarantine'))).toMatchObject({ exitCode: 65 });
    } finally {
      lab.box.run('umount /srv/d; rmdir /srv/other');
    }
    expect(daemon()).toBe(before);
    expect(lab.fingerprint()).toBe(damaged);
  });

  it('is stale when the entry was healed meanwhile, and there is no plan any more', () => {
    const fix = fixOf();
    const plan = fix.plan();
    const diff = `${lab.top}/layerdb/sha256/${lab.layer}/diff`;
    lab.box.run(
      `sed -n 's/.*"diff_ids":\\[.*"\\(sha256:[0-9a-f]*\\)"\\].*/\\1/p' ${lab.top}/imagedb/content/sha256/${lab.app} | tr -d '\\n' >${diff}`,
    );
    try {
      expect(fix.look().plan).toMatch(/it is healthy/);
      expect(fix.run(plan.steps.slice(0, 2)).codes).toEqual([0, 65]);
    } finally {
      lab.box.run(`: >${diff}`);
      damaged = lab.fingerprint();
    }
  });

  it('refuses while a container on it runs, while docker is loading, and without root', async () => {
    const victim = lab.box
      .run(`grep -l '"/victim"' /srv/d/containers/*/config.v2.json | cut -d/ -f5`)
      .trim();
    const mount = lab.box.run(`cat ${lab.top}/layerdb/mounts/${victim}/mount-id`).trim();
    lab.box.run(
      `mkdir -p /srv/d/overlay2/${mount}/merged; mount -t tmpfs tmpfs /srv/d/overlay2/${mount}/merged`,
    );
    try {
      expect(fixOf().look().plan).toMatch(/container victim runs on it .*stop it first/);
    } finally {
      lab.box.run(`umount /srv/d/overlay2/${mount}/merged`);
    }
    lab.box.run(`mkdir -p ${lab.top}/layerdb/tmp/write-set-1`);
    try {
      expect(fixOf().look().plan).toMatch(/docker is at work: a layer is being written/);
    } finally {
      lab.box.run(`rmdir ${lab.top}/layerdb/tmp/write-set-1`);
    }
    const fix = fixOf();
    const plan = fix.plan();
    const lost = fix.look({ shell: 'dash', user: 'plain' });
    expect(lost.plan).toMatch(/this needs root, this is uid 65534/);
    expect(lab.fingerprint()).toBe(damaged);
    // The mount comes after the plan, while docker is down: nothing is moved, docker is started again.
    lab.box.run(`cp -p /etc/init.d/docker /run/script; cat >/etc/init.d/docker <<'end'
#!/bin/sh
/run/script "$@" || exit
[ "$1" != stop ] || mount -t tmpfs tmpfs /srv/d/overlay2/${mount}/merged
end`);
    try {
      const { codes, said } = fix.run(plan.steps.slice(0, 2));
      expect([codes, said]).toEqual([[0, 65], expect.stringMatching(/in use .*Nothing was moved/)]);
    } finally {
      lab.box.run(
        `cat /run/script >/etc/init.d/docker; umount /srv/d/overlay2/${mount}/merged 2>/dev/null || true`,
      );
    }
    await answers(lab.docker.dockerd);
    expect(lab.command('ps', '--format', '{{.Names}}')).toBe('keep');
    expect(lab.fingerprint()).toBe(damaged);
  });

  it('puts everything back, byte for byte, when docker does not start without it', () => {
    const fix = fixOf();
    const plan = fix.plan();
    const before = lab.fingerprint();
    // As docker 1.12 did, the other way round: it only starts while the entry is there.
    lab.box.run(`cp /etc/init.d/docker /run/script
      sed -i '2i [ "$1" != start ] || [ -d ${lab.top}/layerdb/sha256/${lab.layer} ] || { echo "layer does not exist"; exit 1; }' /etc/init.d/docker`);
    try {
      const { codes, said } = fix.run(plan.steps.slice(0, 2));
      expect(codes).toEqual([0, 1]);
      expect(said).toMatch(
        /docker did not start after the move .*layer does not exist.*everything was put back, docker answers as before/,
      );
    } finally {
      lab.box.run('cat /run/script >/etc/init.d/docker');
    }
    expect(lab.fingerprint()).toBe(before);
    expect(lab.command('exec', 'keep', 'cat', '/v/gold')).toBe('gold');
  });

  /** Starts a step, and signals its shell when something of it has moved. */
  async function interrupted(fix: FixInBox, step: Step, signal: string): Promise<void> {
    const { enter } = lab.box;
    const child = spawn(enter[0] ?? '', [...enter.slice(1), ...step.argv], {
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: '/',
    });
    const ended = new Promise((resolve) => {
      child.once('exit', resolve);
    });
    child.stdin.end(step.stdin);
    const aside = `/srv/d/housecall-quarantine/${fix.id}/layerdb/${lab.layer}`;
    const status = `${SAVE}/claims/${fix.id}/status`;
    for (let tries = 0; tries < 600; tries += 1) {
      if (lab.box.run(`[ -d ${aside} ] && echo moved || true`) !== '') break;
      await pause(20);
    }
    lab.box.run(`kill -${signal} $(cut -d' ' -f3 ${status})`);
    await ended;
  }

  it('puts everything back and starts docker when it is stopped in the middle', async () => {
    const fix = fixOf();
    const plan = fix.plan();
    fix.step(stepOf(plan, 'claim'));
    lab.box.run(
      `cp /etc/init.d/docker /run/script; sed -i '2i [ "$1" != start ] || [ -d ${lab.top}/layerdb/sha256/${lab.layer} ] || sleep 3' /etc/init.d/docker`,
    );
    try {
      await interrupted(fix, stepOf(plan, 'quarantine'), 'TERM');
    } finally {
      lab.box.run('cat /run/script >/etc/init.d/docker');
    }
    await answers(lab.docker.dockerd);
    expect(lab.fingerprint()).toBe(damaged);
  });

  it('leaves a list of what came from where when it is killed, and the list takes it back', async () => {
    const fix = fixOf();
    const plan = fix.plan();
    fix.step(stepOf(plan, 'claim'));
    lab.box.run(
      `cp /etc/init.d/docker /run/script; sed -i '2i [ "$1" != start ] || sleep 3' /etc/init.d/docker`,
    );
    try {
      await interrupted(fix, stepOf(plan, 'quarantine'), 'KILL');
    } finally {
      lab.box.run('cat /run/script >/etc/init.d/docker');
    }
    const aside = `/srv/d/housecall-quarantine/${fix.id}`;
    lab.box.run(`sleep 3; service docker stop >/dev/null 2>&1 || true
      cd /srv/d; grep -v '^#' ${aside}/manifest | while IFS="$(printf '\\t')" read -r from to; do [ ! -e "$to" ] || mv "$to" "$from"; done
      cp -p ${aside}/repositories.json ${lab.top}/repositories.json`);
    expect(lab.fingerprint()).toBe(damaged);
    lab.docker.service('start');
    await answers(lab.docker.dockerd);
    expect(fix.run(plan.steps).codes).toEqual([75, 75, 65, 65]);
  });
});
