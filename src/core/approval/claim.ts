import type { CommandResult, Probe } from '../command.ts';
import type { Plan, Step } from '../plan.ts';
import { parseSections } from '../sections.ts';

/** Exit status of a change that was claimed before: it did nothing (EX_TEMPFAIL of sysexits.h). */
export const ALREADY_CLAIMED = 75;
/** Exit status of a change that found another target than the one approved: it did nothing (EX_DATAERR). */
export const TARGET_CHANGED = 65;

/**
 * Functions that every change script begins with. A change is marked on the host itself, by `mkdir`,
 * which succeeds once: whoever makes the mark runs, everybody else gets 75. So a job that runs twice, a
 * worker that wakes up late and a database restored from yesterday all run a fix at most once.
 * POSIX sh; runs under dash and busybox.
 */
export const CLAIM_SCRIPT = String.raw`set -u; set -f; umask 077; LC_ALL=C; export LC_ALL
stop() { printf '%s\n' "$2" >&2; exit "$1"; }
# To whoever watches. They may be gone by now: that changes nothing of how the step ends.
say() { printf '%s\n' "$1" 2>/dev/null || :; }
# Why DIR and what is above it could be replaced by somebody else; nothing printed: it could not.
unsafe_path() {
  up=$1
  while :; do
    own=$(stat -c '%u %a' "$up") || { echo "$up cannot be looked at"; return; }
    case $own in "0 "* | "$(id -u) "*) ;; *) echo "$up belongs to uid \${own%% *}"; return ;; esac
    case \${own#* } in
      [1357]???) ;;
      *[2367]? | *[2367]) echo "$up is writable by others (mode \${own#* })"; return ;;
    esac
    [ "$up" = / ] && return
    up=\${up%/*}; up=\${up:-/}
  done
}
# Into DIR, made if only its last part is missing. It must be ours alone and no symbolic link.
enter() {
  parent=\${1%/*}; name=\${1##*/}
  case $1 in /*[!/]) ;; *) stop 78 "$1: not an absolute path" ;; esac
  cd -P "\${parent:-/}" || stop 73 "$parent: cannot be entered"
  parent=$(pwd -P); why=$(unsafe_path "$parent"); [ -z "$why" ] || stop 73 "$1: $why"
  [ -L "$name" ] && stop 73 "$1: is a symbolic link"
  [ -d "$name" ] || mkdir -m 0700 "$name" 2>/dev/null || [ -d "$name" ] || stop 73 "$1: cannot be made"
  cd -P "./$name" || stop 73 "$1: cannot be entered"
  [ "$(pwd -P)" = "\${parent%/}/$name" ] || stop 73 "$1: is a symbolic link"
  [ "$(stat -c '%u %a' .)" = "$(id -u) 700" ] || stop 73 "$1: is not ours alone (want mode 700 of uid $(id -u))"
}
put() { printf '%s\n' "$1" >|"$mark/status.new" && mv -f "$mark/status.new" "$mark/status"; }
# The first change of a fix makes its mark; the second one finds it and stops.
claim() {
  enter "$1"; enter "$(pwd -P)/claims"; mark=$(pwd -P)/$2
  if mkdir -m 0700 "$mark" 2>/dev/null; then put "$3"; return; fi
  [ -d "$mark" ] || stop 73 "$mark: cannot be made"
  cat "$mark/status" 2>/dev/null; stop 75 "claimed before: nothing was done"
}
# Each step of the fix runs once, and only under its mark.
begin() {
  enter "$1"; mark=$(pwd -P)/claims/$2; step=$3; result=''
  [ -d "$mark" ] || stop 75 "not claimed: nothing was done"
  [ "$(cat "$mark/status")" != cancelled ] || stop 75 "cancelled: nothing was done"
  mkdir -m 0700 "$mark/$step" 2>/dev/null || stop 75 "$step began before: nothing was done"
  put "running $step $$" || stop 73 "$mark: cannot be written"
  trap 'exit 143' TERM INT HUP; trap : PIPE; trap 'finish $?' EXIT
}
finish() {
  trap - EXIT
  if [ "$1" = 0 ]; then put "done $step$result"; else undone; put "failed $step $1"; fi
  exit "$1"
}
undone() { :; }
`.replaceAll('\\$', '$');

