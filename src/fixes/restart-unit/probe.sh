# NONCE unit|container NAME SAVE_DIRECTORY RUN_DIRECTORY
# Runs after the functions of core/approval/claim.ts and host-directory.ts. Read-only.
# shellcheck disable=SC2046,SC2086 # words are split on purpose
PATH=${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH
section() {
  printf '@%s begin %s\n' "$nonce" "$1"
  "$@"
  status=$?
  printf '\n@%s end %s %s\n' "$nonce" "$1" "$status"
}
plain() { tr -cd ' -~\n' | head -c 60000; }
# A daemon that hangs must not hang us. Not every busybox has nice.
ask() { timeout 10 "$@" </dev/null; }
# One question tells whether the daemon answers; without an answer the others are not asked.
ask_docker() {
  if [ "$docker_status" != 0 ]; then printf '%s\n' "$docker_info"; return "$docker_status"; fi
  ask docker "$@"
}
start_time() {
  case $1 in '' | 0 | *[!0-9]*) return 1 ;; esac
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # The command name is in parentheses and may hold blanks and parentheses itself: fields count from its end.
  set -- ${stat##*) }; printf '%s' "${20}"
}
host() { printf '%s %s' "$(cat /proc/sys/kernel/random/boot_id)" "$(id -u)"; }
find_manager() {
  manager=none; script=/etc/init.d/${name%.service}
  if [ "$kind" = container ]; then
    if command -v docker >/dev/null; then manager=docker; fi
  elif [ -d /run/systemd/system ]; then
    if command -v systemctl >/dev/null; then manager=systemd; fi
  elif [ -f "$script" ] && [ -x "$script" ]; then manager=sysv; fi
}
is_docker() { [ "$manager" = docker ] || [ "${name%.service}" = docker ]; }
greet_docker() {
  docker_status=127; docker_info=''
  is_docker && command -v docker >/dev/null || return 0
  docker_info=$(ask docker version --format '{{.Server.Version}}' 2>&1)
  docker_status=$?
}
manager() { printf %s "$manager"; }
show() { ask systemctl show --no-pager "$@"; }
target() {
  case $manager in
    systemd)
      show -p Id -p LoadState -p ActiveState -p SubState -p MainPID -p InvocationID -p Job -p RefuseManualStart \
        -p RefuseManualStop -p NeedDaemonReload -- "$name" 2>&1 ;;
    sysv)
      ask env -i PATH="$PATH" TERM=dumb "$script" status >/dev/null 2>&1
      printf 'status=%s\nid=%s\n' "$?" "${script##*/}" ;;
    docker)
      ask_docker inspect --type container --format '{{.Id}}
{{json .Name}}
{{.State.Status}}
{{.State.Pid}}
{{.State.StartedAt}}
{{json .Config.Image}}
{{.HostConfig.AutoRemove}}' -- "$name" 2>&1 ;;
  esac
}
# The process that a script keeps: where it says so itself, else where such files are.
pid_file() {
  base=${script##*/}
  own=$(sed -n 's/^[[:space:]#]*[Pp][Ii][Dd][Ff][Ii][Ll][Ee][=:][[:space:]]*"\{0,1\}\(\/[A-Za-z0-9_.\/-]*\)"\{0,1\}[[:space:]]*$/\1/p' "$script" | head -n 1)
  for file in $own /run/$base.pid /run/${base}d.pid /run/$base/$base.pid /run/$base/${base}d.pid /run/${base%-server}/$base.pid /var/run/$base.pid; do
    [ -f "$file" ] || continue
    pid=$(head -c 20 "$file" | tr -cd '0-9')
    [ -n "$pid" ] && [ -d "/proc/$pid" ] && { printf %s "$pid"; return; }
  done
}
main_start() {
  case $manager in
    systemd) pid=$(show -p MainPID -- "$name" 2>/dev/null | sed -n 's/^MainPID=//p') ;;
    sysv) pid=$(pid_file) ;;
    docker) pid=$(ask_docker inspect --type container --format '{{.State.Pid}}' -- "$name" 2>/dev/null) ;;
    *) return 1 ;;
  esac
  start=$(start_time "$pid") && printf '%s %s' "$pid" "$start"
}
# What must stop when it stops: units that require it, are bound to it or are part of it, and theirs.
dependents() {
  [ "$manager" = systemd ] || return 0
  seen=" $name "; queue=$name; all=''; count=0
  while [ -n "$queue" ] && [ "$count" -lt 60 ]; do
    found=$(show -p RequiredBy -p RequisiteOf -p BoundBy -p ConsistsOf -- $queue 2>/dev/null | sed 's/^[A-Za-z]*=//' | tr ' ' '\n')
    queue=''
    for one in $found; do
      case $seen in *" $one "*) continue ;; esac
      seen="$seen$one "; queue="$queue $one"; all="$all $one"; count=$((count + 1))
    done
  done
  [ -z "$all" ] || show -p Id -p ActiveState -- $all 2>/dev/null | plain
}
daemon() {
  is_docker && [ "$docker_status" = 0 ] || return 0
  ask_docker info --format '{{.LiveRestoreEnabled}} {{.DockerRootDir}}' 2>/dev/null | plain
}
# How the daemon was started, if it runs.
told_root() {
  pid=$(grep -lsx dockerd /proc/[0-9]*/comm | head -n 1); pid=${pid#/proc/}; pid=${pid%/comm}
  [ -n "$pid" ] && tr '\0' '\n' <"/proc/$pid/cmdline" |
    sed -n -e 's/^--data-root=//p' -e 's/^--graph=//p' -e '/^\(--data-root\|--graph\|-g\)$/{n;p;}' | tail -n 1
}
# The daemon's word; else its command line's; else its configuration's; else the usual place.
data_root() {
  root=$(daemon); root=${root#* }
  [ -n "$root" ] || root=$(set +f; told_root)
  [ -n "$root" ] || root=$(tr -d '\n' </etc/docker/daemon.json 2>/dev/null | sed -n 's/.*"\(data-root\|graph\)"[[:space:]]*:[[:space:]]*"\(\/[^"]*\)".*/\2/p')
  printf %s "${root:-/var/lib/docker}"
}
room() {
  is_docker || return 0
  root=$(data_root); printf '%s\n' "$root" | plain
  ask stat -f -c '%S %f %c %d' "$root" || return 1
  # The last mount at its own place counts.
  at=$(ask df -P "$root" 2>/dev/null | sed -n '2s/^.*% //p')
  awk -v at="$at" '$5 == at { options = $6 } END { print options }' /proc/self/mountinfo | plain
}
running() {
  is_docker || return 0
  list=$(ask_docker ps -q --no-trunc 2>/dev/null) || return 1
  [ -z "$list" ] || ask_docker inspect --type container \
    --format '{{.Id}}|{{.HostConfig.RestartPolicy.Name}}|{{.HostConfig.NetworkMode}}|{{.HostConfig.PidMode}}|{{.HostConfig.IpcMode}}|{{.Name}}' $list 2>/dev/null | plain
}
# Data of the image below a container; a container without it stops and does not start again.
layers() {
  [ "$manager" = docker ] || return 0
  ask_docker inspect --type container --format '{{.GraphDriver.Data.LowerDir}}' -- "$name" 2>/dev/null | tr ':' '\n' |
    while IFS= read -r lower; do
      # overlay2 finds a layer by its `link`; after a power cut that file may be empty.
      case $lower in /*/diff) [ -d "$lower" ] && [ -s "${lower%/diff}/link" ] || printf '%s\n' "$lower" ;; esac
    done | head -n 5 | plain
}
save() { directory "$saving"; }
run() { directory "$running_place"; }
main() {
  nonce=$1; kind=$2; name=$3; saving=$4; running_place=$5
  find_manager
  greet_docker
  for name_of in host manager target main_start dependents daemon room running layers save run; do
    section "$name_of" 2>/dev/null
  done
}
main "$@" </dev/null
