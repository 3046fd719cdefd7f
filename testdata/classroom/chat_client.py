"""A client of the multi-user chat: prints what comes, sends what is typed. "quit" or "exit" leaves."""
import argparse
import socket
import sys
import threading
import time


def listen(server):
    while True:
        data = server.recv(1024)
        if not data:
            print("* disconnected", flush=True)
            return
        print(data.decode("utf-8").rstrip("\n"), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--bind", default="", help="the local address to use")
    parser.add_argument("--pause", type=float, default=0, help="seconds to wait before each line, for a script")
    parser.add_argument("--linger", type=float, default=0, help="seconds to stay after the last line, for a script")
    args = parser.parse_args()

    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.bind((args.bind, 0))
    server.connect((args.host, args.port))
    threading.Thread(target=listen, args=(server,), daemon=True).start()
    for line in sys.stdin:
        time.sleep(args.pause)
        line = line.rstrip("\n")
        if line:
            server.send(line.encode("utf-8"))
        if line == "quit" or line == "exit":
            break
    time.sleep(args.linger)
    server.close()


main()
