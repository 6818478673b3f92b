"""A shop that opens a connection to Redis for every request, and logs in full each one that fails.

Arguments: host, port, requests per second. Requests that could not be served are queued: at the start, and after an
outage of some seconds, it asks as fast as it can until a connection fails again.
While the file /tmp/rush is there, failed requests are tried again at once, until this many MB of log are written:
the number in the file.
"""

import os
import socket
import sys
import time

HOST, PORT, RATE = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
OUTAGE_SECONDS = 5
RUSH = "/tmp/rush"
STACK = " <- ".join(f"/var/www/shop/lib/Cache/Redis.php({n})" for n in range(40, 60))
out = sys.stdout


def ask():
    """One request: connect, ask, close. The end that closes first keeps its port in TIME_WAIT."""
    with socket.create_connection((HOST, PORT), 5) as one:
        one.sendall(b"GET cart\r\n")
        one.recv(64)


def now():
    return time.strftime("%Y/%m/%d %H:%M:%S")


def failed(number, error):
    line = f"{now()} [error] 7#0: *{number} connect() failed: {error.strerror} while connecting to redis {HOST}:{PORT}, request: GET /cart, trace: {STACK}\n"
    # As many lines and a tenth of the bytes.
    line += f"{now()} [info] 7#0: *{number} cart is not cached, asks again\n"
    out.write(line)
    return len(line)


def rush(number, error):
    """A busy hour in seconds."""
    with open(RUSH) as file:
        left = float(file.read()) * 1e6
    while left > 0:
        try:
            ask()
        except OSError as again:
            error = again
        left -= failed(number, error)
    out.flush()
    os.unlink(RUSH)


def main():
    number, failing_since, queued = 0, None, True
    while True:
        number += 1
        try:
            ask()
            out.write(f"{now()} [info] 7#0: *{number} GET /cart 200\n")
            outage = 0 if failing_since is None else time.monotonic() - failing_since
            queued = queued or outage > OUTAGE_SECONDS
            failing_since = None
        except OSError as error:
            failed(number, error)
            queued = False
            failing_since = failing_since or time.monotonic()
            if os.path.exists(RUSH):
                rush(number, error)
        if not queued:
            out.flush()
            time.sleep(1 / RATE)


main()
