# NONCE CONFIG SAVE_DIRECTORY RUN_DIRECTORY
# Runs after the functions of core/approval/claim.ts and host-directory.ts, and those of look.sh. Read-only.
# shellcheck disable=SC2154 # some are set in look.sh
section() {
  printf '@%s begin %s\n' "$nonce" "$1"
  "$@"
  status=$?
  printf '\n@%s end %s %s\n' "$nonce" "$1" "$status"
}
host() { printf '%s %s' "$(cat /proc/sys/kernel/random/boot_id)" "$(id -u)"; }
place() { reach "$config"; printf '%s' "${why:-here}"; }
above() { unsafe_path "$directory"; }
file() { [ -z "$why" ] && facts; }
regular() { [ -z "$why" ] && [ -f "./$name" ] && [ -r "./$name" ]; }
checksum() { regular && sum "./$name"; }
# In hexadecimal: nothing that a file holds can pass for something else. One byte more than is allowed tells "too long".
content() { regular && head -c 65537 "./$name" | od -An -v -tx1 | tr -d ' \n'; }
# What -w says of a read-only file system differs between shells.
access() { if [ -z "$why" ] && [ -w . ] && [ -w "./$name" ]; then mounted "$config"; else printf 'none ro'; fi; }
includes() { sed -n 's/^[[:blank:]]*include[[:blank:]]\{1,\}//p' /etc/logrotate.conf; }
package() {
  set +f
  owner=$(grep -lxsF -- "$config" /var/lib/dpkg/info/*.conffiles | head -n 1)
  set -f
  if [ -n "$owner" ]; then
    owner=${owner##*/}; owner=${owner%.conffiles}; printf 'dpkg %s' "${owner%%:*}"
  elif command -v rpm >/dev/null; then
    owner=$(timeout 10 rpm -qf --qf '%{NAME}\n' "$config" </dev/null) && printf 'rpm %s' "$owner"
  fi
}
# Whether it is there, the errors of the whole configuration, and those of this file alone; `-`: not known.
checker() {
  has_logrotate || { printf none; return; }
  regular || { printf 'here - -'; return; }
  alone=$(errors "$config"); whole=-
  [ "$alone" = - ] || [ ! -r /etc/logrotate.conf ] || whole=$(errors /etc/logrotate.conf)
  printf 'here %s %s' "$whole" "$alone"
}
save() { directory "$saving"; }
run() { directory "$running"; }
main() {
  nonce=$1; config=$2; saving=$3; running=$4; why=''
  for part in host place above file checksum content access includes package checker save run; do
    section "$part" 2>/dev/null
  done
}
main "$@" </dev/null
