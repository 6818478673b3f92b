# Reads a bounded part of a log, spread over the whole of it, and counts bytes per pattern.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

# awk over blocks, each after a line `MARK offset how`: bytes and lines per folded line.
# how: start (a line begins here), next (goes on where the last block ended), jump.
# A block that was jumped to begins within a line: that piece is left out, and the cut line at its end counts twice
# instead. Over all blocks both are equally long on average, also for lines that are longer than others.
# The table is bounded: when it is full, small patterns survive in proportion to their bytes and carry the bytes
# of those that did not (threshold sampling), so that a pattern of a million variants keeps its share.
AWK_FOLD='
function fold(s) {
  s = substr(s, 1, 240)
  if (substr(s, 1, 8) == "{\"log\":\"") s = substr(s, 9)
  gsub(/[0-9a-fA-F]*[0-9][0-9a-fA-F]*/, "0", s)
  return substr(s, 1, 160)
}
function add(line, n,  k) {
  k = fold(line)
  if (!(k in by)) {
    if (++keys > MAX) { squeeze(); keys++ }
    ex[k] = substr(line, 1, 300)
    if (flagged < 300 && known(line)) {
      flag[k] = 1; flagged++; where(line)
      # What a long line is known by may stand far behind.
      if (RSTART > 150) ex[k] = substr(line, 1, 100) " ... " substr(line, RSTART - 40, 195)
    }
  }
  by[k] += n; lines[k]++; total += n; count++
  return k
}
function squeeze(  k, tau, acc, w) {
  tau = total * 2 / MAX; acc = tau / 2; keys = 0
  for (k in by) {
    if (k in flag || by[k] >= tau) { keys++; continue }
    acc += by[k]
    if (acc < tau) { delete by[k]; delete lines[k]; delete ex[k]; continue }
    acc -= tau; keys++; lines[k] *= tau / by[k]; by[k] = tau
  }
}
function stamp(line,  s) {
  if (substr(line, 1, 8) == "{\"log\":\"" && match(line, /"time":"[^"]*"/)) return substr(line, RSTART, RLENGTH)
  s = substr(line, 1, 200); gsub(/\t/, " ", s); return s
}
function whole(line) {
  add(line, length(line) + 1)
  if (!stamped) { stamped = 1; if (blocks % STEP == 1 || STEP == 1) print "at\t" offset "\t" esc(stamp(line)) }
  last = line; lastat = offset + seen
}
function piece1() {
  # The first piece of a block, now that it is known to end there.
  if (how == "next" && pending) { by[hk] += p1 + 1; total += p1 + 1; pending = 0 }
  else dropped += p1 + 1
}
function cut() {
  # The end of a block.
  if (np == 0) return
  if (np == 1 && how == "next" && pending) { by[hk] += p1; total += p1; return }
  if (np == 1 && how == "jump") { middle += p1; pending = 0; return }
  if (have && length(prev) > 0) { hk = add(prev, length(prev)); pending = 1; head = length(prev) }
  else pending = 0
  have = 0
}
function resolve() {
  # The cut line of the block before, when this one does not go on where that ended.
  if (!pending) return
  by[hk] += head; total += head; pending = 0
  if (head > UNIT / 4) { long[hk] += head; longs += head }
}
BEGIN { ML = length(MARK) }
substr($0, 1, ML) == MARK {
  cut(); if ($3 != "next") resolve()
  offset = $2; how = $3; np = 0; seen = 0; have = 0; stamped = 0; blocks++; next
}
{
  bytes += length($0) + 1
  if (index($0, "\001")) { n = length($0); gsub(/\001+/, ""); nul += n - length($0) }
  np++; seen += length($0) + 1
  if (np == 1 && how != "start" && !(how == "next" && !pending)) { p1 = length($0); next }
  if (np == 2 && !have) piece1()
  if (have) whole(prev)
  prev = $0; have = 1
}
END {
  cut()
  if (lastat) printf "at\t%.0f\t%s\n", lastat, esc(stamp(last))
  if (middle > 0) {
    # Blocks within one line: they belong to lines that long.
    if (longs > 0) for (k in long) { by[k] += middle * long[k] / longs }
    else { k = "<line longer than a block>"; by[k] += middle; lines[k]++; ex[k] = ""; count++ }
    total += middle
  }
  # Each marker came with a line break of its own.
  printf "sum\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%d\n", bytes - blocks, total, count, dropped, nul, middle, blocks
  small = total; big = 0; tau = 0
  for (round = 0; round < 6; round++) {
    tau = (KEEP - big > 0) ? small / (KEEP - big) : total
    small = 0; big = 0
    for (k in by) if (by[k] >= tau || k in flag) { if (by[k] >= tau) big++ } else small += by[k]
  }
  if (tau <= 0) tau = 1
  printf "=\t%.3f\n", tau
  for (k in by) {
    f = k; gsub(/[\t\001]/, " ", f)
    printf "t\t%s\t%.1f\t%.3f\t%d\t%s\n", f, by[k], lines[k], (k in flag), esc(ex[k])
  }
}'

# awk over the sorted patterns, after the line `= THRESHOLD`: the small ones thinned to KEEP in proportion, which is near exact for neighbours alike.
AWK_THIN='
BEGIN { FS = "\t" }
$1 == "=" { tau = $2; acc = tau / 2; next }
$1 != "t" { print; next }
$5 == 1 || $3 >= tau { printf "t\t%.0f\t%.2f\t%s\n", $3, $4, $6; next }
{ acc += $3; if (acc >= tau) { acc -= tau; printf "t\t%.0f\t%.2f\t%s\n", tau, $4 * tau / $3, $6 } }'

# What marks a line as worth keeping however rare it is. The host only keeps it; what it means is judged later.
# Written into the program: busybox would compile a pattern that is a value again for every line.
KNOWN_ERRORS='annot assign requested|ddress already in use|ayer does not exist|ailed to get diff id|nvalid checksum digest|ount does not exist|annot connect to the Docker|irectory item limit|MaxDirectoryItems|uota exceeded|QuotaExceeded|quota.* of .* is exceeded|afe ?mode|o space left on device|ead-only file ?system|nput\/output error|I\/O error|OutOfMemoryError|GC overhead limit|heap out of memory|ut of memory|oom-kill|OOMKilled|annot allocate memory|oo many open files|file-max limit|conntrack: table full|ertificate has expired|x509: certificate|ertificate is not yet|CERTIFICATE_VERIFY|emporary failure in name|no such host|ame or service not known|EAI_AGAIN|ENOTFOUND|onnection refused|o route to host|etwork is unreachable|onnection timed out|i\/o timeout|ead timed out|onnect(ion)? ?timeout|ontext deadline|onnection reset by|roken pipe|EPIPE|egmentation fault|segfault at|SIGSEGV|EADDR|ENOSPC|EDQUOT|EMFILE|ENFILE|ECONN|EROFS|ENOMEM|ETIMEDOUT|EHOSTUN|ENETUN|EIO'
AWK_KNOWN="function known(s) { return s ~ /$KNOWN_ERRORS/ } function where(s) { match(s, /$KNOWN_ERRORS/) }"

# blocks SIZE BASE BUDGET: `skip how` in units of UNIT, one per line; the first line holds UNIT and their number.
AWK_PLAN='
BEGIN {
  span = size - base
  if (span <= budget) {
    unit = 1048576; n = int((span + unit - 1) / unit); printf "%d %d whole\n", unit, n
    first = int(base / unit)
    for (i = 0; i < n; i++) print first + i, (i == 0) ? (base > 0 ? "jump" : "start") : "next"
    exit
  }
  # Many small blocks see more of a log that changes than few large ones.
  # No more than 512, unless more than usual may be read: they are enough for a point or two, and cost less time.
  unit = 49152; n = int(budget / unit); if (n < 1) n = 1
  if (n > 512) n = (int(n / 3) > 512) ? int(n / 3) : 512
  first = int(base / unit); all = int((size + unit - 1) / unit) - first
  if (n > all) n = all
  printf "%d %d blocks\n", unit, n
  at = -1
  for (i = 0; i < n; i++) {
    # One in each of n equal stretches, moved by the golden ratio: even spacing would beat with what comes and goes evenly.
    from = int(all * i / n); to = int(all * (i + 1) / n); f = i * 0.6180339887; f -= int(f)
    k = from + int((to - from) * f); if (i == 0) k = 0; if (i == n - 1) k = all - 1
    how = (k == 0 && first == 0) ? "start" : (k == at + 1 && i > 0) ? "next" : "jump"
    print first + k, how; at = k
  }
}'

# read_log BASE SIZE BUDGET KEEP: the open file 3.
read_log() {
  plan=$(awk -v base="$1" -v size="$2" -v budget="$3" "$AWK_PLAN")
  set -- "$4" $plan
  keep=$1 unit=$2 blocks=$3
  printf 'plan\t%s\t%s\t%s\n' "$unit" "$blocks" "$4"
  shift 4
  step=$((blocks / 12))
  [ "$step" -ge 1 ] || step=1
  while [ $# -ge 2 ]; do
    printf '\n@%s# %s %s\n' "$N" "$(($1 * unit))" "$2"
    dd if=/proc/self/fd/3 bs="$unit" skip="$1" count=1 2>/dev/null
    shift 2
  done | fold_log "$unit" "$step" "$keep"
}

# fold_log UNIT STEP KEEP: marked blocks on standard input.
fold_log() {
  tr '\000' '\001' |
    awk -v MARK="@$N#" -v MAX=16000 -v UNIT="$1" -v STEP="$2" -v KEEP="$3" "$AWK_ESC$AWK_KNOWN$AWK_FOLD" |
    sort | awk -v KEEP="$3" "$AWK_THIN"
}
