"""A multi-user chat server: greets everybody, and sends what one says to all others."""
import argparse
import socket
import threading

clients = []
lock = threading.Lock()


def broadcast(message, leave_out):
    with lock:
        for client in clients:
            if client is not leave_out:
                try:
                    client.send(message.encode("utf-8"))
                except OSError:
                    pass  # its own thread will notice


def serve(client, address):
    who = "<%s : %d>" % address
    try:
        client.send("welcome\n".encode("utf-8"))
        while True:
            data = client.recv(1024)
            if not data:
                break
            text = data.decode("utf-8").rstrip("\r\n")
            if text == "quit" or text == "exit":
                break
            line = "%s :%s\n" % (who, text)
            print(line, end="", flush=True)
            broadcast(line, client)
    except OSError:
        pass
    finally:
        with lock:
            clients.remove(client)
        client.close()
        print("%s has left" % who, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bind", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=8001, help="0 for any free port")
    args = parser.parse_args()

    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((args.bind, args.port))
    server.listen(100)
    print("listening on %s port %d" % server.getsockname(), flush=True)
    while True:
        client, address = server.accept()
        with lock:
            clients.append(client)
        print("<%s : %d> has come" % address, flush=True)
        threading.Thread(target=serve, args=(client, address), daemon=True).start()


main()
