"""A UDP client: sends each line that is typed in a datagram, and prints every datagram that comes. "exit" leaves."""
import argparse
import socket
import sys
import threading


def listen(server):
    while True:
        try:
            data = server.recv(2048)
        except ConnectionRefusedError:
            print("* nobody listens there", flush=True)
            continue
        except OSError:
            return
        print(data.decode("utf-8"), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=12001)
    parser.add_argument("--bind", default="", help="the local address to use")
    parser.add_argument("--linger", type=float, default=0, help="seconds to wait for answers after the last line")
    args = parser.parse_args()

    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((args.bind, 0))
    server.connect((args.host, args.port))
    listener = threading.Thread(target=listen, args=(server,), daemon=True)
    listener.start()
    for line in sys.stdin:
        line = line.rstrip("\n")
        if line == "exit":
            break
        elif line:
            server.send(line.encode("utf-8"))
    if args.linger:
        listener.join(args.linger)


main()
