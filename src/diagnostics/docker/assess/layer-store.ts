import type { Evidence, Finding, FixOffer, NextStep } from '../../../core/finding.ts';
import { formatBytes } from '../../../core/format.ts';
import { containerNames, type Damage, imageNames, isHex, type StoreHealth } from '../damage.ts';
import type { Reading, Store } from '../reading.ts';
import { count, evidence, list, quote, short } from './words.ts';

const MOST = 10;

export const NO_PRUNE =
  'Do not prune: `docker volume prune` and `docker system prune` take what belongs to containers that docker does not show for unused, and delete living data.';

const METADATA =
  'Docker 1.12 and older do not start over it. Newer ones start and silently leave the image and its containers out of `docker images` and `docker ps -a`; loading or pulling it again fails ("file exists") until the entry is moved aside.';
const SILENT =
  'The damage of a power cut that docker does not notice: the image is listed, its containers fail or see empty files, `docker load` says "Loaded" and repairs nothing.';

/** What docker does about it, by problem (seen with docker 1.12 and 20.10). */
const CONSEQUENCES: Readonly<Record<string, string>> = {
  missing:
    'The image cannot be restored: docker leaves it and its containers out of view. Loading or pulling it again repairs it.',
  'data-missing':
    'The image is listed and nothing of it can run: its data are gone. `docker load` says "Loaded" and repairs nothing while the entry is there.',
  'link-empty': SILENT,
  'lower-empty': SILENT,
  'content-short': SILENT,
  'config-empty':
    'Docker says "invalid image, failed to verify" and leaves it out of `docker images`; its containers stay. Loading or pulling it again repairs it.',
  'repositories-empty':
    "Dockerd dies over it (`Couldn't create reference store repository: EOF`). Without the file it starts, and no image has a name any more: names are kept in this file alone.",
};
const SAME: Readonly<Record<string, string>> = {
  'config-wrong': 'config-empty',
  'config-digest': 'config-empty',
  'repositories-wrong': 'repositories-empty',
};

export function layerStore(reading: Reading, store: Store, health: StoreHealth): Finding[] {
  const shown = health.damages.slice(0, MOST);
  const rest = health.damages.slice(MOST);
  const findings = shown.map((damage) => describe(damage, { reading, store, health }));
  return rest.length === 0 ? findings : [...findings, summary(rest, { reading, store, health })];
}

interface Where {
  readonly reading: Reading;
  readonly store: Store;
  readonly health: StoreHealth;
}

function describe(damage: Damage, where: Where): Finding {
  const { reading, store, health } = where;
  const images = imageNames(damage.images, store);
  const containers = containerNames(damage.containers);
  const healthy = imageNames(health.healthyImages, store);
  const used = damage.images.length > 0 || damage.containers.length > 0;
  return {
    code: 'docker.layer-store-corrupt',
    status: used || damage.about === 'repositories' ? 'critical' : 'warning',
    subject:
      damage.about === 'repositories' ? 'repositories.json' : (images[0] ?? short(damage.id)),
    title: titleOf(damage, images, where),
    detail: [
      ...consequences(damage),
      ...(damage.images.length > 0 ? [`Images hit: ${list(images)}.`] : []),
      ...(damage.containers.length > 0 ? [`Containers on them: ${list(containers)}.`] : []),
      ...(damage.children > 0 ? [`${count(damage.children, 'layer')} build on it.`] : []),
      ...unseen(damage, reading),
      healthy.length > 0 ? `Healthy images: ${list(healthy)}.` : 'No image is healthy.',
      ...(store.content === null || store.content.done < store.content.total
        ? ['Not every file of the healthy ones was compared.']
        : []),
      NO_PRUNE,
    ].join('\n'),
    data: {
      layer: damage.about === 'layer' ? `sha256:${damage.id}` : null,
      ...(damage.about === 'image' ? { image: `sha256:${damage.id}` } : {}),
      path: damage.path,
      problem: damage.problems.join(', '),
      images,
      containers,
      healthy,
    },
    evidence: evidenceOf(damage),
    fixes: offers(damage),
    next: [],
  };
}

function titleOf(damage: Damage, images: readonly string[], { health }: Where): string {
  const healthy = `${count(health.healthyImages.length, 'image')} ${health.healthyImages.length === 1 ? 'is' : 'are'} healthy`;
  if (damage.about === 'repositories') {
    const what = damage.problems.includes('repositories-empty') ? 'empty' : 'broken';
    return `repositories.json is ${what}: dockerd does not start with it; ${healthy}, their names are lost`;
  }
  const what = damage.problems.map(inWords).join(', ');
  const name =
    damage.about === 'image'
      ? `Image ${list(images)}`
      : `Layer ${short(damage.id)}${images.length > 0 ? ` of ${list(images)}` : ''}`;
  const hit =
    damage.images.length === 0
      ? 'no image uses it'
      : `${count(damage.images.length, 'image')} and ${count(damage.containers.length, 'container')} are hit`;
  const bytes =
    damage.bytes === null
      ? ''
      : ` (${formatBytes(damage.bytes.found)} of ${formatBytes(damage.bytes.expected)})`;
  return `${name} is damaged: ${what}${bytes}; ${hit}, ${healthy}`;
}

