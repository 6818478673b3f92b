# The store of images and containers, file by file; what it means is judged elsewhere.
# shellcheck disable=SC2086,SC2046,SC2016,SC2034,SC2154 # one script in parts; lists are split on purpose; awk programs hold $

# awk: the content of a small file in one word: `!` empty, `?` not what such a file holds, else itself.
AWK_FILE='
function hex64(s) { return length(s) == 64 && s !~ /[^0-9a-f]/ }
function word(path, size,  line, more) {
  if (size + 0 == 0) return "!"
  if (size + 0 > 300) return "?"
  line = ""
  if ((getline line < path) <= 0) { close(path); return "?" }
  if ((getline more < path) > 0 && more != "") line = "?"
  close(path)
  return (line == "" || line ~ /[^A-Za-z0-9:._+\/-]/ || size - length(line) > 1) ? "?" : line
}
function path_of() { p = $0; sub(/^[^ ]* [^ ]* [^ ]* /, "", p); return p }
function value(t) { return (t in v) ? v[t] : "-" }'

# DRIVER: whose part of the store is in use.
find_driver() {
  DRIVER=$1
  [ -n "$DRIVER" ] || DRIVER=$(flag -s --storage-driver)
  [ -n "$DRIVER" ] || DRIVER=$(setting storage-driver)
  case $DRIVER in *[!a-z0-9-]*) DRIVER= ;; esac
  [ -n "$DRIVER" ] && [ -d "$ROOT/image/$DRIVER" ] && return
  DRIVER=
  # The one that was written last.
  for part in $(cd "$ROOT/image" && ls -t -- */repositories.json 2>/dev/null) $(cd "$ROOT/image" && ls -td -- */ 2>/dev/null); do
    part=${part%%/*}
    case $part in *[!a-z0-9-]*) continue ;; esac
    [ -d "$ROOT/image/$part/layerdb" ] && DRIVER=$part && return
  done
}

layers() {
  begin layers
  limited 30 find "$DB/layerdb/sha256" -mindepth 1 -maxdepth 2 -exec stat -c '%f %s %Y %n' '{}' + 2>/dev/null | BASE=$DB/layerdb/sha256 awk "$AWK_FILE"'
    { p = path_of(); n = split(substr(p, length(ENVIRON["BASE"]) + 2), part, "/"); id = part[1]
      if (!hex64(id)) { if (n == 1) odd++; next }
      if (n == 1) { if ($1 ~ /^4/ && k++ < 3000) { order[k] = id; time[id] = $3 } next }
      if ($1 !~ /^8/) { v[id "/" part[2]] = "?"; next }
      if (part[2] ~ /^(diff|cache-id|parent|size)$/) v[id "/" part[2]] = word(p, $2)
      else if (part[2] == "tar-split.json.gz") v[id "/t"] = ($2 + 0 == 0) ? "!" : $2 }
    END { print "count", k + 0, odd + 0
      for (i = 1; i in order; i++) { d = order[i]; print "layer", d, time[d], value(d "/diff"), value(d "/cache-id"), value(d "/parent"), value(d "/size"), value(d "/t") } }'
  leftovers=$(find "$DB/layerdb/tmp" -mindepth 1 -maxdepth 1 2>/dev/null | wc -l)
  echo "leftovers $((leftovers))"
  end layers
}

images() {
  begin images
  top=$DB/imagedb/content/sha256
  {
    limited 30 find "$top" -mindepth 1 -maxdepth 1 -type f -exec stat -c '%f %s %Y %n' '{}' +
    command -v sha256sum >/dev/null 2>&1 && limited 30 find "$top" -mindepth 1 -maxdepth 1 -type f -size -4096 -exec sha256sum '{}' +
  } 2>/dev/null | BASE=$top awk "$AWK_FILE"'
    # Numbers instead of the digests, which repeat.
    function diffs(path,  s, line, n, i, out, d) {
      s = ""
      while (length(s) < 2000000 && (getline line < path) > 0) s = s line
      close(path)
      if (s !~ /^[ \t]*\{/ || s !~ /\}[ \t]*$/) return "?"
      if (!match(s, /"diff_ids"[ \t]*:[ \t]*\[[^]]*\]/)) return "-"
      s = substr(s, RSTART, RLENGTH); sub(/^[^[]*\[/, "", s); gsub(/[] \t"]/, "", s)
      n = split(s, d, ",")
      for (i = 1; i <= n; i++) { if (!(d[i] in number)) { number[d[i]] = ++total; print "diff", total, (d[i] ~ /[^a-z0-9:]/ || length(d[i]) > 140) ? "?" : d[i] }
        out = out (i > 1 ? "," : "") number[d[i]] }
      return out == "" ? "-" : out
    }
    length($1) == 64 { p = $2; id = substr(p, length(p) - 63); sum[id] = $1; next }
    { p = path_of(); id = substr(p, length(ENVIRON["BASE"]) + 2)
      if (!hex64(id) || $1 !~ /^8/) next
      if (k++ < 1000) { order[k] = id; time[id] = $3; size[id] = $2; place[id] = p } }
    END { print "count", k + 0
      for (i = 1; i in order; i++) { d = order[i]
        list = size[d] + 0 == 0 ? "!" : diffs(place[d])
        print "image", d, time[d], size[d], (d in sum) ? sum[d] : "-", list } }'
  end images
}

repositories() {
  begin repositories
  if [ -f "$DB/repositories.json" ]; then
    head -c 524288 "$DB/repositories.json"
    echo
    end repositories 0
  else
    end repositories 1
  fi
}

containers() {
  begin mounts
  limited 20 find "$DB/layerdb/mounts" -mindepth 1 -maxdepth 2 -exec stat -c '%f %s %Y %n' '{}' + 2>/dev/null | BASE=$DB/layerdb/mounts awk "$AWK_FILE"'
    { p = path_of(); n = split(substr(p, length(ENVIRON["BASE"]) + 2), part, "/"); id = part[1]
      if (!hex64(id)) next
      if (n == 1) { if (k++ < 1000) order[k] = id; next }
      if (part[2] ~ /^(mount-id|init-id|parent)$/) v[id "/" part[2]] = word(p, $2) }
    END { for (i = 1; i in order; i++) { d = order[i]; print "mount", d, value(d "/mount-id"), value(d "/init-id"), value(d "/parent") } }'
  end mounts
  begin containers
  limited 30 find "$ROOT/containers" -mindepth 1 -maxdepth 2 '(' -type d -o -name config.v2.json -o -name hostconfig.json -o -name '*-json.log*' -o -name container-cached.log ')' -exec stat -c '%f %s %Y %n' '{}' + 2>/dev/null |
    BASE=$ROOT/containers awk "$AWK_ESC$AWK_FILE"'
    function text(path,  s, line) {
      s = ""
      while (length(s) < 2000000 && (getline line < path) > 0) s = s line
      close(path)
      return s
    }
    function whole(s) { return s ~ /^[ \t]*\{/ && s ~ /\}[ \t]*$/ }
    function string(s, key) {
      if (!match(s, "\"" key "\":\"([^\"\\\\]|\\\\.)*\"")) return ""
      return substr(s, RSTART + length(key) + 4, RLENGTH - length(key) - 5)
    }
    function has(s, what) { return index(s, what) > 0 }
    { p = path_of(); n = split(substr(p, length(ENVIRON["BASE"]) + 2), part, "/"); id = part[1]
      if (!hex64(id)) next
      if (n == 1) { if ($1 ~ /^4/ && k++ < 1000) { order[k] = id; time[id] = $3 } next }
      if (part[2] == "config.v2.json") { c[id] = $2; cp[id] = p }
      else if (part[2] == "hostconfig.json") { h[id] = $2; hp[id] = p }
      else if ($1 ~ /^8/) { log_size[id] += $2 } }
    END { print "count", k + 0
      for (i = 1; i in order; i++) { d = order[i]; s = t = ""
        state = !(d in c) ? "missing" : c[d] + 0 == 0 ? "empty" : "read"
        if (state == "read") { s = text(cp[d]); if (!whole(s)) state = "broken" }
        host = !(d in h) ? "missing" : h[d] + 0 == 0 ? "empty" : "read"
        if (host == "read") { t = text(hp[d]); if (!whole(t)) host = "broken" }
        image = string(s, "Image"); if (image !~ /^sha256:/) { image = match(s, /"Image":"sha256:[0-9a-f]*"/) ? substr(s, RSTART + 9, RLENGTH - 10) : "" }
        sub(/^sha256:/, "", image)
        name = match(s, /"Name":"\/[^"]*"/) ? substr(s, RSTART + 9, RLENGTH - 10) : ""
        given = ""; if (match(s, /"Config":\{.*/)) given = string(substr(s, RSTART), "Image")
        config = match(t, /"LogConfig":\{[^}]*\}/) ? substr(t, RSTART, RLENGTH) : ""
        print "container", d, time[d], state, host, has(s, "\"Running\":true") ? 1 : 0, has(s, "\"Dead\":true") ? 1 : 0, hex64(image) ? image : "-", esc(string(config, "Type")) "|" esc(string(config, "max-size")) "|" esc(string(config, "max-file")), log_size[d] + 0, "|" esc(name) "|" esc(given) } }'
  end containers
}

