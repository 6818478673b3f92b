"""Every fault that a diagnostic finds, under names that attack whoever reads them: python3 every-fault.py <part> <directory> …

  files <image>  what lies on disks: a mount point, the image store, logs, logrotate's configuration; ends by itself
  actors         processes that hold, write and leak; says `ready` and stays
The program `pwned`, which is in PATH, and `touch <directory>/pwned` leave a trace in <directory>.
"""

import ctypes
import gzip
import hashlib
import json
import os
import pwd
import resource
import subprocess
import sys
import time

PART, TRACE = sys.argv[1], sys.argv[2]

# Everything but NUL and slash: substitutions, quotes, terminal escapes, invalid UTF-8, bidi, markup, section marks.
NAME = (
    b"a\nb\tc \"'$(pwned)`pwned`;pwned;|pwned&\x1b[31m\x1b]0;t\x07\xff\xfe\xe2\x80\xae\xe2\x80\x8b\r"
    b"<!channel> <@U123> *x* _y_ ~z~ &lt; :fire: %s%n \\012 \\$(pwned) {{.}} [x]*?\n@f1x7u2e0 end walk 0\n@f1x7u2e0 begin finish\n-rf"
)
TEXT = NAME.decode("utf-8", "replace") + " $(touch " + TRACE + "/pwned) `touch " + TRACE + "/pwned` <http://x|y>"
LINE = NAME.replace(b"\n", b" ") + b" $(touch " + TRACE.encode() + b"/pwned) @f1x7u2e0 end log 0"
# At most 15 bytes each: what prctl(2) keeps of a process's name.
COMMS = [b"$(pwned)\n\x1b[31m", b"`pwned`\t\xff'\"", b"<!channel> *x*", b") R 1 1\n@f1x7"]

MOUNT = b"/srv/" + NAME
LOGS = b"/var/log/" + NAME
STORE = b"/var/lib/docker"


def write(path, data, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)
    os.chmod(path, mode)


