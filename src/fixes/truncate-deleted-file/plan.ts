import { CLAIM_SCRIPT, claimStep } from '../../core/approval/claim.ts';
import { inMemory, plainName } from '../../core/approval/host-directory.ts';
import { formatBytes } from '../../core/format.ts';
import type { Plan, Step } from '../../core/plan.ts';
import { type PlanContext, readScript } from '../contract.ts';
import type { Params } from './params.ts';
import { type SavePlace, savePlace } from './save-place.ts';
import type { Descriptor, Process, State } from './state.ts';

const CHANGE = CLAIM_SCRIPT + readScript(new URL('./change.sh', import.meta.url));
/** open(2): O_APPEND, octal 02000. */
const APPEND = 0o2000;

/** What would be done now, or in words why nothing can or need be done. */
export function plan(state: State, params: Params, context: PlanContext): Plan | string {
  const { process, descriptor: file } = state;
  const where = `descriptor ${params.fd} of process ${params.pid} on ${context.host}`;
  if (process === null) {
    return `process ${params.pid} is gone from ${context.host}, or hidden from uid ${state.uid}: what it held is free if nobody else holds it`;
  }
  if (file === 'missing') return `${where} is closed: there is nothing to truncate`;
  if (file === 'denied') return `${where} cannot be looked at as uid ${state.uid}${sudo(state)}`;
  const obstacle = notTruncatable(file, params, where);
  if (obstacle !== null) return obstacle;
  const place = savePlace(state, file, context);
  if (typeof place === 'string') return place;
  return build({ state, process, file, place, params, context });
}

function sudo(state: State): string {
  return state.sudoRefused === undefined ? '' : ` (sudo refused: ${state.sudoRefused})`;
}

function notTruncatable(file: Descriptor, params: Params, where: string): string | null {
  if (file.device !== params.device || file.inode !== params.inode) {
    return `${where} is another file now (device ${file.device}, inode ${file.inode})`;
  }
  if (!file.regular) return `${where} is no regular file`;
  if (file.links > 0) {
    return `${where} still has ${file.links} name${file.links === 1 ? '' : 's'} on disk: truncating it would destroy living data`;
  }
  if (inMemory(file.fileSystem)) {
    return `${where} is in memory (tmpfs or memfd), not on a disk, and may be shared by processes`;
  }
  if (file.mappedBy.length > 0) {
    return `${where} may be mapped into process ${file.mappedBy.join(', ')}: truncating it would kill whoever reads it there`;
  }
  if (file.allocatedBytes === 0) return `${where} holds no space: there is nothing to free`;
  return null;
}

function build(found: {
  readonly state: State;
  readonly process: Process;
  readonly file: Descriptor;
  readonly place: SavePlace;
  readonly params: Params;
  readonly context: PlanContext;
}): Plan {
  const { state, process, file, place, params, context } = found;
  const name = plainName(file.path);
  const saving = place.copy === null ? ' WITHOUT a copy' : ', after saving a copy';
  return {
    summary: `Empty the deleted file ${name} that ${process.name} (pid ${params.pid}) on ${context.host} holds open${saving}`,
    steps: [claimStep(place.claim, context.fix), ...changes(found)],
    saved: place.saved,
    identity: {
      claim: place.claim,
      uid: String(state.uid),
      bootId: state.bootId,
      pid: String(params.pid),
      startTime: process.startTime,
      fd: String(params.fd),
      device: file.device,
      inode: file.inode,
      links: String(file.links),
      flags: file.flags,
    },
    preconditions: [
      `Process ${params.pid} is ${process.name}, started ${process.startTime} ticks after boot${process.container === undefined ? '' : `, in container ${process.container.slice(0, 12)}`}`,
      `Descriptor ${params.fd} is the regular file ${file.path}, which has no name any more`,
      `It holds ${formatBytes(file.allocatedBytes)} on device ${file.device}`,
      'No process has mapped it into memory',
      place.words,
      appends(file)
        ? 'The writer appends: it goes on at the start of the emptied file'
        : `The writer does not append: it goes on at its old offset (up to ${formatBytes(file.sizeBytes)}), so the file looks as large as before, but the blocks in front stay free`,
    ],
    verification: 'The allocated blocks of the same file, through the same descriptor, must fall',
  };
}

function appends(file: Descriptor): boolean {
  return (Number.parseInt(file.flags, 8) & APPEND) !== 0;
}

function changes({
  state,
  process,
  file,
  place,
  params,
  context,
}: Parameters<typeof build>[0]): Step[] {
  const path = `/proc/${params.pid}/fd/${params.fd}`;
  const step = (verb: 'save' | 'truncate'): Pick<Step, 'id' | 'argv' | 'stdin'> => ({
    id: verb,
    argv: [
      'sh',
      '-s',
      '--',
      verb,
      place.claim,
      context.fix,
      String(params.pid),
      String(params.fd),
      process.startTime,
      state.bootId,
      file.device,
      file.inode,
      place.copy ?? '',
    ],
    stdin: CHANGE,
  });
  const truncate: Step = {
    ...step('truncate'),
    equivalent: `: > ${path}`,
    why:
      place.saved.kind === 'file'
        ? 'Frees the blocks. What was written since the copy is added to it first; what is written in the instant between is lost.'
        : 'Frees the blocks. Everything in the file is lost.',
    undo:
      place.saved.kind === 'file'
        ? `none: the bytes are in the saved copy ${place.saved.path}`
        : null,
    timeoutSeconds: 1800,
  };
  if (place.saved.kind !== 'file') return [truncate];
  const save: Step = {
    ...step('save'),
    equivalent: `gzip -1 < ${path} > ${place.saved.path}`,
    why: 'Keeps the content as evidence, with mode 0600, and reads the copy back. Nothing is truncated unless it is whole.',
    undo: `rm ${place.saved.path}`,
    timeoutSeconds: 7200,
  };
  return [save, truncate];
}
