"""Holds files open in ways a shell cannot: BASE CASE[=MiB] ... Says `ready`, then sleeps."""
import ctypes
import mmap
import os
import resource
import sys
import time

base = sys.argv[1].encode()
kept = []


def make(name, mib, flags=0):
    fd = os.open(name, os.O_RDWR | os.O_CREAT | flags, 0o644)
    for _ in range(mib):
        os.write(fd, b"x" * (1 << 20))
    return fd


def deleted(name, mib, flags=0):
    fd = make(name, mib, flags)
    os.unlink(name)
    return fd


def sparse(mib):
    os.ftruncate(deleted(base + b"/sparse.log", mib), 1 << 30)


def memfd(mib):
    os.write(os.memfd_create("jit"), b"x" * (mib << 20))


def tmpfile(mib):
    os.write(os.open(base, os.O_TMPFILE | os.O_RDWR), b"x" * (mib << 20))


def linked(mib):
    make(base + b"/first.log", mib)
    os.link(base + b"/first.log", base + b"/second.log")
    os.unlink(base + b"/first.log")


def mapped(mib):
    fd = make(base + b"/mapped.bin", mib)
    # mmap keeps a descriptor of its own: find and close every one.
    kept.append(mmap.mmap(fd, mib << 20))
    os.unlink(base + b"/mapped.bin")
    for name in os.listdir(b"/proc/self/fd"):
        try:
            if b"mapped.bin" in os.readlink(b"/proc/self/fd/" + name):
                os.close(int(name))
        except OSError:
            pass


def many(mib):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    fd = deleted(base + b"/many.log", mib, os.O_APPEND)
    for _ in range(5000):
        os.dup(fd)
        os.dup(1)
    os.fork()


def fork(_):
    if os.fork() == 0:
        time.sleep(3600)


def grow(_):
    if os.fork() == 0:
        fd = make(base + b"/grow.log", 0, os.O_APPEND)
        # For a minute: also a slow machine has looked twice by then.
        for _ in range(3000):
            os.write(fd, b"y" * (10 * 1024))
            time.sleep(0.02)
        time.sleep(3600)


def hung(_):
    """A FUSE mount whose server never answers: whoever touches it hangs."""
    os.makedirs(base + b"/deep/hung", exist_ok=True)
    fd = os.open("/dev/fuse", os.O_RDWR)
    kept.append(fd)
    options = b"fd=%d,rootmode=40000,user_id=0,group_id=0" % fd
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"server:/export", base + b"/deep/hung", b"fuse.sshfs", 0, options) != 0:
        raise OSError(ctypes.get_errno(), "mount")


HOSTILE = base + b'/a\nb\tc $(reboot) "\'\x1b[31m\xff\xe2\x80\xae`x`\\.log'
MARKERS = base + b"/x\n@f1x7u2e0 end walk 0\n@f1x7u2e0 begin finish\n@f1x7u2e0 end finish 0\n"

CASES = {
    "log": lambda mib: os.dup(deleted(base + b"/app.log", mib, os.O_APPEND)),
    "plainlog": lambda mib: deleted(base + b"/plain.log", mib),
    "data": lambda mib: deleted(base + b"/table.ibd", mib),
    "hostile": lambda mib: deleted(HOSTILE, mib, os.O_APPEND),
    "markers": lambda mib: make(MARKERS, mib),
    "shm": lambda mib: deleted(b"/dev/shm/housecall.log", mib),
    "living": lambda mib: make(base + b"/living.log (deleted)", mib),
    "sparse": sparse,
    "memfd": memfd,
    "tmpfile": tmpfile,
    "linked": linked,
    "mapped": mapped,
    "many": many,
    "fork": fork,
    "grow": grow,
    "hung": hung,
}

for case in sys.argv[2:]:
    kind, _, size = case.partition("=")
    CASES[kind](int(size or 0))
print("ready", flush=True)
time.sleep(3600)
