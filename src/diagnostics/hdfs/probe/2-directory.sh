# One directory: what is below it, what is directly in it, how old it is.
# shellcheck disable=SC2034,SC2154,SC2086,SC2046,SC2016 # one script in parts; words are split on purpose; awk programs hold $

# awk over `ls -R`, which reads page by page (hadoop 3.3 on): entries directly in DIR, their times, as they come.
AWK_SAMPLE='
BEGIN { for (i = 1; i < 256; i++) if (i < 32 || i > 126) OCT[sprintf("%c", i)] = sprintf("\\%03o", i)
  dir = ENVIRON["HC_DIR"]; if (dir != "/") dir = dir "/"; whole = 0 }
function esc(s,  i, c, o) {
  for (i = 1; i <= length(s) && i <= 300; i++) { c = substr(s, i, 1); o = o (c == "\\" ? "\\134" : (c in OCT) ? OCT[c] : c) }
  return o
}
/^exit [0-9]+$/ { status = $2; whole = (status == 0); next }
match($0, / [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9] \//) {
  when = substr($0, RSTART + 1, 16); path = substr($0, RSTART + 18)
  if (index(path, dir) != 1) next
  name = substr(path, length(dir) + 1)
  if (name == "" || index(name, "/")) next
  seen++
  if (substr($0, 1, 1) == "d") directories++
  if (oldest == "" || when < oldest) { oldest = when; oldname = name }
  if (newest == "" || when > newest) newest = when
  if (seen >= ENVIRON["HC_MOST"]) { status = "enough"; exit }
  next
}
{ said[++lines % 8] = substr($0, 1, 300) }
END {
  print "status " status; print "whole " whole; print "seen " seen + 0; print "directories " directories + 0
  if (seen) { print "oldest " oldest " " esc(oldname); print "newest " newest }
  for (i = lines - 7; i <= lines; i++) if (i > 0 && said[i % 8] != "") print "said " said[i % 8]
}'

# DIR MOST SECONDS: the first entries by name. SEEN: how many, when these are all.
sample() {
  SEEN=''
  allow "$3"
  [ "$ALLOWED" != 0 ] || return
  OUT=$(
    {
      run_hdfs dfs -ls -R "$(literal "$1")"
      printf '\nexit %s\n' "$?"
    } | HC_DIR=$1 HC_MOST=$2 awk "$AWK_SAMPLE"
  )
  begin sample
  printf '%s\n' "$OUT"
  end sample
  case $OUT in *'whole 1'*) SEEN=$(printf '%s\n' "$OUT" | sed -n 's/^seen //p') ;; esac
}

# DIR: counts with everything below, quotas, and from the NameNode itself how many entries are directly in it.
# BELOW: entries below it; ITEMS: directly in it, empty: not known.
inspect() {
  begin directory
  printf '%s\n' "$1"
  end directory
  look count 25 dfs -count -q -v "$(literal "$1")"
  BELOW='' ITEMS='' DIRECTORIES=''
  if [ "$RC" = 0 ]; then
    set -- "$1" $(printf '%s\n' "$OUT" | awk '
      $1 ~ /^(none|-?[0-9]+)$/ && $2 ~ /^(inf|-?[0-9]+)$/ && $5 ~ /^[0-9]+$/ && $6 ~ /^[0-9]+$/ && $7 ~ /^[0-9]+$/ { print $5, $6; exit }')
    if [ $# = 3 ]; then
      DIRECTORIES=$2 BELOW=$(($2 + $3 - 1))
      [ "$2" != 1 ] || ITEMS=$3
    fi
  fi
  status "$1"
}

# DIR: the NameNode's own word about it, with the number of its children (WebHDFS GETFILESTATUS).
status() {
  [ -n "$BASE" ] || return
  begin status
  OUT=$(fetch "$BASE/webhdfs/v1$(url "$1")?op=GETFILESTATUS&user.name=$WHO")
  printf '%s\n' "$OUT"
  end status $?
  child=$(printf '%s' "$OUT" | sed -n 's/^{"FileStatus":{.*"childrenNum":\([0-9][0-9]*\)[,}].*/\1/p')
  case $OUT in *'"type":"DIRECTORY"'*) [ -z "$child" ] || ITEMS=$child ;; esac
}

# Whether $1 entries reach the warning.
near() { [ -n "$1" ] && awk -v n="$1" -v l="$LIMIT" -v w="$WARN" 'BEGIN { exit !(n * 100 >= l * w) }'; }

# DIR: not full itself, but enough lies below it: the directories directly in it that could be. CANDIDATES
candidates() {
  CANDIDATES=''
  allow 20
  [ "$ALLOWED" != 0 ] || return
  OUT=$(run_hdfs dfs -count "$(literal "${1%/}")/*" | HC_DIR=${1%/} awk -v l="$LIMIT" -v w="$WARN" '
    match($0, /^ *[0-9]+ +[0-9]+ +[0-9]+ \//) {
      path = substr($0, RLENGTH); below = $1 + $2 - 1
      if ($1 < 1 || below * 100 < l * w || index(path, ENVIRON["HC_DIR"] "/") != 1) next
      if (index(substr(path, length(ENVIRON["HC_DIR"]) + 2), "/")) next
      printf "%d %s\n", below, path
    }' | sort -rn | awk 'NR <= 3 { sub(/^[0-9]+ /, ""); print }')
  CANDIDATES=$OUT
}
