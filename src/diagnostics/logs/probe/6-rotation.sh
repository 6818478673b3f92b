# What logrotate is told.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

# config_file PATH: its lines; READ counts files, each once.
config_file() {
  case "$SEEN" in *"|$1|"*) return ;; esac
  [ "$READ" -lt 100 ] || return
  READ=$((READ + 1)) SEEN="$SEEN|$1|"
  [ -f "$1" ] || return
  if ! [ -r "$1" ]; then
    printf 'denied %s\0' "$1" | escape_stream
    return
  fi
  printf 'config %s\0' "$1" | escape_stream
  head -c 32768 "$1" | tr '\000' ' ' | awk "$AWK_ESC"'{ print "line " esc(substr($0, 1, 2000)) }'
}

# What it includes, one level after the other.
includes_of() {
  [ -f "$1" ] && [ -r "$1" ] || return
  head -c 32768 "$1" | sed -n 's/^[ 	]*include[ 	]\{1,\}//p' | sed 's/[ 	]*$//' | head -n 10 | while IFS= read -r path; do
    kind_of "$path"
    [ "$KIND" = local ] && printf '%s\n' "$path"
  done
}

read_rotation() {
  begin rotation
  READ=0 SEEN=
  config_file /etc/logrotate.conf
  while IFS= read -r path; do
    [ -n "$path" ] || continue
    if [ -d "$path" ]; then
      [ -r "$path" ] || printf 'denied %s\0' "$path" | escape_stream
      for one in "$path"/*; do
        case $one in *~ | *,v | *.bak | *.cfsaved | *.disabled | *.dpkg-* | *.rhn-cfg-tmp-* | *.rpmnew | *.rpmorig | *.rpmsave | *.swp | *.ucf-*) ;; *) config_file "$one" ;; esac
      done
    else config_file "$path"; fi
  done <<EOF
$(includes_of /etc/logrotate.conf)
/etc/logrotate.d
EOF
  end rotation
}
