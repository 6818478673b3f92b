"""Takes local ports in its own network namespace, then says `ready` and waits.

Arguments, done in order and all kept:
  tw:ADDR:PORT:N      N connections that this end closes first (TIME_WAIT), or until connect() fails
  est:ADDR:PORT:N     N connections that stay open
  wait:ADDR:PORT:N    N connections that the other end closes (CLOSE_WAIT)
  served:ADDR:PORT:N  N connections that the accepting end closes first (TIME_WAIT on the server)
  syn:ADDR:PORT:N     N connections to somebody who does not answer (nobody listens there)
  listen:ADDR:PORT    a listener
  fds:N               N open files, as many as are allowed
  bind:ADDR           a bind to an address that is not ours
  connect:ADDR:PORT   one attempt
  name:HEX            the name of the process
The colons of IPv6 addresses are written `_`. Prints one line per argument: `<argument> <done> <errno or ->`.
"""

import errno
import os
import resource
import socket
import sys
import time

kept = []
listeners = {}


def serve(address, port):
    """The listener, made once. Every connection is accepted by hand: nothing happens in the background."""
    if (address, port) not in listeners:
        plain = address.replace("::ffff:", "")
        server = socket.socket(socket.AF_INET6 if ":" in plain else socket.AF_INET)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((plain, port))
        server.listen(64)
        listeners[(address, port)] = server
    return listeners[(address, port)]


def dial(address, port):
    one = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    one.connect((address, port))
    return one


def knock(address, port):
    one = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    one.setblocking(False)
    code = one.connect_ex((address, port))
    if code != errno.EINPROGRESS:
        raise OSError(code, "connect")
    kept.append(one)


def connect(kind, address, port):
    server = serve(address, port)
    one = dial(address, port)
    peer, _ = server.accept()
    if kind == "est":
        kept.extend([one, peer])
        return
    first, second = (one, peer) if kind == "tw" else (peer, one)
    first.close()
    second.recv(1)
    if kind == "wait":
        kept.append(second)
    else:
        second.close()


def burn(kind, address, port, number):
    for done in range(number):
        try:
            if kind == "syn":
                knock(address, port)
            else:
                connect(kind, address, port)
        except OSError as error:
            return done, error.errno
    return number, None


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    for argument in sys.argv[1:]:
        kind, *rest = argument.split(":")
        done, code = 0, None
        try:
            if kind == "name":
                with open("/proc/self/comm", "wb") as comm:
                    comm.write(bytes.fromhex(rest[0]))
            elif kind == "listen":
                serve(rest[0].replace("_", ":"), int(rest[1]))
            elif kind == "fds":
                while done < int(rest[0]):
                    kept.append(os.open("/dev/null", os.O_RDONLY))
                    done += 1
            elif kind == "bind":
                socket.socket().bind((rest[0], 0))
            elif kind == "connect":
                kept.append(dial(rest[0].replace("_", ":"), int(rest[1])))
            else:
                done, code = burn(kind, rest[0].replace("_", ":"), int(rest[1]), int(rest[2]))
        except OSError as error:
            code = error.errno
        print(argument, done, "-" if code is None else errno.errorcode[code], flush=True)
    print("ready", flush=True)
    time.sleep(600)


main()
