# keep|edit BASE FIX BOOT CONFIG FACTS SHA256 COPY AFTER DROP TEXT BYTES
# Runs after the functions of core/approval/claim.ts and look.sh. COPY is a file name within BASE. TEXT becomes the line
# behind line AFTER; the lines of DROP (`3,7` or `-`) go; the result has BYTES.
# shellcheck disable=SC2034,SC2154 # some are set or used in the parts before
same_file() {
  [ "$(cat /proc/sys/kernel/random/boot_id)" = "$boot" ] || stop 65 "the host was started again since"
  reach "$config"
  [ -z "$why" ] || stop 65 "$config cannot be reached as approved ($why)"
  why=$(unsafe_path "$(pwd -P)"); [ -z "$why" ] || stop 65 "$config: $why"
  [ -f "./$name" ] && [ "$(facts)" = "$approved" ] || stop 65 "$config is another file now, or its owner or mode changed"
  [ "$(sum "./$name")" = "$checksum" ] || stop 65 "$config was changed since"
}
# The whole file, to the host and into the incident.
keep() {
  [ ! -e "$copy" ] && [ ! -L "$copy" ] || stop 74 "$copy exists already"
  cp -p "./$name" "$copy.partial" && chmod 0600 "$copy.partial" && [ "$(sum "$copy.partial")" = "$checksum" ] &&
    mv "$copy.partial" "$copy" || stop 74 "the copy could not be made: nothing was changed"
  cat "$copy" || stop 74 "nobody took what was to be kept: nothing was changed"
}
# A new file beside the old one, with its owner, mode and context; then one rename. logrotate ignores this suffix.
edit() {
  [ "$(sum "$copy")" = "$checksum" ] || stop 74 "there is no copy: nothing was changed"
  temporary=.$name.$fix.dpkg-new
  [ ! -e "./$temporary" ] && [ ! -L "./$temporary" ] || stop 74 "$temporary exists already"
  made=$temporary
  cp -p "./$name" "./$temporary" || stop 74 "no new file could be made beside $config: nothing was changed"
  if command -v chcon >/dev/null; then chcon --reference="./$name" "./$temporary" 2>/dev/null; fi
  awk -v after="$after" -v drop="$drop" '
    BEGIN { n = split(drop, d, ","); for (i = 1; i <= n; i++) gone[d[i]] = 1; text = ENVIRON["TEXT"] }
    !(NR in gone)
    NR == after { print text }' "./$name" | dd bs=65536 conv=fsync of="./$temporary" 2>/dev/null
  [ "$(stat -c '%s %f %u %g' "./$temporary")" = "$bytes ${approved#* * * }" ] ||
    stop 74 "the new file is not as approved: nothing was changed"
  whole=-
  if has_logrotate; then
    whole=$(errors /etc/logrotate.conf); new=$(errors "$directory/$temporary"); old=$(errors "$config")
    case $new$old in *-*) stop 74 "logrotate -d did not end: nothing was changed" ;; esac
    [ "$new" -le "$old" ] || stop 74 "logrotate -d refuses the new file: nothing was changed"
  fi
  same_file
  mv -f "./$temporary" "./$name" || stop 74 "$config could not be replaced"
  made=''
  if [ "$whole" != - ]; then
    now=$(errors /etc/logrotate.conf)
    [ "$now" != - ] && [ "$now" -le "$whole" ] || put_back
  fi
  result=" $(sum "./$name")"
  say "$config: $(($(wc -l <"$copy"))) lines before, $(($(wc -l <"./$name"))) after"
}
put_back() {
  made=$temporary
  cp -p "./$name" "./$temporary" && cat "$copy" >"./$temporary" && mv -f "./$temporary" "./$name" ||
    stop 74 "logrotate -d likes the whole configuration less than before, and the old file could not be put back: it is in $copy"
  made=''
  stop 74 "logrotate -d likes the whole configuration less than before: the old file is back"
}
undone() {
  rm -f "$copy.partial"
  [ -z "$made" ] || rm -f "./$made"
}
main() {
  verb=$1; base=$2; fix=$3; boot=$4; config=$5; approved=$6; checksum=$7; copy=$8; after=$9; shift 9
  drop=$1; TEXT=$2; bytes=$3; made=''; export TEXT
  begin "$base" "$fix" "$verb"
  copy=$(pwd -P)/$copy
  same_file
  case $verb in
    keep) keep ;;
    edit) edit ;;
    *) stop 78 "$verb: no such step" ;;
  esac
}
main "$@" </dev/null
