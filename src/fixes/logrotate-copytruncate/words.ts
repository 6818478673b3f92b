import type { Edit } from './edit.ts';
import type { Params } from './params.ts';
import type { ConfigFile, State } from './state.ts';

/** What was found, and what to know before approving. */
export function conditions({
  state,
  file,
  edit,
  params,
}: {
  readonly state: State;
  readonly file: ConfigFile;
  readonly edit: Edit;
  readonly params: Params;
}): string[] {
  const { stanza, after, drop } = edit;
  const has = (name: string): boolean => stanza.directives.some((one) => one.name === name);
  return [
    `${params.config} is a regular file of root, mode ${file.mode.toString(8)}, reached without a symbolic link; nobody else may write it or its directory`,
    `Its only stanza "${stanza.header}" opens on line ${after} and has no copytruncate`,
    ...(drop.length === 0
      ? []
      : [`nocopytruncate on line ${drop.join(', ')} goes: it says the opposite`]),
    ...(has('create') ? ['create stays, and has no effect beside copytruncate'] : []),
    ...(stanza.scripts.length === 0
      ? []
      : [`Its scripts stay: ${stanza.scripts.map(({ name }) => name).join(', ')}`]),
    packageWords(state),
    logrotateWords(state),
    'Each rotation then needs as much free space as the log has, and loses what is written in the instant between copying and emptying',
    'A writer without O_APPEND goes on at its old offset after each rotation: its log then begins with a hole',
    'It helps from the next rotation on: what is already held open, renamed or deleted, is freed by its own fix or by a restart',
  ];
}

function packageWords({ package: owner }: State): string {
  if (owner === null) {
    return 'No package owns the file; what else writes it (Ansible, Puppet, an image) must be changed too, or the change is lost';
  }
  return owner.manager === 'dpkg'
    ? `It is a configuration file of the package ${owner.name}: at its next upgrade dpkg asks which version to keep; keep this one`
    : `It belongs to the package ${owner.name}: an upgrade may put its own version beside it as .rpmnew`;
}

function logrotateWords({ logrotate }: State): string {
  if (logrotate === null) {
    return 'There is no logrotate on the host: nothing can check the new file';
  }
  const { errors } = logrotate;
  if (errors === null) {
    return 'logrotate -d of the whole configuration told nothing: only this file is checked';
  }
  return errors === 0
    ? 'logrotate -d reads the configuration without errors; with more than that the old file is put back'
    : `logrotate -d tells ${errors === 1 ? '1 error' : `${errors} errors`} of the configuration as it is; with more than that the old file is put back`;
}
