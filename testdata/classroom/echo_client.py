"""A client for request and response: sends each line that is typed, and prints the answer.

"send file:PATH" and "ask for file:NAME" carry files, "exit" leaves. Gives up after --timeout seconds without an answer.
"""
import argparse
import os
import socket
import sys


def receive(server):
    """Whatever one recv brings is the answer."""
    data = server.recv(1024)
    if not data:
        raise ConnectionError("the server has closed the connection")
    return data


def send_file(server, folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        content = file.read()
    server.sendall(("send file:%s %d\n" % (os.path.basename(name), len(content))).encode("utf-8"))
    server.sendall(content)
    print(receive(server).decode("utf-8").rstrip("\n"), flush=True)


def ask_for_file(server, folder, name):
    server.sendall(("ask for file:%s\n" % name).encode("utf-8"))
    data = receive(server)
    while b"\n" not in data:
        data += receive(server)
    header, content = data.split(b"\n", 1)
    words = header.decode("utf-8").split(" ")
    if not words[0].startswith("file:"):
        print(header.decode("utf-8"), flush=True)
        return
    # the size is the number behind the name; a checksum may follow it
    size = int([word for word in words[1:] if word.isdigit()][-1])
    while len(content) < size:
        content += receive(server)
    with open(os.path.join(folder, os.path.basename(name)), "wb") as file:
        file.write(content)
    print("received %s %d bytes" % (name, size), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=18080)
    parser.add_argument("--bind", default="", help="the local address to use")
    parser.add_argument("--files", default=".", help="the folder of files")
    parser.add_argument("--greeting", action="store_true", help="the server speaks first")
    parser.add_argument("--timeout", type=float, default=30)
    args = parser.parse_args()

    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.bind((args.bind, 0))
    server.settimeout(args.timeout)
    try:
        server.connect((args.host, args.port))
        if args.greeting:
            print(receive(server).decode("utf-8").rstrip("\n"), flush=True)
        for line in sys.stdin:
            line = line.rstrip("\n")
            if line == "exit":
                server.sendall(b"exit\n")
                break
            elif line.startswith("send file:"):
                send_file(server, args.files, line[len("send file:"):].strip())
            elif line.startswith("ask for file:"):
                ask_for_file(server, args.files, line[len("ask for file:"):].strip())
            elif line:
                server.sendall((line + "\n").encode("utf-8"))
                print(receive(server).decode("utf-8").rstrip("\n"), flush=True)
    except socket.timeout:
        sys.exit("no answer for %g s" % args.timeout)
    except OSError as error:
        sys.exit(str(error))
    finally:
        server.close()


main()
