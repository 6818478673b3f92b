# BASE FIX FS PATH ASIDE INODE OWNER GROUP MODE LIMIT ACL
# Runs after the functions of core/approval/claim.ts and client.sh. INODE: its number, or `-`; ACL: entries, or `-`.
# shellcheck disable=SC2154,SC2034,SC2329 # functions before this; mark and result belong to claim.ts
# Every path with its cluster: a client without its configuration would take the disk of this host.
at() { printf '%s%s' "$fs" "$(literal "$1")"; }
# What both paths are: each its own question, so that a missing one cannot be taken for the other. NOW
facts() { now=$(ask dfs -stat "$FACTS" "$1" 2>"$mark/said"); }
said() { last_words <"$mark/said"; }
is_missing() { grep -q 'No such file or directory' "$mark/said"; }
# One line of facts with the modification time; without it, what was approved.
same_directory() {
  facts "$1" || stop 65 "$2 is gone, or cannot be looked at: $(said)"
  now=$(printf '%s\n' "$now" | grep '|' | tail -n 1)
  [ "${now%|*}" = "directory|$mode|$owner|$group" ] || stop 65 "$2 is not as approved any more: $now"
}
# The approved inode must be what is at the path. A busy directory changes between two questions: asked again.
same_inode() {
  [ "$inode" != - ] || return 0
  left=5
  while :; do
    both=$(ask dfs -stat "$FACTS" "$(at "$path")" "$fs/.reserved/.inodes/$inode" 2>"$mark/said") || stop 65 "the directory that was approved is gone: $(said)"
    [ "$(printf '%s\n' "$both" | grep '|' | sort -u | wc -l)" -ne 1 ] || return 0
    left=$((left - 1)); [ "$left" -gt 0 ] || stop 65 "at $path is another directory than the one approved (inode $inode)"
  done
}
# Still crowded: otherwise somebody else has set it aside, or cleaned it up.
crowded() {
  below=$(ask dfs -count "$(at "$path")" 2>"$mark/said" | awk '$1 ~ /^[0-9]+$/ && $2 ~ /^[0-9]+$/ { print $1 + $2 - 1; exit }')
  case $below in '' | *[!0-9]*) stop 74 "$path cannot be counted: $(said)" ;; esac
  [ $((below * 2)) -ge "$limit" ] || stop 65 "$path holds only $below entries by now (the limit is $limit): nothing was done"
}
nothing_aside() {
  if facts "$(at "$aside")"; then stop 65 "$aside exists already"; fi
  is_missing || stop 74 "$aside cannot be looked at: $(said)"
}
# A client whose answer is lost may have done it: only HDFS knows.
move_aside() {
  from=$(at "$path"); [ "$inode" = - ] || from=$fs/.reserved/.inodes/$inode
  moved=maybe
  ask dfs -mv "$from" "$(at "$aside")" 2>"$mark/said" || {
    why=$(said)
    facts "$(at "$aside")" || { is_missing && moved=no; stop 74 "it could not be renamed: $why"; }
  }
  moved=yes
  same_directory "$(at "$aside")" "$aside"
  say "renamed $path to $aside"
}
# The umask keeps everybody out until owner and mode are right.
make_again() {
  made=maybe
  ask dfs -D fs.permissions.umask-mode=077 -mkdir "$(at "$path")" 2>"$mark/said" || {
    why=$(said)
    if facts "$(at "$path")"; then
      # Somebody else made it: it is theirs, and moving the old one back would land inside it.
      case $why in *'File exists'*) made=other; stop 74 "somebody else made $path again at this moment; the full one is at $aside" ;; esac
    else made=no; stop 74 "an empty $path could not be made: $why"; fi
  }
  made=yes
  ask dfs -chown "$owner:$group" "$(at "$path")" 2>"$mark/said" || stop 74 "owner $owner:$group could not be given: $(said)"
  ask dfs -chmod "$mode" "$(at "$path")" 2>"$mark/said" || stop 74 "mode $mode could not be given: $(said)"
  [ "$acl" = - ] || ask dfs -setfacl --set "$acl" "$(at "$path")" 2>"$mark/said" || stop 74 "its ACL could not be given: $(said)"
  same_made
  # Nothing is left to take back.
  moved=no
}
same_made() {
  facts "$(at "$path")" || stop 74 "the new $path cannot be looked at: $(said)"
  now=$(printf '%s\n' "$now" | grep '|' | tail -n 1)
  [ "${now%|*}" = "directory|$mode|$owner|$group" ] || stop 74 "the new $path is not as the old one: $now"
}
# Half done is worse than not done. rmdir removes only what is empty; what is there is never moved into.
undone() {
  case $moved in yes | maybe) ;; *) return ;; esac
  facts "$(at "$aside")" || return
  case $made in
    other) return ;;
    yes | maybe)
      if facts "$(at "$path")" && ! ask dfs -rmdir "$(at "$path")" 2>"$mark/said"; then
        echo "NOT taken back: the new $path stays, the full one is at $aside: $(said)" >&2; return
      fi ;;
  esac
  if facts "$(at "$path")"; then echo "NOT taken back: somebody made $path; the full one is at $aside" >&2; return; fi
  # A rename to what is there would land inside it: only what is surely gone is put back.
  is_missing || { echo "NOT taken back: $path cannot be looked at ($(said)); the full one is at $aside" >&2; return; }
  if ask dfs -mv "$(at "$aside")" "$(at "$path")" 2>"$mark/said"; then echo "taken back: $path is as it was" >&2
  else echo "NOT taken back, do it at once: hdfs dfs -mv $aside $path: $(said)" >&2; fi
}
main() {
  base=$1 fix=$2 fs=$3 path=$4 aside=$5 inode=$6 owner=$7 group=$8 mode=$9
  shift 9
  limit=$1 acl=$2 moved=no made=no patience=60
  begin "$base" "$fix" set-aside
  find_hdfs || stop 69 "there is no hdfs command any more"
  find_locale
  same_directory "$(at "$path")" "$path"
  same_inode
  crowded
  nothing_aside
  move_aside
  make_again
  say "made an empty $path, $mode $owner:$group"
}
main "$@" </dev/null
