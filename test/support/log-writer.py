"""Writes a log as programs do: PATH append|plain KiB [bytes per second]. Says `ready`, then goes on until it is killed."""
import os
import sys
import time

path, how, kib = sys.argv[1], sys.argv[2], int(sys.argv[3])
rate = int(sys.argv[4]) if len(sys.argv) > 4 else 0
flags = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if how == "append" else 0)
fd = os.open(path.encode(), flags, 0o644)
count = 0


def line():
    global count
    count += 1
    at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(1_790_000_000 + count // 100))
    return b"%s worker[%d]: job %d of queue mail done\n" % (at.encode(), os.getpid(), count)


written = 0
while written < kib * 1024:
    written += os.write(fd, b"".join(line() for _ in range(100)))
print("ready", flush=True)
while True:
    time.sleep(0.1)
    written = 0
    while written < rate / 10:
        written += os.write(fd, line())
