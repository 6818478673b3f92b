# The round trip.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

# ROOT: where the store is, links resolved; empty: it cannot be looked at.
find_root() {
  ROOT=$1
  [ -n "$ROOT" ] || ROOT=$(flag --data-root --graph -g)
  case $ROOT in /*) ;; *) ROOT=$(setting data-root) ;; esac
  case $ROOT in /*) ;; *) ROOT=$(setting graph) ;; esac
  case $ROOT in /*) ;; *) ROOT=/var/lib/docker ;; esac
  begin root
  echo "path $(escape "$ROOT")"
  problem=
  mount_of "$ROOT"
  case $FS in hazard*) problem=hazard ;; *)
    real=$(limited 5 readlink -f "$ROOT" 2>/dev/null)
    [ -z "$real" ] || [ "$real" = "$ROOT" ] || { ROOT=$real; echo "real $(escape "$ROOT")"; mount_of "$ROOT"; }
    case $FS in hazard*) problem=hazard ;; esac
    ;;
  esac
  echo "mount $FS"
  if [ -n "$problem" ]; then :
  elif ! [ -e "$ROOT" ]; then
    problem=missing
    ( cd "$ROOT" ) 2>&1 | grep -q 'ermission denied' && problem=denied
  elif ! [ -d "$ROOT" ]; then problem=missing
  elif [ -d "$ROOT/graph" ] && ! [ -d "$ROOT/image" ]; then problem=graph
  elif ! ls "$ROOT/image" >/dev/null 2>&1; then
    # An empty data root is a new one; one that is closed to us is not.
    if ls "$ROOT" >/dev/null 2>&1 && ! [ -e "$ROOT/image" ]; then problem=empty; else problem=denied; fi
  fi
  if [ "$problem" != hazard ]; then
    facts=$(limited 5 stat -f -c '%S %b %f %a %c %d' "$ROOT" 2>/dev/null) && echo "statfs $facts"
  fi
  [ -z "$problem" ] || { echo "problem $problem"; ROOT=; }
  end root
}

store() {
  find_driver "$1"
  DB=$ROOT/image/$DRIVER
  begin store
  echo "driver ${DRIVER:--}"
  if [ -n "$DRIVER" ] && ! { [ -r "$DB/layerdb" ] && [ -x "$DB/layerdb" ] && [ -r "$DB/imagedb" ] && [ -r "$ROOT/containers" ]; }; then echo partial; fi
  [ -d "$ROOT/containerd/daemon/io.containerd.snapshotter.v1.overlayfs/snapshots" ] && [ -d "$ROOT/rootfs" ] && echo snapshotter
  ls "$ROOT/image" 2>/dev/null | awk '!/[^a-z0-9-]/ && n++ < 8 { print "part", $0 }'
  end store
  [ -n "$DRIVER" ] || return 0
  images
  table=$(layers)
  printf '%s\n' "$table"
  repositories
  containers
  data
  again
  contents "$table"
}

main() {
  N=$1 BUDGET=$3
  case $N in '' | *[!A-Za-z0-9]*) echo 'docker probe: the nonce must be letters and digits' >&2; exit 64 ;; esac
  LC_ALL=C
  export LC_ALL
  PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin:/usr/local/sbin
  renice -n 10 -p $$ >/dev/null 2>&1
  command -v ionice >/dev/null 2>&1 && ionice -c 3 -p $$ >/dev/null 2>&1
  LIMITS=no
  timeout 5 true 2>/dev/null && LIMITS=yes
  now
  STARTED=$NOW
  facts_of_host
  find_daemon
  configuration
  unit
  socket
  answers=$(ask_daemon)
  [ -z "$answers" ] || printf '%s\n' "$answers"
  last_words
  find_root "$2"
  driver=$(printf '%s\n' "$answers" | sed -n 's/^info "Driver":"\([a-z0-9-]*\)"$/\1/p' | head -n 1)
  [ -z "$ROOT" ] || store "$driver"
  begin finish
  now
  echo "elapsed $((NOW - STARTED))"
  end finish
}

# One function, called in the last line: a script cut off on its way does nothing, and no command eats the rest of it.
main "$@" </dev/null
