# What lies visibly on a full file system, within a time budget.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

# awk: one walk, in the order find prints: sums per directory on a stack, memory bounded by depth.
AWK_WALK='
function keep(table, v, line,  i) {
  if (v <= 0) return
  if (cnt[table] < K) { i = ++cnt[table] } else { if (v <= least[table]) return; i = slot[table] }
  val[table, i] = v; text[table, i] = line
  if (cnt[table] < K) return
  slot[table] = 1
  for (i = 2; i <= K; i++) if (val[table, i] < val[table, slot[table]]) slot[table] = i
  least[table] = val[table, slot[table]]
}
function pop() {
  keep("dir", tot[top], sprintf("%.0f %d", tot[top], ent[top]) " " esc(dirs[top]))
  keep("many", ent[top], ent[top] " " esc(dirs[top]))
  top--; if (top > 0) tot[top] += tot[top + 1]
}
function take(  isdir, b) {
  if (path == "") return
  isdir = (t == "d" || t ~ /^4...$/)
  if (rootdev == "") rootdev = d
  if (d != rootdev && (isdir || FS_TYPE != "overlay")) return
  while (top > 1 && index(path, dirs[top] "/") != 1) pop()
  if (top > 0) ent[top]++
  inodes++; b = blocks * 512
  if (!isdir && links > 1) { if (ino in seen) b = 0; seen[ino] = 1 }
  total += b
  if (isdir) { top++; dirs[top] = path; tot[top] = b; ent[top] = 0; return }
  tot[top] += b
  if (b > 0 && (cnt["file"] < K || b > least["file"])) keep("file", b, sprintf("%.0f %.0f", b, size) " " esc(path))
}
BEGIN { K = 30 }
$1 == MARK && $2 == "rc" { rc = $3; if (rc == 0) take(); next }
$1 == MARK { take(); d = $2; ino = $3; links = $4; blocks = $5; size = $6; t = $7
  path = substr($0, length($1 $2 $3 $4 $5 $6 $7) + 8); next }
{ path = path "\n" $0 }
END {
  while (top > 0) pop()
  printf "total %.0f %.0f %d\n", total, inodes, rc
  for (i = 1; i <= cnt["dir"]; i++) print "dir " text["dir", i]
  for (i = 1; i <= cnt["file"]; i++) print "file " text["file", i]
  for (i = 1; i <= cnt["many"]; i++) print "many " text["many", i]
}'

# Whether $1 is a mount that must not be touched, or on the way to one (AVOID: their names, escaped).
leads_to_hazard() {
  child=$1
  set -f
  set -- $AVOID
  set +f
  for point; do
    decode "$point"
    case $RAW in "$child" | "$child"/*) return 0 ;; esac
  done
  return 1
}

# walk_tree PATH EXPRESSION...: find, which asks every name for its attributes, and a mount point of a dead server
# hangs it even with -xdev. So the directories on the way to one are gone through by the shell, that only reads names.
walk_tree() {
  tree=$1
  shift
  if [ -z "$AVOID" ]; then
    timeout "$seconds" find "$tree" "$@"
    return
  fi
  # The directories from the top down to each hazard, parents first.
  ways=$(printf '%s\n' "$AVOID" | awk -v top="$(printf '%s' "$top" | sed 's/\\/&&/g')" '
    { while (sub(/\/[^\/]*$/, "") && $0 != "" && length($0) > length(top)) print; print top }' | tr / '\001' | sort -u | tr '\001' /)
  set -f
  for way in $ways; do
    set +f
    decode "$way"
    dir=$RAW
    now
    left=$((seconds - (NOW - began) / 100))
    [ "$left" -ge 1 ] || return 124
    find "$dir" -maxdepth 0 "$@"
    (
      for child in "${dir%/}"/* "${dir%/}"/.[!.]* "${dir%/}"/..?*; do
        leads_to_hazard "$child" || { set -- "$child" "$@"; some=1; }
      done
      [ -z "${some:-}" ] || timeout "$left" find "$@"
    )
    rc=$?
    [ "$rc" -le 1 ] || return "$rc"
  done
}

# walk INDEX SECONDS TYPE POINT
walk() {
  begin walk
  echo "mount $1"
  index=$1 seconds=$2 type=$3 top=$4
  AVOID=$(printf '%s\n' "$TABLE" | awk -v i="$index" '$1 == "avoid" && $2 == i { print $3 }')
  set -- -xdev
  # Mounts of the same device below it would be counted twice; their names may hold pattern characters.
  while read -r word at point; do
    [ "$word $at" = "prune $index" ] || continue
    decode "$point"
    set -- "$@" -path "$(printf '%s' "$RAW" | sed 's/[][*?\\]/\\&/g')" -prune -o
  done <<EOF
$TABLE
EOF
  if find /dev/null -maxdepth 0 -printf '' 2>/dev/null; then
    set -- "$@" -printf "$N %D %i %n %b %s %y %p\n"
  else
    set -- "$@" -exec stat -c "$N %d %i %h %b %s %f %n" '{}' +
  fi
  decode "$top"
  now
  began=$NOW
  {
    {
      walk_tree "$RAW" "$@" 2>&3 3>&-
      rc=$?
      # The last name was cut when find was stopped: it must not swallow the marker.
      case $rc in 0 | 1) echo "$N rc 0" ;; *) printf '\n%s rc %s\n' "$N" "$rc" ;; esac
    } | awk -v MARK="$N" -v FS_TYPE="$type" "$AWK_ESC$AWK_WALK" >&4 3>&-
  } 3>&1 4>&4 | awk '/ermission denied$/ { n++ } END { print "denied", n + 0 }'
  now
  echo "elapsed $((NOW - began))"
  end walk
}

walk_full() {
  # Without a working time limit nothing is walked.
  timeout 1 true 2>/dev/null || return 0
  count=$#
  for index in "$@"; do
    now
    left=$(((BUDGET * 80 - (NOW - STARTED)) / 100 / count))
    [ "$left" -ge 1 ] || left=1
    count=$((count - 1))
    set -- $(printf '%s\n' "$MOUNTS" | sed -n "${index}p")
    case $4 in image) ;; *) walk "$index" "$left" "$5" "${12}" ;; esac
  done 4>&1
}
