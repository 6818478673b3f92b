import { CLAIM_SCRIPT, claimStep } from '../../core/approval/claim.ts';
import { plainName } from '../../core/approval/host-directory.ts';
import { shellQuote } from '../../core/command.ts';
import { formatBytes } from '../../core/format.ts';
import type { Plan, Step } from '../../core/plan.ts';
import { type PlanContext, readScript } from '../contract.ts';
import { type Edit, planEdit } from './edit.ts';
import { editable } from './obstacle.ts';
import type { Params } from './params.ts';
import type { ConfigFile, State } from './state.ts';
import { conditions } from './words.ts';

const CHANGE =
  CLAIM_SCRIPT +
  readScript(new URL('./look.sh', import.meta.url)) +
  readScript(new URL('./change.sh', import.meta.url));
/** Room for the copy, with a margin. */
const ROOM = 1_048_576;
/** The file has at most 64 KiB. */
const KEEP_LIMIT = 262_144;

/** What would be done now, or in words why nothing can or need be done. */
export function plan(state: State, params: Params, context: PlanContext): Plan | string {
  const where = `${params.config} on ${context.host}`;
  const file = editable(state, params.config);
  if (typeof file === 'string') return `${where}: ${file}`;
  const edit = planEdit(file.text, params.stanza);
  if (typeof edit === 'string') return `${where}: ${edit}`;
  const place = savePlace(state, context);
  if (typeof place === 'string') return place;
  const copy = `${context.fix}-${plainName(params.config)}`;
  return build({ state, file, edit, claim: place.path, copy, params, context });
}

function savePlace(
  { saveDirectory, runDirectory }: State,
  context: PlanContext,
): { readonly path: string } | string {
  if (saveDirectory.kind === 'unsafe') {
    return `fixes.saveDirectory ${context.saveDirectory} cannot be used on ${context.host}: ${saveDirectory.reason}`;
  }
  if (saveDirectory.availableBytes >= ROOM) return saveDirectory;
  if (runDirectory.kind === 'unsafe') {
    return `${saveDirectory.path} is full, and /run cannot be used either: ${runDirectory.reason}`;
  }
  return runDirectory.availableBytes >= ROOM
    ? runDirectory
    : `neither ${saveDirectory.path} nor ${runDirectory.path} has room for a copy of the file (${formatBytes(ROOM)})`;
}

interface Found {
  readonly state: State;
  readonly file: ConfigFile & { readonly sha256: string };
  readonly edit: Edit;
  readonly claim: string;
  /** File name of the copy within `claim`. */
  readonly copy: string;
  readonly params: Params;
  readonly context: PlanContext;
}

function build(found: Found): Plan {
  const { state, file, edit, claim, copy, params, context } = found;
  return {
    summary: `Add copytruncate to the stanza ${params.stanza} of ${params.config} on ${context.host}`,
    steps: [claimStep(claim, context.fix), ...changes(found)],
    saved: {
      kind: 'file',
      path: `${claim}/${copy}`,
      bytes: edit.oldBytes,
      what: `the whole file as it is, on the host and in this incident (${copy})`,
    },
    identity: {
      claim,
      uid: String(state.uid),
      bootId: state.bootId,
      config: params.config,
      stanza: params.stanza,
      line: String(edit.after),
      file: file.facts,
      sha256: file.sha256,
    },
    preconditions: conditions(found),
    verification:
      state.logrotate === null
        ? 'The stanza must have copytruncate; there is no logrotate on the host to check it'
        : 'The stanza must have copytruncate, and logrotate -d must find no more errors than before',
  };
}

function changes({ state, file, edit, claim, copy, params, context }: Found): Step[] {
  const step = (verb: 'keep' | 'edit'): Pick<Step, 'id' | 'argv' | 'stdin'> => ({
    id: verb,
    argv: [
      'sh',
      '-s',
      '--',
      verb,
      claim,
      context.fix,
      state.bootId,
      params.config,
      file.facts,
      file.sha256,
      copy,
      String(edit.after),
      edit.drop.length === 0 ? '-' : edit.drop.join(','),
      edit.text,
      String(edit.bytes),
    ],
    stdin: CHANGE,
  });
  const config = shellQuote(params.config);
  const restore = `cp -p ${claim}/${copy} ${config}.dpkg-new && chmod ${file.mode.toString(8)} ${config}.dpkg-new && mv ${config}.dpkg-new ${config}`;
  return [
    {
      ...step('keep'),
      keep: { name: copy, limitBytes: KEEP_LIMIT },
      equivalent: `cp -p ${config} ${claim}/${copy}`,
      why: 'Keeps the whole file, on the host and in the incident, before it is changed.',
      undo: `rm ${claim}/${copy}`,
      timeoutSeconds: 60,
    },
    {
      ...step('edit'),
      equivalent: equivalent(edit, config),
      why: 'Rotation then copies the log and empties it in place: whoever writes it keeps a file that has a name. The file is replaced in one move, after logrotate -d has read the new one.',
      undo: restore,
      timeoutSeconds: 300,
    },
  ];
}

/** What a person would type, with GNU sed. */
function equivalent(edit: Edit, config: string): string {
  const drop = edit.drop.map((line) => `${line}d;`).join('');
  return `sed -i ${shellQuote(`${drop}${edit.after}a\\${edit.text}`)} ${config}`;
}