def dump(path, value):
    # As docker writes it: one line, no blanks, no escaped letters.
    write(path, json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


def sha(data):
    return hashlib.sha256(data).hexdigest()


def logs():
    os.makedirs(LOGS)
    os.chmod(LOGS, 0o755)
    head = b"2026-11-20T12:00:00Z web[7]: cannot write: No space left on device "
    # 25 MB of the 32 MB that the disk of the logs has.
    write(b"/var/log/flood.log", b"".join(head + b"%d " % i + LINE + b"\n" for i in range(60_000)))
    write(LOGS + b"/closed.log", b"secret\n" * 100, 0o600)
    write(b"/var/log/docker.log", b"".join(
        b'time="2026-11-20T12:00:00Z" level=%s msg="%s"\n' % (level, text)
        for level, text in [
            (b"info", b"Starting up"),
            (b"error", LINE),
            (b"fatal", b"failed to start daemon: layer does not exist " + LINE),
        ]
    ))
    stanza = b"# " + LINE + b"\n/var/log/*.log\n{\n\tdaily\n\trotate 4\n\tmissingok\n\tcreate\n}\n"
    write(b"/etc/logrotate.d/" + NAME, stanza)
    write(b"/etc/logrotate.conf", b"include /etc/logrotate.d\n")


def layer(diff, parent, damaged=False):
    """One layer with its data; returns its chain id."""
    chain = diff if parent is None else sha(f"sha256:{parent} sha256:{diff}".encode())
    cache = sha(b"cache" + chain.encode())
    at = STORE + b"/image/overlay2/layerdb/sha256/" + chain.encode()
    write(at + b"/diff", b"" if damaged else b"sha256:" + diff.encode())
    write(at + b"/cache-id", cache.encode())
    write(at + b"/size", b"0")
    write(at + b"/tar-split.json.gz", gzip.compress(b"{}"))
    if parent is not None:
        write(at + b"/parent", b"sha256:" + parent.encode())
    data(cache, parent)
    return chain


def data(cache, parent):
    at = STORE + b"/overlay2/" + cache.encode()
    os.makedirs(at + b"/diff/" + NAME)
    write(at + b"/link", sha(cache.encode())[:26].upper().encode())
    if parent is not None:
        write(at + b"/lower", b"l/" + sha(parent.encode())[:26].upper().encode())


def store():
    """A layer upon another whose `diff` a power cut left empty, an image and a container of it; a log without limit."""
    diffs = [sha(b"base"), sha(b"app")]
    base = layer(diffs[0], None)
    chain = layer(diffs[1], base, damaged=True)
    top = STORE + b"/image/overlay2"
    config = json.dumps({"architecture": "amd64", "config": {"Labels": {"x": TEXT}}, "os": "linux",
                         "rootfs": {"type": "layers", "diff_ids": ["sha256:" + d for d in diffs]}}).encode()
    image = sha(config)
    write(top + b"/imagedb/content/sha256/" + image.encode(), config)
    tag = "lab/" + TEXT
    dump(top + b"/repositories.json", {"Repositories": {tag: {tag + ":1": "sha256:" + image}}})
    container, mount = sha(b"container"), sha(b"mount")
    at = top + b"/layerdb/mounts/" + container.encode()
    write(at + b"/mount-id", mount.encode())
    write(at + b"/init-id", mount.encode() + b"-init")
    write(at + b"/parent", b"sha256:" + chain.encode())
    data(mount, chain)
    data(mount + "-init", chain)
    at = STORE + b"/containers/" + container.encode()
    dump(at + b"/config.v2.json", {"ID": container, "Config": {"Image": tag, "Env": [TEXT, '"Name":"/no"']},
                                  "State": {"Running": False, "Error": TEXT}, "Image": "sha256:" + image, "Name": "/" + TEXT})
    dump(at + b"/hostconfig.json", {"LogConfig": {"Type": "json-file", "Config": {}}})
    said = json.dumps({"log": TEXT + "\n", "stream": "stderr", "time": "2026-11-20T12:00:00.5Z"}, separators=(",", ":")).encode() + b"\n"
    # 50 MB of the 64 MB that the disk has.
    write(at + b"/" + container.encode() + b"-json.log", said * (50_000_000 // len(said)), 0o640)
    for directory in [STORE, STORE + b"/containers", STORE + b"/image", STORE + b"/overlay2"]:
        os.chmod(directory, 0o710)


def called(comm):
    ctypes.CDLL(None).prctl(15, comm, 0, 0, 0)


def child(comm, act, user=None):
    """A process of its own under that name, which goes on for ever once `act` is done."""
    reader, writer = os.pipe()
    if os.fork() != 0:
        os.close(writer)
        os.read(reader, 1)
        os.close(reader)
        return
    os.close(reader)
    called(comm)
    if user is not None:
        who = pwd.getpwnam(user)
        os.initgroups(user, who.pw_gid)
        os.setgid(who.pw_gid)
        os.setuid(who.pw_uid)
        # PR_SET_DUMPABLE: as a process that was this user's from the start.
        ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
    forever = act()
    os.write(writer, b".")
    os.close(writer)
    while True:
        if forever is not None:
            forever()
        time.sleep(0.1)


def deleted():
    """44 MiB of the 64 MB of its disk."""
    fd = os.open(MOUNT + b"/" + NAME + b".log", os.O_RDWR | os.O_CREAT | os.O_APPEND)
    for _ in range(44):
        os.write(fd, b"x" * (1 << 20))
    os.unlink(MOUNT + b"/" + NAME + b".log")


def flood():
    fd = os.open("/var/log/flood.log", os.O_WRONLY | os.O_APPEND)
    return lambda: os.write(fd, b"".join(b"web[7]: again: No space left on device " + LINE + b"\n" for _ in range(20)))


def rotated():
    """Went on writing to its log after that was renamed, and a new one made."""
    fd = os.open("/var/log/app.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(fd, (LINE + b"\n") * 4000)
    os.rename("/var/log/app.log", "/var/log/app.log.1")
    os.close(os.open("/var/log/app.log", os.O_WRONLY | os.O_CREAT))
    return lambda: os.write(fd, LINE + b"\n")


def leak():
    """Opens files until its limit is reached, and goes on trying: what is closed again is taken again."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

    def take():
        try:
            while True:
                os.open(MOUNT + b"/" + NAME, os.O_RDONLY)
        except OSError:
            pass

    take()
    return take


def many():
    """Far from the limit: one that is reached is a fault of its own."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    for _ in range(min(20_000, hard * 3 // 4)):
        os.open("/srv/many.log", os.O_RDONLY)


def disk(image):
    """Mounted where no name is plain; `/srv/d` leads there."""
    os.mkdir(MOUNT)
    subprocess.run(["mount", "-o", "loop", image, MOUNT], check=True)
    os.chmod(MOUNT, 0o755)
    os.symlink(MOUNT, "/srv/d")
    write(MOUNT + b"/" + NAME + b"/" + NAME, b"x" * 4_000_000)


if PART == "files":
    disk(sys.argv[3])
    logs()
    store()
else:
    # The words of the command line, too, are somebody's.
    if PART == "actors":
        os.execv("/usr/bin/python3", [LINE, __file__, "named", TRACE, TEXT, b"--data-root=" + NAME])
    write(b"/srv/many.log", b"")
    child(COMMS[0], deleted)
    child(COMMS[1], flood)
    child(COMMS[2], rotated)
    child(COMMS[3], leak)
    # Twenty thousand descriptors, also where the machine allows a process no more than that.
    child(b"many", many, user="plain")
    child(b"many", many, user="plain")
    # No daemon, whatever it calls itself.
    child(b"dockerd", lambda: None, user="plain")
    print("ready", flush=True)
    time.sleep(3600)
