"""A chat room server: registers names, relays texts, tells everybody who is here."""
import argparse
import json
import socket
import threading

clients = {}  # name -> (socket, IP address)
lock = threading.Lock()


def broadcast(message, leave_out=None):
    with lock:
        for name, (client, _ip) in clients.items():
            if name != leave_out:
                try:
                    client.send(message.encode("utf-8"))
                except OSError:
                    pass  # its own thread will notice


def send_roster():
    with lock:
        roster = {name: ip for name, (_client, ip) in clients.items()}
    broadcast("!" + json.dumps(roster))


def register(client, ip):
    while True:
        data = client.recv(1024)
        if not data:
            return None
        name = data.decode("utf-8").strip().replace(" ", "_")
        with lock:
            if name and name not in clients:
                clients[name] = (client, ip)
                return name
        client.send(("name %s is taken, send another " % name).encode("utf-8"))


def serve(client, address):
    name = None
    try:
        name = register(client, address[0])
        if name is None:
            return
        print("%s has come from %s" % (name, address[0]), flush=True)
        send_roster()
        while True:
            data = client.recv(1024)
            if not data:
                return
            text = data.decode("utf-8")
            print("%s: %s" % (name, text), flush=True)
            broadcast("%s: %s " % (name, text), leave_out=name)
    except OSError:
        pass
    finally:
        client.close()
        if name is not None:
            with lock:
                del clients[name]
            print("%s has left" % name, flush=True)
            send_roster()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bind", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=5000, help="0 for any free port")
    args = parser.parse_args()

    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((args.bind, args.port))
    server.listen(5)
    print("listening on %s port %d" % server.getsockname(), flush=True)
    while True:
        client, address = server.accept()
        threading.Thread(target=serve, args=(client, address), daemon=True).start()


main()
