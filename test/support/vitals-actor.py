"""Makes trouble for the tests of vitals, says `ready` and stays: python3 vitals-actor.py <case> [argument]"""

import ctypes
import os
import resource
import socket
import sys
import time


def say_and_stay():
    print("ready", flush=True)
    time.sleep(3600)


def descriptors(limit, count=None):
    """Opens files until its limit is reached, or so many; 0: the highest limit there is."""
    limit = limit or resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    held = []
    try:
        while count is None or len(held) < count:
            held.append(os.open("/srv/d/held", os.O_RDONLY | os.O_CREAT))
    except OSError:
        pass
    say_and_stay()


def listener(backlog):
    """Listens, never accepts; its clients fill the queue and go on trying."""
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen(backlog)
    port = server.getsockname()[1]
    if os.fork() == 0:
        server.close()
        held = []
        while True:
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", port))
            held.append(client)
            if len(held) == backlog + 3:
                print(f"port {port}", flush=True)
                print("ready", flush=True)
            time.sleep(0.05 if len(held) < 200 else 1)
    time.sleep(3600)


def vfork():
    """Waits in state D for a child that does not exec: no hang of the kernel."""
    libc = ctypes.CDLL(None, use_errno=True)
    print("ready", flush=True)
    libc.syscall.restype = ctypes.c_long
    # x86_64 and arm64 differ; clone(CLONE_VM | CLONE_VFORK | SIGCHLD) is 56 and 220.
    number = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
    CLONE_VFORK = 0x00004000
    if libc.syscall(number, CLONE_VFORK | 17, 0, 0, 0, 0) == 0:
        time.sleep(3600)


def memory():
    """Takes memory until somebody stops it."""
    held = []
    print("ready", flush=True)
    while True:
        held.append(bytearray(1 << 20))


def write(path, when):
    """Writes as soon as the other file is there; the write may never return."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT)
    print("ready", flush=True)
    while not os.path.exists(when):
        time.sleep(0.05)
    os.write(handle, b"x" * 4096)
    time.sleep(3600)


def crowd(count):
    """Many processes, until no more are allowed."""
    for _ in range(count):
        try:
            if os.fork() == 0:
                time.sleep(3600)
        except OSError:
            break
    say_and_stay()


cases = {
    "descriptors": lambda: descriptors(*map(int, sys.argv[2:])),
    "listener": lambda: listener(int(sys.argv[2])),
    "vfork": vfork,
    "memory": memory,
    "write": lambda: write(sys.argv[2], sys.argv[3]),
    "crowd": lambda: crowd(int(sys.argv[2])),
}
cases[sys.argv[1]]()
