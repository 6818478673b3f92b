# keep|truncate BASE FIX BOOT PATH DEVICE INODE LINKS HEAD WAY
# Runs after the functions of core/approval/claim.ts and look.sh.
# shellcheck disable=SC2034,SC2046,SC2086,SC2154 # words are split on purpose; some are set or used in the parts before
# What is at PATH must still be the approved log, written the same way; it may have grown.
same_log() {
  [ "$(cat /proc/sys/kernel/random/boot_id)" = "$boot" ] || stop 65 "the host was started again since"
  reach "$path"
  [ -z "$why" ] || stop 65 "$path cannot be reached as approved ($why)"
  pin || stop 65 "$path is no regular file any more, or was replaced just now"
  (
    set -- $facts
    [ "$1 $2" = "$device $inode" ] || stop 65 "$path is another file now (inode $2)"
    [ "$3" = "$links" ] || stop 65 "$path has $3 names now, $links were approved"
    [ $((0x$4 & 0xf000)) = $((0x8000)) ] || stop 65 "$path is no regular file"
  ) || exit $?
  [ "$(head_sum "${head%%:*}")" = "$head" ] || stop 65 "$path does not begin as it did: it was emptied or rewritten meanwhile"
  [ -z "$(mapped_by "$(hexadecimal "$device")" "$inode")" ] || stop 65 "a process has mapped $path: emptying it would kill it"
  now=$(writers_of "$device" "$inode" | tail -n 1)
  [ "$now" = "$way" ] || stop 65 "$path is written in another way now ($now; approved: $way)"
  size=$(stat -Lc %s /proc/self/fd/8)
  case $size in '' | *[!0-9]*) stop 74 "size is no number: $size" ;; esac
}
# Not every busybox has nice.
gently() { if command -v nice >/dev/null; then nice "$@"; else "$@"; fi; }
# Printable ASCII and tabs as they are, a backslash doubled, all else as \ooo, every line behind "| ": no line can
# pass for a heading, and a quote that was escaped is still seen as one by whoever takes passwords out.
escape() {
  od -An -v -to1 | awk '
    BEGIN {
      for (i = 32; i < 127; i++) as[sprintf("%03o", i)] = sprintf("%c", i)
      as["011"] = "\t"; as["134"] = "\\\\"; fresh = 1
    }
    {
      out = ""
      for (i = 1; i <= NF; i++) {
        if (fresh) { out = out "| "; fresh = 0 }
        if ($i == "012") { out = out "\n"; fresh = 1 } else out = out (($i in as) ? as[$i] : "\\" $i)
      }
      printf "%s", out
    }
    END { if (!fresh) print "" }'
}
heading() { printf '\n==== %s ====\n' "$1"; }
# What the patterns of its lines take, from 16 MiB spread over the log. Memory is bounded: 5000 patterns.
templates() {
  span=$((size - first)); blocks=$(((span + 262143) / 262144)); step=$(((blocks + 63) / 64)); at=0
  while [ "$at" -lt "$blocks" ]; do
    piece $((first + at * 262144)) 262144 | tr '\000\001' '??'
    printf '\n\001\n'
    at=$((at + step))
  done | gently awk -v whole="$((step == 1))" '
    function fold(s) {
      if (substr(s, 1, 8) == "{\"log\":\"") s = substr(s, 9)
      s = substr(s, 1, 400)
      gsub(/\047[^\047 ]*\047|"[^" ]*"/, "\"S\"", s)
      gsub(/[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F]+/, "H", s)
      gsub(/[0-9]+/, "N", s); gsub(/[^ -~]/, "?", s)
      return substr(s, 1, 160)
    }
    function put(t, n, c) {
      if (!(t in bytes) && kinds >= 5000) t = "(more than 5000 patterns)"
      if (!(t in bytes)) kinds++
      bytes[t] += n; lines[t] += c; all += n
    }
    # Between two pieces: what a line was cut into there belongs to no line, unless all was read.
    $0 == "\001" {
      if (whole) { left = left last; last = "" } else if (got < 2) put("(a line longer than 262144 bytes)", 262144, 1)
      got = 0; next
    }
    got++ == 0 { if (whole && left != "") { last = left $0; left = "" } else last = whole ? $0 : ""; held = whole; next }
    { if (held) put(fold(last), length(last) + 1, 1); last = $0; held = 1 }
    END {
      if (left != "") put(fold(left), length(left), 1)
      printf "%.0f patterns in %.0f bytes read\n", kinds, all
      for (row = 0; row < 40; row++) {
        best = ""
        for (t in bytes) if (bytes[t] >= 0 && (best == "" || bytes[t] > bytes[best] || (bytes[t] == bytes[best] && t < best))) best = t
        if (best == "" || bytes[best] < 0) break
        printf "%5.1f %%  %.0f bytes, %.0f lines\n| %s\n", all ? 100 * bytes[best] / all : 0, bytes[best], lines[best], best
        bytes[best] = -1
      }
    }'
}
shown() { heading "$1, at offset $2"; piece "$2" "$3" | escape; }
# A part that begins within a line begins behind it, if it can: a password without its name is not known for one.
cut() {
  behind=$(piece "$2" "$3" | head -n 1 | wc -c); [ "$behind" -lt "$3" ] || behind=0
  shown "$1" $(($2 + behind)) $(($3 - behind))
}
# Head 48 KiB, 32 samples of 4 KiB, tail 64 KiB. Each sample lies somewhere in its own 32nd of the rest, always the same.
content() {
  if [ $((size - first)) -le 245760 ]; then shown 'whole content' "$first" $((size - first)); return; fi
  shown head "$first" 49152
  from=$((first + 49152)); width=$(((size - 65536 - from) / 32)); sample=1; random=1
  while [ "$sample" -le 32 ]; do
    random=$(((random * 1103515245 + 12345) % 2147483648))
    at=$((from + (sample - 1) * width + random % (width - 4095)))
    cut "sample $sample of 32" "$at" 4096
    sample=$((sample + 1))
  done
  cut tail $((size - 65536)) 65536
}
keep() {
  first=${head%%:*}
  printf 'Kept by Housecall before this log is emptied. Lines of the log begin with "| ";\n'
  printf 'a backslash is doubled, and what is not printable ASCII stands as \\ooo (octal).\n'
  heading file
  printf '%s' "$path" | escape
  stat -Lc '%s bytes long, %b blocks of %B bytes, inode %i, uid %u, mode %a, last written %y' /proc/self/fd/8
  printf 'looked at %s\n' "$(date -u '+%Y-%m-%d %H:%M:%S UTC')"
  [ "$first" = 0 ] || printf 'the first %s bytes are NUL\n' "$first"
  heading 'templates by bytes'
  templates
  content
  # Whoever watched is gone: then nothing arrived, and nothing is emptied.
  printf '\n==== end ====\n' || stop 74 "nobody took what was to be kept: nothing was emptied"
  echo "$size" >"$mark/kept" || stop 74 "$mark: cannot be written"
}
empty() {
  kept=$(cat "$mark/kept" 2>/dev/null) || stop 74 "nothing was kept: nothing was emptied"
  [ "$size" -ge "$kept" ] || stop 65 "$path became smaller since it was kept: somebody else emptied it"
  before=$(stat -Lc '%s %b' /proc/self/fd/8)
  [ "$(stat -c '%d %i' "./$name")" = "$device $inode" ] && [ ! -L "./$name" ] || stop 65 "$path was replaced just now"
  # Through the descriptor: the file that was checked, whatever its name leads to by now. A special builtin would end the shell.
  printf '' >|/proc/self/fd/8 || stop 74 "$path could not be emptied"
  after=$(stat -Lc '%s %b' /proc/self/fd/8); result=" $before $after"
  say "size and blocks before: $before, after: $after"
}
main() {
  verb=$1; base=$2; fix=$3; boot=$4; path=$5; device=$6; inode=$7; links=$8; head=$9; shift 9; way=$1
  begin "$base" "$fix" "$verb"
  same_log
  case $verb in
    keep) keep ;;
    truncate) empty ;;
    *) stop 78 "$verb: no such step" ;;
  esac
}
main "$@" </dev/null
