# Whether the files of a layer still have the size that docker wrote down for it (overlay2 only): after a power cut
# their metadata may be complete and their data gone. Newest first: what was written last is hit first.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

# contents LAYERS: the lines of the section `layers`
contents() {
  [ "$DRIVER" = overlay2 ] || return 0
  list=$(printf '%s\n' "$1" | awk '$1 == "layer" && length($5) == 64 && $5 !~ /[^0-9a-f]/ && $7 ~ /^[0-9]+$/ { print $3, $5 }' | sort -rn | awk '{ print $2 }')
  set --
  for cache in $list; do
    [ -d "$ROOT/overlay2/$cache/diff" ] && set -- "$@" "$ROOT/overlay2/$cache/diff"
  done
  [ $# -gt 0 ] || return 0
  if find /dev/null -maxdepth 0 -printf '' 2>/dev/null; then print="-printf|$N %n %i %s %p\\n"
  else print="-exec|stat|-c|$N %h %i %s %n|{}|+"
  fi
  begin content
  echo "dirs $#"
  now
  began=$NOW
  {
    for top in "$@"; do printf '%s top %s\n' "$N" "$top"; done
    IFS='|'
    set -- "$@" -xdev ! -type d $print
    unset IFS
    limited "$BUDGET" find "$@" 2>/dev/null
    rc=$?
    printf '\n%s rc %s\n' "$N" "$rc"
  } | awk -v MARK="$N" '
    # Names may hold newlines: only lines with the mark count. A file with several names counts once.
    $1 != MARK { next }
    $2 == "top" { p = substr($0, length(MARK) + 6); order[++k] = p; at[p] = k; next }
    $2 == "rc" { rc = $3; next }
    NF >= 5 { p = substr($0, length($1 $2 $3 $4) + 5)
      if (!match(p, /\/overlay2\/[0-9a-f]+\/diff\//)) next
      top = substr(p, 1, RSTART + RLENGTH - 2)
      if (!(top in at)) next
      if (at[top] != cur) { cur = at[top]; split("", seen) }
      if ($2 > 1) { if ($3 in seen) next; seen[$3] = 1 }
      sum[cur] += $4 }
    END { done = (rc <= 1) ? k : cur - 1
      for (i = 1; i <= done; i++) { match(order[i], /[0-9a-f]+\/diff$/); printf "sum %s %.0f\n", substr(order[i], RSTART, RLENGTH - 5), sum[i] }
      print "done", done, k, rc }'
  now
  echo "elapsed $((NOW - began))"
  end content
}