const CLAIM_STEP = `${CLAIM_SCRIPT}
main() { claim "$1" "$2" "$3"; }
main "$@" </dev/null
`;

/** The id of a fix becomes the name of a directory on the host: it must not lead elsewhere. */
function requireMarkName(fix: string): void {
  if (!/^[\w-]{1,100}$/.test(fix)) {
    throw new RangeError(`fix ${JSON.stringify(fix)}: not an id that Housecall gave`);
  }
}

/** The first step of every plan. `directory` is remembered in the plan as `identity.claim`. */
export function claimStep(directory: string, fix: string): Step {
  requireMarkName(fix);
  return {
    id: 'claim',
    argv: ['sh', '-s', '--', directory, fix, 'claimed'],
    stdin: CLAIM_STEP,
    equivalent: `mkdir ${directory}/claims/${fix}`,
    why: 'Marks on the host that this fix has begun, so that it runs at most once.',
    undo: 'none needed: an empty directory stays as the record',
    timeoutSeconds: 30,
  };
}

/** The same mark made by whoever gave a fix up: after it, a worker that wakes up late finds 75. */
export function tombstoneStep(directory: string, fix: string): Step {
  return {
    ...claimStep(directory, fix),
    argv: ['sh', '-s', '--', directory, fix, 'cancelled'],
    why: 'Marks on the host that this fix was given up, so that it can never begin.',
  };
}

const CHECK_SCRIPT = String.raw`set -u; LC_ALL=C; export LC_ALL
main() {
  mark=$2/claims/$3
  printf '@%s begin claim\n' "$1"
  if [ -d "$mark" ]; then
    read -r line <"$mark/status"; printf '%s\n' "$line"
    case $line in 'running '*) [ -d "/proc/$(printf '%s' "$line" | cut -d' ' -f3)" ] && echo alive ;; esac
    echo "idle $(($(date +%s) - $(stat -c %Y "$mark/status")))"
    rc=0
  elif [ -d "$2/claims" ] && [ -x "$2/claims" ]; then echo none; rc=0
  elif [ ! -e "$2" ] || { [ -x "$2" ] && [ ! -e "$2/claims" ]; }; then echo none; rc=0
  else echo unreadable; rc=1; fi
  printf '@%s end claim %s\n' "$1" "$rc"
}
main "$@" </dev/null
`;

/** What the host remembers of a fix. */
export type ClaimStatus =
  /** It never began there. */
  | { readonly kind: 'none' }
  | { readonly kind: 'cancelled' }
  /** Marked, and no step was begun since. */
  | { readonly kind: 'claimed'; readonly idleSeconds: number }
  | { readonly kind: 'running'; readonly step: string; readonly alive: boolean }
  | { readonly kind: 'done'; readonly step: string; readonly idleSeconds: number }
  | { readonly kind: 'failed'; readonly step: string; readonly exitCode: number }
  | { readonly kind: 'unreadable' };

/** Where a plan leaves its mark. */
export function claimDirectory(plan: Plan): string | undefined {
  return plan.identity['claim'];
}

/** Read-only: looks at the mark of a fix. */
export function claimProbe(directory: string, fix: string, nonce: string): Probe {
  requireMarkName(fix);
  return {
    argv: ['sh', '-s', '--', nonce, directory, fix],
    stdin: CHECK_SCRIPT,
    timeoutSeconds: 15,
    outputLimitBytes: 4096,
  };
}

export function parseClaim(result: CommandResult, nonce: string): ClaimStatus {
  const section = parseSections(result.stdout, nonce).find(({ name }) => name === 'claim');
  if (section?.exitCode !== 0) return { kind: 'unreadable' };
  const [first = '', ...notes] = section.body.split('\n');
  const [word, step, detail] = first.split(' ');
  const idle = notes.find((note) => /^idle \d+$/.test(note));
  const idleSeconds = idle === undefined ? 0 : Number(idle.slice('idle '.length));
  if (word === 'none' || word === 'cancelled') return { kind: word };
  if (word === 'claimed') return { kind: word, idleSeconds };
  if (step === undefined) return { kind: 'unreadable' };
  if (word === 'running') return { kind: word, step, alive: notes.includes('alive') };
  if (word === 'done') return { kind: word, step, idleSeconds };
  if (word === 'failed') return { kind: word, step, exitCode: Number(detail ?? Number.NaN) };
  return { kind: 'unreadable' };
}