/** `diff-empty` as people say it. */
function inWords(problem: string): string {
  const own: Readonly<Record<string, string>> = {
    missing: 'its entry is missing',
    'data-missing': 'its data are missing',
    'content-short': 'files lost their content',
    'digest-wrong': 'diff and parent do not give its id',
    'parent-absent': 'its parent is not there',
    'config-digest': 'its configuration does not have the digest it is named by',
  };
  const [, name = problem, state = ''] = /^(.*)-(empty|missing|wrong)$/.exec(problem) ?? [];
  return own[problem] ?? `${name} is ${state === 'wrong' ? 'garbage' : state}`;
}

function consequences({ problems }: Damage): readonly string[] {
  const texts = problems.map((one) => CONSEQUENCES[SAME[one] ?? one] ?? METADATA);
  return [...new Set(texts)];
}

/** What the running daemon hides by now, which is how it is noticed. */
function unseen({ images, containers }: Damage, { answers }: Reading): string[] {
  const hidden = (what: string, ids: readonly string[]): number => {
    const listed = answers.find((answer) => answer.what === what && answer.status === 0)?.ids;
    return listed === undefined ? 0 : ids.filter((id) => !listed.includes(id)).length;
  };
  const lost = [
    ...[
      hidden(
        'images',
        images.map(({ id }) => id),
      ),
    ]
      .filter((number) => number > 0)
      .map((number) => count(number, 'image')),
    ...[
      hidden(
        'containers',
        containers.map(({ id }) => id),
      ),
    ]
      .filter((number) => number > 0)
      .map((number) => count(number, 'container')),
  ];
  return lost.length === 0 ? [] : [`Docker does not show ${lost.join(' and ')} of these now.`];
}

function evidenceOf({ path, problems, bytes, about }: Damage): readonly Evidence[] {
  if (bytes !== null) {
    const found = `st_size of all its files: ${bytes.found}; ${quote('size')} says ${bytes.expected}`;
    return [evidence(['cat', `${path}/size`], found)];
  }
  if (problems.includes('missing')) {
    return [evidence(['ls', '-d', path], `ls: ${path}: No such file or directory`, 2)];
  }
  return [evidence(['ls', about === 'layer' ? '-ln' : '-lnd', path], problems.join('\n'))];
}

/** What can be moved aside; an entry that is missing has nothing to move but the images that name it. */
function offers(damage: Damage): readonly FixOffer[] {
  if (damage.about === 'repositories' || !isHex(damage.id)) return [];
  const fix = 'quarantine-image';
  if (damage.about === 'image') return [{ fix, params: { image: `sha256:${damage.id}` } }];
  if (!damage.problems.includes('missing')) {
    return [{ fix, params: { layer: `sha256:${damage.id}` } }];
  }
  return damage.images.slice(0, 3).map(({ id }) => ({ fix, params: { image: `sha256:${id}` } }));
}

function summary(rest: readonly Damage[], { reading, store, health }: Where): Finding {
  const images = [...new Set(rest.flatMap((damage) => imageNames(damage.images, store)))];
  const containers = [...new Set(rest.flatMap((damage) => containerNames(damage.containers)))];
  const next: NextStep[] = [{ diagnostic: 'vitals', params: {} }];
  return {
    code: 'docker.layer-store-corrupt',
    status: 'critical',
    subject: reading.root.path,
    title: `${count(rest.length, 'more entry', 'more entries')} of the image store ${rest.length === 1 ? 'is' : 'are'} damaged, with ${count(images.length, 'image')} and ${count(containers.length, 'container')}`,
    detail: [
      `Entries: ${list(rest.map((damage) => short(damage.id)))}.`,
      'So many at once point to the disk below: read the kernel log.',
      NO_PRUNE,
    ].join('\n'),
    data: {
      layer: null,
      path: `${reading.root.path}/image/${store.driver ?? ''}`,
      problem: 'many',
      images: images.slice(0, 50),
      containers: containers.slice(0, 50),
      healthy: imageNames(health.healthyImages, store).slice(0, 50),
    },
    evidence: [],
    fixes: [],
    next,
  };
}
