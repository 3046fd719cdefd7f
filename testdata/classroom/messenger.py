"""A messenger for two. One hosts, the other joins; both type whenever they like; "quit" ends it.

    messenger.py host --port 5001
    messenger.py join --host 127.0.0.1 --port 5001
"""
import argparse
import os
import socket
import sys
import threading
import time


def listen(other, address):
    while True:
        try:
            data = other.recv(1024)
        except OSError:
            data = b""
        text = data.decode("utf-8")
        if not data or text.strip() == "quit":
            print("* %s has left" % address, flush=True)
            os._exit(0)  # the main thread waits for the keyboard
        print("%s says: %s" % (address, text.rstrip("\n")), flush=True)


def connect(args):
    if args.role == "join":
        other = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        other.bind((args.bind, 0))
        other.connect((args.host, args.port))
        return other, args.host
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((args.bind, args.port))
    server.listen(1)
    print("listening on %s port %d" % server.getsockname(), flush=True)
    other, address = server.accept()
    return other, address[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("role", choices=["host", "join"])
    parser.add_argument("--host", default="127.0.0.1", help="whom to join")
    parser.add_argument("--port", type=int, default=5001)
    parser.add_argument("--bind", default="", help="the local address to use")
    parser.add_argument("--pause", type=float, default=0, help="seconds to wait before each line, for a script")
    parser.add_argument("--linger", type=float, default=0, help="seconds to stay after the last line, for a script")
    args = parser.parse_args()

    other, address = connect(args)
    print("* connected to " + address, flush=True)
    threading.Thread(target=listen, args=(other, address), daemon=True).start()
    for line in sys.stdin:
        time.sleep(args.pause)
        line = line.rstrip("\n")
        if line:
            other.send(line.encode("utf-8"))
        if line == "quit":
            break
    time.sleep(args.linger)
    other.close()


main()
