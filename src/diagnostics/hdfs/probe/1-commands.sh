# Looks at one HDFS directory through the hdfs command of this host. Read-only, no temporary files.
# Arguments: nonce path warn-percent budget-seconds
# shellcheck disable=SC2034,SC2154,SC2329 # one script in parts
set -u
set -f
LC_ALL=C
export LC_ALL

begin() { printf '@%s begin %s\n' "$N" "$1"; }
end() { printf '@%s end %s %s\n' "$N" "$1" "${2:-0}"; }

# Seconds since boot.
now() {
  read -r NOW _ </proc/uptime
  NOW=${NOW%%.*}
}

# Not every busybox has nice.
gently() { if command -v nice >/dev/null; then nice "$@"; else "$@"; fi; }

# Seconds for a command that may take $1, within what is left; 0: none.
allow() {
  now
  SECONDS_LEFT=$((DEADLINE - NOW))
  ALLOWED=$1
  [ "$SECONDS_LEFT" -gt "$ALLOWED" ] || ALLOWED=$SECONDS_LEFT
  [ "$ALLOWED" -ge 2 ] || ALLOWED=0
}

# The hdfs command. Names need a UTF-8 locale, or the JVM turns every other letter into `?`; times are UTC;
# a small heap, so that a listing of a million names ends the client and never this host.
run_hdfs() {
  gently timeout -k 3 "$ALLOWED" env LC_ALL="$UTF8" TZ=UTC \
    HADOOP_CLIENT_OPTS="${HADOOP_CLIENT_OPTS:-} $OPTIONS" "$HDFS" "$@" </dev/null 2>&1
}

# SECTION SECONDS ARGUMENTS...: what it printed, errors too, and its status. OUT RC
look() {
  section=$1
  allow "$2"
  shift 2
  if [ "$ALLOWED" = 0 ]; then
    OUT='' RC=125
  else
    OUT=$(
      {
        run_hdfs "$@"
        printf '\nexit %s\n' "$?"
      } | tail -n 40 | cut -c 1-1500
    )
    RC=${OUT##*exit }
    OUT=${OUT%exit *}
  fi
  begin "$section"
  printf '%s\n' "$OUT"
  end "$section" "$RC"
}

# The path in the words of HDFS: glob characters stand for themselves.
literal() { printf '%s' "$1" | sed 's/[][*?{}\\]/\\&/g'; }

# The path in a URL.
url() {
  printf '%s' "$1" | od -An -v -tx1 | awk '
    BEGIN { for (i = 33; i < 127; i++) { c = sprintf("%c", i); if (c ~ /[A-Za-z0-9._\/-]/) KEEP[sprintf("%02x", i)] = c } }
    { for (i = 1; i <= NF; i++) printf "%s", ($i in KEEP) ? KEEP[$i] : "%" toupper($i) }'
}

# URL: what a NameNode answers over HTTP. Never through a proxy.
fetch() {
  allow 8
  [ "$ALLOWED" != 0 ] || return 125
  case $WEB in
    curl-negotiate) timeout "$ALLOWED" curl -q -sS -m 8 --noproxy '*' --negotiate -u : "$1" ;;
    curl) timeout "$ALLOWED" curl -q -sS -m 8 --noproxy '*' "$1" ;;
    wget) timeout "$ALLOWED" env http_proxy= https_proxy= wget -q -O - "$1" ;;
    *) return 127 ;;
  esac </dev/null 2>&1 | head -c 4000
}
