import { CLAIM_SCRIPT, claimStep } from '../../core/approval/claim.ts';
import {
  inMemory,
  MOUNTED_SCRIPT,
  plainName,
  sameFileSystem,
} from '../../core/approval/host-directory.ts';
import { shellQuote } from '../../core/command.ts';
import { formatBytes } from '../../core/format.ts';
import type { Plan, Step } from '../../core/plan.ts';
import { type PlanContext, readScript } from '../contract.ts';
import { truncatable } from './obstacle.ts';
import type { Params } from './params.ts';
import type { File, Log, State } from './state.ts';
import { writingWords } from './writing-words.ts';

const CHANGE =
  CLAIM_SCRIPT +
  MOUNTED_SCRIPT +
  readScript(new URL('./look.sh', import.meta.url)) +
  readScript(new URL('./change.sh', import.meta.url));
/** 240 KiB of the log, of which every byte may need four characters, and the patterns. */
const KEEP_LIMIT = 1_048_576;

/** What would be done now, or in words why nothing can or need be done. */
export function plan(state: State, params: Params, context: PlanContext): Plan | string {
  const found = truncatable(state, params.path);
  if (typeof found === 'string') return `${params.path} on ${context.host}: ${found}`;
  const claim = claimPlace(state, found, context);
  if (typeof claim === 'string') return claim;
  return build({ ...found, state, claim: claim.path, params, context });
}

/** The mark goes where the space is not needed. */
function claimPlace(
  { saveDirectory, runDirectory }: State,
  { file, log }: { readonly file: File; readonly log: Log },
  context: PlanContext,
): { readonly path: string } | string {
  if (saveDirectory.kind === 'unsafe') {
    return `fixes.saveDirectory ${context.saveDirectory} cannot be used on ${context.host}: ${saveDirectory.reason}`;
  }
  const full = { device: file.device, fileSystem: log.fileSystem };
  if (!sameFileSystem(full, saveDirectory)) return saveDirectory;
  return runDirectory.kind === 'unsafe'
    ? `${saveDirectory.path} is on the file system of the log, and the mark that makes a fix run at most once cannot be kept in /run either: ${runDirectory.reason}`
    : runDirectory;
}

interface Found {
  readonly state: State;
  readonly file: File;
  readonly log: Log;
  readonly claim: string;
  readonly params: Params;
  readonly context: PlanContext;
}

function build(found: Found): Plan {
  const { state, file, log, claim, params, context } = found;
  const { path } = params;
  const name = keptName(found);
  return {
    summary: `Empty ${logWords(path)} on ${context.host}, after keeping its head, tail, samples and patterns`,
    steps: [claimStep(claim, context.fix), ...changes(found, name)],
    saved: {
      kind: 'incident',
      name,
      what: `head, tail, 32 samples and the patterns by bytes of ${path}`,
    },
    identity: {
      claim,
      uid: String(state.uid),
      bootId: state.bootId,
      path,
      device: file.device,
      inode: file.inode,
      links: String(file.links),
      // Not its size: it may grow while people decide.
      head: log.head,
      written: log.way,
    },
    preconditions: preconditions(found),
    verification: 'The same file must hold fewer blocks, or be shorter, than before',
  };
}

/** Docker's name for the log of a container is its id, twice. */
function logWords(path: string): string {
  const id = /\/containers\/([0-9a-f]{64})\/\1-json\.log$/.exec(path)?.[1];
  return id === undefined
    ? `the log ${plainName(path)}`
    : `the log of container ${id.slice(0, 12)}`;
}

function preconditions({ file, log, params }: Found): string[] {
  const memory = inMemory(log.fileSystem);
  return [
    `${params.path} is a regular file of uid ${file.uid} on device ${file.device}, inode ${file.inode}, reached without a symbolic link`,
    `It holds ${formatBytes(file.allocatedBytes)}${memory ? ' of memory (tmpfs): emptying it frees RAM, not disk' : ''}`,
    ...(file.links > 1 ? [`It has ${file.links} names: under each of them it will be empty`] : []),
    `It is text: ${formatBytes(log.text.read)} spread over it were looked at${log.firstByte > 0 ? `; the first ${formatBytes(log.firstByte)} are a hole` : ''}`,
    `No process has mapped it into memory${unseen(log)}`,
    ...writingWords(file, log, params.path),
    'What is not kept is lost, and what is written in the instant of emptying',
  ];
}

/** A name for the archive. */
function keptName({ context, params }: Found): string {
  return `${context.fix}-${plainName(params.path)}.txt`;
}

function changes({ state, file, log, claim, params, context }: Found, name: string): Step[] {
  const step = (verb: 'keep' | 'truncate'): Pick<Step, 'id' | 'argv' | 'stdin'> => ({
    id: verb,
    argv: [
      'sh',
      '-s',
      '--',
      verb,
      claim,
      context.fix,
      state.bootId,
      params.path,
      file.rawDevice,
      file.inode,
      String(file.links),
      log.head,
      log.way,
    ],
    stdin: CHANGE,
  });
  return [
    {
      ...step('keep'),
      keep: { name, limitBytes: KEEP_LIMIT },
      equivalent: `head -c 49152 ${shellQuote(params.path)}; tail -c 65536 ${shellQuote(params.path)}`,
      why: 'Prints head, tail, samples and what each pattern takes, into the incident: the evidence outlives the log. It changes nothing.',
      undo: 'none needed: it only reads',
      timeoutSeconds: 300,
    },
    {
      ...step('truncate'),
      equivalent: `: > ${shellQuote(params.path)}`,
      why: 'Frees the blocks. Whoever writes the log goes on; nothing is restarted.',
      undo: null,
      timeoutSeconds: 600,
    },
  ];
}

function unseen({ unseenProcesses: count }: Log): string {
  if (count === 0) return '';
  return ` (${count === 1 ? '1 process' : `${count} processes`} could not be looked at)`;
}
