# About one file of logrotate's configuration, for the probe and for the change: they run after the functions of
# core/approval/claim.ts. Read-only.
# shellcheck disable=SC2034,SC2154 # what is set here is used in the other parts

# Into the directory of PATH. Sets name; or why not, in $why.
reach() {
  why=''; name=${1##*/}; directory=${1%/*}
  cd -P "$directory" 2>/dev/null || { why=missing; return; }
  [ "$(pwd -P; echo .)" = "$directory
." ] || { why="link $directory"; return; }
  if [ -L "./$name" ]; then why="link $1"; elif [ -e "./$name" ]; then :; elif [ -x . ]; then why=missing; else why=denied; fi
}
# Device, inode, links, mode, owner and group.
facts() { stat -c '%d %i %h %f %u %g' "./$name" 2>/dev/null; }
sum() { sha256sum <"$1" | cut -d ' ' -f 1; }
# Accounts that are no root's seldom have it in their path.
has_logrotate() { (PATH=$PATH:/usr/sbin:/sbin; [ -x "$(command -v logrotate)" ]); }
# Errors that `logrotate -d FILE` tells, or `-` when it does not end. It reads and prints, and rotates nothing. What it
# finds missing counts too, so only more errors than before mean something.
errors() {
  told=$(PATH=$PATH:/usr/sbin:/sbin; timeout 45 logrotate -d "$1" 2>&1 </dev/null)
  # Ended by the time limit: 124; busybox 143.
  case $? in 124 | 143) echo - ;; *) printf '%s\n' "$told" | grep -c '^error:' ;; esac
}
