# NONCE layer|image HEX SAVE_DIRECTORY RUN_DIRECTORY
# Runs after core/approval/claim.ts, host-directory.ts and store.sh. Read-only.
# shellcheck disable=SC2046,SC2086,SC2154 # words are split on purpose; variables of store.sh
section() {
  printf '@%s begin %s\n' "$nonce" "$1"
  "$@"
  status=$?
  printf '\n@%s end %s %s\n' "$nonce" "$1" "$status"
}
plain() { tr -cd ' -~\n' | head -c 400000; }
docker() { timeout 10 "$client" --config /nonexistent "$@" </dev/null; }
host() { printf '%s %s' "$(cat /proc/sys/kernel/random/boot_id)" "$(id -u)"; }

# Words of the command line that starts or would start the daemon, one per line.
arguments() {
  if [ -n "$pid" ]; then tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null; return; fi
  {
    [ ! -d /run/systemd/system ] || ask 10 systemctl show --no-pager -p ExecStart -- docker.service 2>/dev/null | sed 's/^.*argv\[\]=//; s/ ; .*//'
    for file in /etc/default/docker /etc/sysconfig/docker /etc/conf.d/docker; do
      [ ! -f "$file" ] || sed -n 's/^[[:space:]]*\(DOCKER_OPTS\|OPTIONS\)=//p' "$file" | tr -d "'\""
    done
  } | tr ' ' '\n'
}
# flag NAME...: its value, given as NAME=VALUE or as the next word.
flag() {
  for wanted in "$@"; do
    printf '%s\n' "$words" | awk -v name="$wanted" 'take { print; exit } index($0, name "=") == 1 { print substr($0, length(name) + 2); exit } $0 == name { take = 1 }'
  done | head -n 1
}
setting() { tr -d '\n' <"$config" 2>/dev/null | sed -n "s/.*\"$1\"[[:space:]]*:[[:space:]]*\"\\([^\"]*\\)\".*/\\1/p"; }
find_store() {
  driver='' data=/nonexistent top=/nonexistent answers=no client=docker
  pid=$(daemons | head -n 1); words=$(arguments)
  config=$(flag --config-file); config=${config:-/etc/docker/daemon.json}
  root=$(flag --data-root --graph -g); root=${root:-$(setting data-root)}; root=${root:-$(setting graph)}; root=${root:-/var/lib/docker}
  root=$(cd -P "$root" 2>/dev/null && pwd -P) || { root=''; return; }
  driver=$(flag --storage-driver -s); driver=${driver:-$(setting storage-driver)}
  if [ -z "$driver" ]; then
    driver=$(cd "$root/image" 2>/dev/null && set +f && ls -td -- */repositories.json */layerdb 2>/dev/null | head -n 1); driver=${driver%%/*}
  fi
  case $driver in overlay2) data=$root/overlay2 ;; vfs) data=$root/vfs/dir ;; *) data=/nonexistent ;; esac
  top=$root/image/$driver
  client=$(command -v docker || echo docker)
  if [ -n "$pid" ]; then
    socket=$(flag -H --host | sed -n 's/^unix:\/\///p'); DOCKER_HOST=unix://${socket:-/var/run/docker.sock}; export DOCKER_HOST
    ! docker version --format '{{.Server.Version}}' >/dev/null 2>&1 || answers=yes
  fi
}
root() {
  [ -n "$root" ] || return 1
  printf '%s\n%s\n%s\n' "$root" "$(stat -c '%d:%i' "$root")" "$driver" | plain
  # All must be on one file system: things are renamed, never copied.
  stat -c '%d' "$root" "$top/layerdb/sha256" "$top/imagedb/content/sha256" | sort -u | joined
}
daemon() {
  [ -n "$pid" ] || { printf 'down'; return; }
  printf '%s %s %s ' "$pid" "$(start_time "$pid")" "$answers"
  [ "$answers" = yes ] && docker info --format '{{.LiveRestoreEnabled}}' 2>/dev/null | plain
}
# Who starts and stops it. `exact`: the running daemon is the one it keeps, or it keeps none while none runs.
manager() {
  if [ -d /run/systemd/system ] && command -v systemctl >/dev/null; then
    unit=docker.service
    [ -z "$pid" ] || unit=$(grep -oE '[A-Za-z0-9_.@-]+\.service' "/proc/$pid/cgroup" | head -n 1)
    [ -n "$unit" ] || unit=docker.service
    main=$(ask 10 systemctl show --no-pager -p MainPID -- "$unit" 2>/dev/null | sed -n 's/^MainPID=//p')
    load=$(ask 10 systemctl show --no-pager -p LoadState -- "$unit" 2>/dev/null | sed -n 's/^LoadState=//p')
    [ "$load" = loaded ] || { printf 'none - - -'; return; }
    active=$(ask 10 systemctl show --no-pager -p ActiveState -- docker.socket 2>/dev/null | sed -n 's/^ActiveState=//p')
    if [ "${main:-0}" = "${pid:-0}" ]; then exact=exact; else exact=other; fi
    printf 'systemd %s %s %s' "$unit" "$exact" "${active:--}"
  elif [ -f /etc/init.d/docker ] && [ -x /etc/init.d/docker ]; then
    if ask 15 env -i PATH="$PATH" TERM=dumb /etc/init.d/docker status >/dev/null 2>&1; then runs=yes; else runs=no; fi
    if [ "$runs" = yes ] && [ -n "$pid" ]; then exact=exact; elif [ "$runs" = no ] && [ -z "$pid" ]; then exact=exact; else exact=other; fi
    printf 'sysv docker %s -' "$exact"
  elif command -v sv >/dev/null && [ -d "$(runit_service)/supervise" ]; then
    keeper=$(cat "$(runit_service)/supervise/pid" 2>/dev/null)
    if [ "${keeper:-}" = "$pid" ]; then exact=exact; else exact=other; fi
    printf 'runit %s %s -' "$(runit_service)" "$exact"
  else printf 'none - - -'; fi
}
# Where runit keeps services: Debian, Void, daemontools of old.
runit_service() {
  for place in /etc/service/docker /var/service/docker /service/docker; do
    [ ! -d "$place" ] || { printf %s "$place"; return; }
  done
}
room() {
  ask 10 stat -f -c '%S %f %c %d' "$root" || return 1
  at=$(ask 10 df -P "$root" 2>/dev/null | sed -n '2s/^.*% //p')
  awk -v at="$at" '$5 == at { options = $6 } END { print options }' /proc/self/mountinfo | plain
}
# One word of a small file: `!` empty, `-` missing, `?` not what such a file holds.
word() {
  text=''
  if [ -L "$1" ] || [ ! -f "$1" ]; then [ -e "$1" ] && text='?' || text=-
  elif [ ! -s "$1" ]; then text='!'
  else read -r text <"$1" || :; case $text in '' | *[!A-Za-z0-9:_-]*) text='?' ;; esac; [ "${#text}" -le 100 ] || text='?'; fi
}
layers() {
  cd "$top/layerdb/sha256" || return 1
  set +f
  for id in *; do
    case $id in *[!0-9a-f]*) continue ;; esac
    [ "${#id}" = 64 ] && [ -d "$id" ] || continue
    [ ! -L "$id" ] || { printf 'link %s\n' "$id"; continue; }
    line=$id; below=-; own=-
    for file in diff cache-id parent size; do
      word "$id/$file"; line="$line $text"
      case $file in diff) own=$text ;; parent) below=$text ;; esac
    done
    # A layer is called by what it holds: its own digest, or the digest of its parent's name and its own.
    case $below$own in
      -sha256:*) sum=${own#sha256:} ;;
      sha256:*sha256:*) sum=$(printf '%s %s' "$below" "$own" | sha256sum); sum=${sum%% *} ;;
      *) sum=$id ;;
    esac
    if [ "$sum" = "$id" ]; then line="$line ="; else line="$line x"; fi
    if [ ! -f "$id/tar-split.json.gz" ]; then split=-; elif [ -s "$id/tar-split.json.gz" ]; then split=+; else split='!'; fi
    printf 'layer %s %s %s\n' "$line" "$split" "$(layer_state "$id")"
  done
  set -f
}
# Images with their chains of layers (OCI image specification, "Layer ChainID"): each link is hashed once.
images() {
  cd "$top/imagedb/content/sha256" || return 1
  set +f
  for id in *; do
    case $id in *[!0-9a-f]*) continue ;; esac
    [ "${#id}" = 64 ] && [ -f "$id" ] && [ ! -L "$id" ] || continue
    if [ ! -s "$id" ]; then sum=empty; diffs='!'
    else
      if [ "$(sha256sum <"$id" | cut -c 1-64)" = "$id" ]; then sum=ok; else sum=wrong; fi
      diffs=$(tr -d ' \n\t' <"$id" | sed -n 's/.*"diff_ids":\[\([^]]*\)\].*/\1/p' | tr -d '"')
      case $diffs in *[!a-z0-9:,]*) diffs='?' ;; '') diffs=- ;; esac
    fi
    if [ -d "../../metadata/sha256/$id" ] && [ ! -L "../../metadata/sha256/$id" ]; then meta=+; else meta=-; fi
    printf 'image %s %s %s %s %s\n' "$id" "$sum" "$meta" "$(image_state "$id")" "$diffs"
  done | chained
  set -f
}
chained() {
  awk '
    function hex64(s) { return length(s) == 64 && s !~ /[^0-9a-f]/ }
    function link(below, diff,  command, sum) {
      if ((below, diff) in known) return known[below, diff]
      command = "printf \"sha256:" below " sha256:" diff "\" | sha256sum"
      command | getline sum; close(command)
      return known[below, diff] = substr(sum, 1, 64)
    }
    { chain = ""; below = ""
      if ($6 !~ /^sha256:/) { print $0; next }
      n = split($6, diff, ",")
      for (i = 1; i <= n; i++) {
        d = substr(diff[i], 8)
        if (!hex64(d)) { chain = "?"; break }
        below = (below == "") ? d : link(below, d)
        chain = chain (chain == "" ? "" : ",") below
      }
      print $1, $2, $3, $4, $5, chain }'
}
repositories() { head -c 262144 "$top/repositories.json" | plain; }
containers() {
  cd "$root/containers" || return 1
  set +f
  for id in *; do
    case $id in *[!0-9a-f]*) continue ;; esac
    [ "${#id}" = 64 ] && [ -d "$id" ] && [ ! -L "$id" ] || continue
    name='?' image=- running=no policy='?'
    if [ -s "$id/config.v2.json" ]; then
      facts=$(tr -d '\n' <"$id/config.v2.json" | sed -n 's/.*"Running":\(true\|false\).*"Pid":\([0-9]*\).*"Image":"sha256:\([0-9a-f]*\)".*"Name":"\/\([A-Za-z0-9_.-]*\)".*/\1 \2 \3 \4/p')
      [ -n "$facts" ] && read -r running own image name <<END
