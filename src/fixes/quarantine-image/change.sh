# quarantine|reload|restart BASE FIX BOOT ROOT PLACE DRIVER KEEPER UNIT SOCKET PID START [ENTRY...]
# ENTRY: `layer ID STATE`, `image ID STATE` (with its metadata), `config ID STATE` (without). For reload: DIRECTORY, then
# FILE STATE pairs. Runs after the functions of core/approval/claim.ts and store.sh.
# shellcheck disable=SC2154 # mark belongs to claim.ts, data to store.sh
same_host() {
  [ "$(cat /proc/sys/kernel/random/boot_id)" = "$boot" ] || stop 65 "the host was started again since"
  cd -P "$root" 2>/dev/null || stop 65 "$root cannot be entered"
  [ "$(pwd -P)" = "$root" ] || stop 65 "$root is a symbolic link now"
  [ "$(stat -c '%d:%i' .)" = "$place" ] || stop 65 "$root is another directory now"
  why=$(unsafe_path "$root"); [ -z "$why" ] || stop 65 "$why"
}
same_daemon() {
  now=$(daemons | tr '\n' ' ')
  if [ "$pid" = - ]; then
    [ -z "$now" ] || stop 65 "a docker daemon runs now (pid ${now% })"
  else
    [ "$now" = "$pid " ] || stop 65 "the docker daemon is another one now (pid ${now:-none})"
    [ "$(start_time "$pid")" = "$start" ] || stop 65 "process $pid is another one now"
  fi
}
# into DIRECTORY: below the data root, and no part of the way a symbolic link.
into() {
  cd -P "$root/$1" 2>/dev/null || stop "${2:-65}" "$root/$1 cannot be entered"
  [ "$(pwd -P)" = "$root/$1" ] || stop "${2:-65}" "$root/$1 is a symbolic link now"
}
layers_at=''; contents_at=''; metadata_at=''; phase=''
# Every entry must be in the state that was approved.
same_entries() {
  while [ $# -gt 0 ]; do
    case $2 in *[!0-9a-f]*) stop 78 "$2: no such entry" ;; esac
    [ "${#2}" = 64 ] || stop 78 "$2: no such entry"
    case $1 in
      layer)
        into "$layers_at"
        [ -d "./$2" ] && [ ! -L "./$2" ] || stop 65 "layer $2 is no directory now"
        found=$(layer_state "$2"); wanted=$3
        # A layer that is told by its bytes alone has a third part.
        case $wanted in *'|'*'|'*) read -r cache <"./$2/cache-id"; found="$found|$(layer_bytes "$data/$cache/diff")" ;; esac
        [ "$found" = "$wanted" ] || stop 65 "layer $2 is in another state now" ;;
      image | config)
        into "$contents_at"
        [ -f "./$2" ] && [ ! -L "./$2" ] || stop 65 "image $2 is no file now"
        [ "$(image_state "$2")" = "$3" ] || stop 65 "image $2 is in another state now" ;;
      *) stop 78 "$1: no such entry" ;;
    esac
    shift 3
  done
}
run() {
  "$@" >"$mark/output" 2>&1 </dev/null; rc=$?
  tail -n 10 "$mark/output" | tail -c 1500 | tr -cd ' -~\n'; return $rc
}
keeper() { # stop|start
  case $keeper/$1 in
    systemd/*)
      if [ "$socket" = socket ]; then run timeout 150 systemctl "$1" docker.socket "$unit"; else run timeout 150 systemctl "$1" "$unit"; fi ;;
    # A clean environment, as service(8) gives.
    sysv/*) run timeout 150 env -i PATH="$PATH" TERM=dumb "/etc/init.d/$unit" "$1" ;;
    runit/stop) run sv -w 60 down "$unit" ;;
    runit/start) run sv -w 20 up "$unit" ;;
    *) stop 78 "$keeper: unknown" ;;
  esac
}
stop_docker() {
  keeper stop || say "stopping docker ended with $rc"
  left=90
  while [ -n "$(daemons)" ]; do
    left=$((left - 1)); [ "$left" -gt 0 ] || return 1
    sleep 1
  done
}
docker_answers() {
  left=$1
  until find_address; DOCKER_HOST=$address timeout 10 docker --config /nonexistent version >/dev/null 2>&1 </dev/null; do
    left=$((left - 1)); [ "$left" -gt 0 ] || return 1
    [ -n "$(daemons)" ] || { gone=$((gone + 1)); [ "$gone" -lt 5 ] || return 1; }
    sleep 1
  done
}
# Where the daemon listens that was just started.
find_address() {
  address=unix:///var/run/docker.sock
  for one in $(daemons); do
    found=$(tr '\0' '\n' <"/proc/$one/cmdline" 2>/dev/null | sed -n -e 's/^--host=unix:/unix:/p' -e '/^\(-H\|--host\)$/{n;p;}' | grep '^unix://' | head -n 1)
    [ -z "$found" ] || address=$found
  done
}
start_docker() {
  keeper start || say "starting docker ended with $rc"
  gone=0; sleep 1
  docker_answers 90
}
# The list is whole and on disk before the first rename: whatever happens, it is known what came from where.
write_manifest() {
  {
    printf '# Moved by Housecall, fix %s. Paths are below %s.\n' "$fix" "$root"
    printf '# To take it back: stop docker; then, in that directory, for every line: mv TO FROM; start docker.\n'
    printf '# FROM\tTO\n'
    while [ $# -gt 0 ]; do
      case $1 in
        layer) printf '%s/%s\t%s/layerdb/%s\n' "$layers_at" "$2" "$aside" "$2" ;;
        *)
          printf '%s/%s\t%s/imagedb-content/%s\n' "$contents_at" "$2" "$aside" "$2"
          [ "$1" = config ] || printf '%s/%s\t%s/imagedb-metadata/%s\n' "$metadata_at" "$2" "$aside" "$2" ;;
      esac
      shift 3
    done
  } >"$root/$aside/manifest.new" && sync && mv "$root/$aside/manifest.new" "$root/$aside/manifest" || { back_up; stop 74 "the list could not be written: nothing was moved"; }
}
rows() { grep -v '^#' "$root/$aside/manifest"; }
tab=$(printf '\t')
# move FORWARD|BACK: every row of the list that is not done yet. Renames only.
move() {
  rows >"$mark/rows" || return 1
  while IFS=$tab read -r from to; do
    [ "$1" = forward ] || { swap=$from; from=$to; to=$swap; }
    if [ "$1" = back ] && [ ! -e "$root/$from" ]; then continue; fi
    [ ! -e "$root/$to" ] && [ ! -L "$root/$to" ] || { say "$to is there already"; return 1; }
    [ ! -L "$root/$from" ] || { say "$from is a symbolic link"; return 1; }
    mv "$root/$from" "$root/$to" || return 1
  done <"$mark/rows"
  sync
}
put_back() {
  move back || { phase=''; stop 74 "$1. Not everything could be put back: $root/$aside/manifest says what is where. Docker is NOT started"; }
  # Docker writes its list of names anew when it starts, without the images that it did not find.
  if [ -f "$root/$aside/repositories.json" ]; then
    cat "$root/$aside/repositories.json" >"$mark/names" && cmp -s "$mark/names" "$names_at" || cp -p "$root/$aside/repositories.json" "$names_at"
  fi
}
quarantine() {
  same_daemon
  same_entries "$@"
  [ "$(stat -c %d "$root/$layers_at" "$root/$contents_at" "$root" | sort -u | wc -l)" -eq 1 ] || stop 65 "parts of $root are on other file systems now"
  enter "$root/housecall-quarantine"; enter "$(pwd -P)/$fix"
  mkdir -m 0700 layerdb imagedb-content imagedb-metadata || stop 73 "the quarantine of this fix is there already"
  names_at=$root/image/$driver/repositories.json
  phase=stopped
  stop_docker || { back_up; stop 1 "docker does not stop: nothing was moved"; }
  # What changed while it stopped, or is in use all the same, is not touched.
  why=$( (same_host; same_entries "$@"; not_mounted) 2>&1) || { back_up; stop 65 "$why. Nothing was moved, docker was started again"; }
  [ ! -f "$names_at" ] || cp -p "$names_at" "$root/$aside/repositories.json" || { back_up; stop 74 "the list of names could not be copied: nothing was moved"; }
  write_manifest "$@"
  phase=moving
  if ! move forward; then
    put_back "an entry could not be moved"; back_up
    stop 1 "an entry could not be moved: everything was put back, docker was started again"
  fi
  say "moved to $root/$aside"
  if start_docker; then phase=''; : >"$mark/moved"; say "docker answers without them"; return; fi
  last=$(tail -n 1 "$mark/output" | tr -cd ' -~' | cut -c 1-300)
  stop_docker || { phase=''; stop 74 "docker does not answer after the move ($last) and cannot be stopped to put things back: $root/$aside/manifest says what is where"; }
  put_back "docker does not start after the move"; phase=''
  if start_docker; then stop 1 "docker did not start after the move ($last): everything was put back, docker answers as before"; fi
  stop 1 "docker did not start after the move ($last): everything was put back, and docker does not start with it either"
}
# Nothing was moved: docker is started as it was, if it ran.
back_up() { phase=''; [ "$pid" = - ] || start_docker || say "docker could not be started again"; }
# Stopped from outside in the middle: docker must not stay down, and nothing half done.
undone() {
  case $phase in
    stopped) back_up ;;
    moving) put_back "stopped in the middle"; back_up ;;
  esac
}
# No directory of the driver may be in use that a container on these entries writes to.
not_mounted() {
  set +f
  for one in "$root/image/$driver/layerdb/mounts"/*/parent; do
    [ -f "$one" ] || continue
    below=''; read -r below <"$one" || :
    grep -qs "/layerdb/${below#sha256:}\$" "$mark/planned" || continue
    using=''; read -r using <"${one%parent}mount-id" || :
    ! grep -qsF " $root/overlay2/$using/merged " /proc/self/mountinfo || stop 65 "a container on it is in use (overlay2/$using is mounted)"
  done
  set -f
}
reload() {
  place=$1; shift
  why=$(unsafe_path "$place"); [ -z "$why" ] || stop 65 "$why"
  cd -P "$place" 2>/dev/null || stop 65 "$place cannot be entered"
  [ "$(pwd -P)" = "$place" ] || stop 65 "$place is a symbolic link now"
  find_address
  while [ $# -gt 0 ]; do
    case $1 in */* | .*) stop 78 "$1: no such archive" ;; esac
    [ -f "./$1" ] && [ ! -L "./$1" ] || stop 65 "$1 is no file now"
    exec 8<"./$1"
    [ "$(stat -Lc '%s:%i:%Y' /proc/self/fd/8)" = "$2" ] || stop 65 "$1 is another file now"
    DOCKER_HOST=$address timeout 3000 docker --config /nonexistent load <&8 >"$mark/output" 2>&1 || stop 1 "docker load of $1 failed: $(tail -n 1 "$mark/output" | tr -cd ' -~' | cut -c 1-300)"
    exec 8<&-
    tail -n 5 "$mark/output" | tr -cd ' -~\n'
    shift 2
  done
}
restart() {
  stop_docker || stop 1 "docker does not stop"
  start_docker || stop 1 "docker did not start again: $(tail -n 1 "$mark/output" | tr -cd ' -~' | cut -c 1-300)"
  say "docker answers"
}
main() {
  verb=$1; base=$2; fix=$3; boot=$4; root=$5; place=$6; driver=$7; keeper=$8; unit=$9; shift 9
  socket=$1; pid=$2; start=$3; shift 3
  case $driver in overlay2) data=$root/overlay2 ;; vfs) data=$root/vfs/dir ;; *) stop 78 "$driver: unknown driver" ;; esac
  layers_at=image/$driver/layerdb/sha256; contents_at=image/$driver/imagedb/content/sha256
  metadata_at=image/$driver/imagedb/metadata/sha256; aside=housecall-quarantine/$fix
  begin "$base" "$fix" "$verb"
  same_host
  case $verb in
    quarantine)
      printf '/layerdb/%s\n' "$@" | grep -E '^/layerdb/[0-9a-f]{64}$' >"$mark/planned"
      quarantine "$@" ;;
    reload | restart)
      [ -f "$mark/moved" ] || stop 65 "nothing was set aside before: nothing was done"
      "$verb" "$@" ;;
    *) stop 78 "$verb: no such step" ;;
  esac
}
main "$@" </dev/null
