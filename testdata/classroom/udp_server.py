"""Request and response over UDP: answers each datagram by its upper case."""
import argparse
import socket


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bind", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=12001, help="0 for any free port")
    args = parser.parse_args()

    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((args.bind, args.port))
    print("listening on %s port %d" % server.getsockname(), flush=True)
    while True:
        data, address = server.recvfrom(2048)
        text = data.decode("utf-8")
        print("<%s : %d> :%s" % (address[0], address[1], text), flush=True)
        server.sendto(text.upper().encode("utf-8"), address)


main()
