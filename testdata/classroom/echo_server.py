"""Request and response: answers each message by its upper case; takes and gives the files of a folder.

    send file:NAME SIZE    and then SIZE bytes   ->  stored NAME SIZE
    ask for file:NAME                            ->  file:NAME SIZE and then SIZE bytes, or error: ...
    exit                                         ->  the connection is closed
"""
import argparse
import os
import socket
import threading

folder = "."


def line_of(file):
    """One line, without its newline; files are announced in lines because raw bytes follow."""
    return file.readline().decode("utf-8").rstrip("\r\n")


def store(stream, words):
    name, size = words.rsplit(" ", 1)
    with open(os.path.join(folder, os.path.basename(name)), "wb") as file:
        left = int(size)
        while left > 0:
            piece = stream.read(min(left, 65536))
            if not piece:
                return
            file.write(piece)
            left -= len(piece)
    stream.write(("stored %s %s\n" % (name, size)).encode("utf-8"))


def give(stream, name):
    try:
        with open(os.path.join(folder, os.path.basename(name)), "rb") as file:
            content = file.read()
    except OSError:
        stream.write(("error: no such file: %s\n" % name).encode("utf-8"))
        return
    stream.write(("file:%s %d\n" % (name, len(content))).encode("utf-8"))
    stream.write(content)


def serve(client):
    with client, client.makefile("rwb") as stream:
        while True:
            text = line_of(stream)
            if text == "" or text == "exit":
                return
            if text.startswith("send file:"):
                store(stream, text[len("send file:"):])
            elif text.startswith("ask for file:"):
                give(stream, text[len("ask for file:"):].strip())
            else:
                stream.write((text.upper() + "\n").encode("utf-8"))
            stream.flush()


def main():
    global folder
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bind", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=18080, help="0 for any free port")
    parser.add_argument("--files", default=".", help="the folder of files")
    args = parser.parse_args()
    folder = args.files

    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((args.bind, args.port))
    server.listen(10)
    print("listening on %s port %d" % server.getsockname(), flush=True)
    while True:
        client, address = server.accept()
        print("serving %s : %d" % address, flush=True)
        threading.Thread(target=serve, args=(client,), daemon=True).start()


main()
