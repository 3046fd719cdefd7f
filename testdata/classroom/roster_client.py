"""A chat room client: the room over TCP, direct messages over UDP.

Type a line to say it to everybody, "@bob: hi" to say it to bob alone, "#ls" to see who is here, "exit" to leave.
"""
import argparse
import json
import socket
import sys
import threading
import time

roster = {}  # name -> IP address


def show(line):
    print(line, flush=True)


def listen_room(tcp):
    """Whatever one recv brings is one message: a roster if it starts with '!', else a text."""
    global roster
    while True:
        data = tcp.recv(1024)
        if not data:
            show("* disconnected")
            return
        message = data.decode("utf-8")
        if message.startswith("!"):
            roster = json.loads(message[1:])
            show("* online: " + ", ".join(roster))
        else:
            show(message)


def listen_direct(udp):
    while True:
        data, (ip, _port) = udp.recvfrom(1024)
        names = [name for name in roster if roster[name] == ip]
        sender = names[0] if names else "Non-registered"
        show("%s (direct): %s" % (sender, data.decode("utf-8")))


def say_direct(udp, line, port):
    name, text = line[1:].split(":", 1)
    if name in roster:
        udp.sendto(text.strip().encode("utf-8"), (roster[name], port))
    else:
        show("* nobody is called " + name)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5000)
    parser.add_argument("--bind", default="", help="the local address to use")
    parser.add_argument("--udp", type=int, default=5000, help="the port of direct messages")
    parser.add_argument("--pause", type=float, default=0, help="seconds to wait before each line, for a script")
    parser.add_argument("--linger", type=float, default=0, help="seconds to stay after the last line, for a script")
    args = parser.parse_args()

    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind((args.bind, args.udp))
    tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    tcp.bind((args.bind, 0))
    tcp.connect((args.host, args.port))
    tcp.send(args.name.encode("utf-8"))
    threading.Thread(target=listen_room, args=(tcp,), daemon=True).start()
    threading.Thread(target=listen_direct, args=(udp,), daemon=True).start()

    for line in sys.stdin:
        time.sleep(args.pause)
        line = line.rstrip("\n")
        if line == "exit":
            break
        elif line == "#ls":
            show("* online: " + ", ".join("%s %s" % entry for entry in roster.items()))
        elif line.startswith("@") and ":" in line:
            say_direct(udp, line, args.udp)
        elif line:
            tcp.send(line.encode("utf-8"))
    time.sleep(args.linger)
    tcp.close()


main()