# The data of the layers, where the driver keeps it so that it can be looked at.
data() {
  begin data
  case $DRIVER in
    overlay2 | fuse-overlayfs)
      limited 30 find "$ROOT/$DRIVER" -mindepth 1 -maxdepth 2 '(' -name diff -o -name link -o -name lower ')' -exec stat -c '%f %s %Y %n' '{}' + 2>/dev/null | BASE=$ROOT/$DRIVER awk "$AWK_FILE"'
        { p = path_of(); n = split(substr(p, length(ENVIRON["BASE"]) + 2), part, "/"); id = part[1]
          if (n != 2 || id ~ /[^A-Za-z0-9_-]/) next
          if (!(id in seen)) { seen[id] = 1; if (k++ < 8000) order[k] = id }
          if (part[2] == "diff") v[id "/d"] = ($1 ~ /^4/) ? "d" : "?"
          else if ($2 + 0 == 0) v[id "/" part[2]] = "!"
          else { line = ""; if ((getline line < p) <= 0) line = ""; close(p)
            m = split(line, lower, ":")
            for (j = 1; j <= m; j++) if (part[2] == "lower" && lower[j] !~ /^l\/[A-Z0-9]+$/ || part[2] == "link" && lower[j] !~ /^[A-Z0-9]+$/) m = "?"
            v[id "/" part[2]] = (line == "") ? "?" : m } }
        END { print "count", k + 0
          for (i = 1; i in order; i++) { d = order[i]; print "data", d, value(d "/d"), value(d "/link"), value(d "/lower") } }'
      ;;
    vfs | aufs | overlay | btrfs | devicemapper)
      case $DRIVER in
        vfs) top=$ROOT/vfs/dir ;;
        aufs) top=$ROOT/aufs/diff ;;
        overlay) top=$ROOT/overlay ;;
        btrfs) top=$ROOT/btrfs/subvolumes ;;
        *) top=$ROOT/devicemapper/metadata ;;
      esac
      limited 20 find "$top" -mindepth 1 -maxdepth 1 2>/dev/null | BASE=$top awk '
        { id = substr($0, length(ENVIRON["BASE"]) + 2); if (id !~ /[^A-Za-z0-9_-]/ && id != "" && k++ < 8000) list[k] = id }
        END { print "count", k + 0; for (i = 1; i in list; i++) print "data", list[i], "d", "-", "-" }'
      ;;
    *) echo unsupported ;;
  esac
  end data
}

# What is still there after all that: what came or went meanwhile is no damage.
again() {
  begin again
  for part in "image $DB/imagedb/content/sha256" "layer $DB/layerdb/sha256" "container $ROOT/containers"; do
    find "${part#* }" -mindepth 1 -maxdepth 1 2>/dev/null | awk -v what="${part%% *}" '{ sub(/^.*\//, ""); if (length($0) == 64 && $0 !~ /[^0-9a-f]/) print what, substr($0, 1, 16) }' | head -n 3000
  done
  end again
}