$facts
END
      policy=$(tr -d '\n' <"$id/hostconfig.json" 2>/dev/null | sed -n 's/.*"RestartPolicy":{"Name":"\([a-z-]*\)".*/\1/p')
      # What the file says is true only while its process lives.
      if [ "$running" = true ] && grep -qs "$id" "/proc/${own:-0}/cgroup"; then running=yes; else running=no; fi
    fi
    mounts=$top/layerdb/mounts/$id
    word "$mounts/mount-id"; mount=$text; word "$mounts/parent"
    printf 'container %s %s %s %s %s %s %s\n' "$id" "$name" "$image" "$running" "${policy:-no}" "$mount" "$text"
  done
  set -f
}
# Directories of the driver that are mounted: somebody uses them.
mounted() {
  awk -v top="$root/overlay2/" '{ at = index($5, top); if (at == 1 && $5 ~ /\/merged$/) { id = substr($5, length(top) + 1); sub(/\/merged$/, "", id); print id } }' /proc/self/mountinfo | plain
}
volumes() {
  [ -d "$root/volumes" ] || return 0
  find "$root/volumes" -mindepth 2 -maxdepth 2 -type d -name _data 2>/dev/null | sed 's/\/_data$//; s/^.*\///' | grep -E '^[A-Za-z0-9][A-Za-z0-9_.-]*$' | head -n 5000
}
seen_images() { [ "$answers" = yes ] || return 1; docker images -aq --no-trunc 2>/dev/null | sed 's/^sha256://' | sort -u | plain; }
seen_containers() { [ "$answers" = yes ] || return 1; docker ps -aq --no-trunc 2>/dev/null | plain; }
seen_volumes() { [ "$answers" = yes ] || return 1; docker volume ls -q 2>/dev/null | plain; }
# Pulls, loads and builds that are under way.
busy() {
  [ "$(daemons | wc -l)" -lt 2 ] || printf 'more than one docker daemon runs\n'
  set +f
  for file in /proc/[0-9]*/comm; do
    read -r comm <"$file" || continue
    [ "$comm" = docker ] || continue
    line=$(tr '\0' ' ' <"${file%comm}cmdline" | plain)
    case $line in *' load '* | *' pull '* | *' build '* | *' import '* | *' commit '* | *' push '* | *' save '* | *' prune '* | *' rmi '*) printf '%s\n' "$line" | cut -c 1-200 ;; esac
  done 2>/dev/null
  now=$(date +%s)
  [ "$answers" != yes ] || for one in "$top/layerdb/tmp"/write-set-* "$top/layerdb/tmp"/write-set-*/*; do
    [ -e "$one" ] && [ $((now - $(stat -c %Y "$one"))) -lt 120 ] && printf 'a layer is being written (%s)\n' "${one##*/layerdb/}"
  done | head -n 3
  set -f
}
# Bytes of the layer and of those below it: after a power cut files may be there and empty.
content() {
  [ "$kind" = layer ] && [ "$driver" = overlay2 ] || return 0
  id=$hex; depth=0
  while [ -n "$id" ] && [ "$depth" -lt 40 ]; do
    depth=$((depth + 1))
    word "$top/layerdb/sha256/$id/cache-id"
    case $text in '!' | - | '?') ;; *) printf '%s %s\n' "$id" "$(layer_bytes "$data/$text/diff")" ;; esac
    word "$top/layerdb/sha256/$id/parent"; id=${text#sha256:}
    case $id in '' | *[!0-9a-f]*) id='' ;; esac
  done
}
# Archives of docker save that nobody else could have put there, with the images that they hold.
archives() {
  place=$saving/images
  [ -d "$place" ] || return 0
  real=$(cd -P "$place" && pwd -P) || return 0
  why=$(unsafe_path "$real"); [ -z "$why" ] || { printf 'unsafe %s\n' "$why"; return; }
  set +f
  for tar in "$real"/*.tar; do
    [ -f "$tar" ] && [ ! -L "$tar" ] || continue
    case ${tar##*/} in *[!A-Za-z0-9_.@:+-]*) continue ;; esac
    case $(stat -c '%u %a' "$tar") in "$(id -u) "*[2367]? | "$(id -u) "*[2367]) continue ;; "$(id -u) "*) ;; *) continue ;; esac
    held=$(ask 20 tar -xOf "$tar" manifest.json 2>/dev/null | head -c 200000 | grep -oE '"Config":"(blobs/sha256/)?[0-9a-f]{64}' | grep -oE '[0-9a-f]{64}$' | tr '\n' ',')
    [ -z "$held" ] || printf 'archive %s %s %s\n' "${tar##*/}" "$(stat -c '%s:%i:%Y' "$tar")" "${held%,}"
  done | head -n 50
  set -f
}
tools() { for tool in sha256sum mv tar stat find awk timeout docker; do command -v "$tool" >/dev/null || printf 'missing %s\n' "$tool"; done; }
save() { directory "$saving"; }
run() { directory "$running_place"; }
main() {
  nonce=$1; kind=$2; hex=$3; saving=$4; running_place=$5
  find_store
  for part in host root daemon manager room layers images repositories containers mounted volumes seen_images seen_containers seen_volumes busy content archives tools save run; do
    section "$part" 2>/dev/null
  done
}
main "$@" </dev/null
