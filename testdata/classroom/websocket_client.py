"""A chat client over Parley's WebSocket, with the standard library alone (docs/protocol.md).

It shows the lobby and says each line that is typed. It comes back when the connection breaks, misses nothing meanwhile
and says nothing twice.
"""
import argparse
import base64
import json
import os
import random
import socket
import struct
import sys
import threading
import time
import uuid

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("host")
parser.add_argument("port", type=int)
parser.add_argument("name")
options = parser.parse_args()
host, port, name = options.host, options.port, options.name
waiting = {}  # what has not been acknowledged, by id
token, last, line, lock = None, None, None, threading.Lock()


def connect():  # RFC 6455, section 4.1
    s = socket.create_connection((host, port))
    key = base64.b64encode(os.urandom(16)).decode()
    s.sendall(f"GET /v1/socket HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
              f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode())
    f = s.makefile("rb")
    if b" 101 " not in f.readline():
        raise OSError("no WebSocket here")
    while f.readline().strip():
        pass
    return s, f


def send(s, message, opcode=0x81):  # section 5.2: a client masks what it sends
    data = message if opcode != 0x81 else json.dumps(message).encode()
    size = struct.pack("!B", 0x80 | len(data)) if len(data) < 126 else struct.pack("!BQ", 0xFF, len(data))
    mask = os.urandom(4)
    s.sendall(bytes([opcode]) + size + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))


def receive(f):
    opcode, size = f.read(2)
    size = struct.unpack("!H", f.read(2))[0] if size == 126 else struct.unpack("!Q", f.read(8))[0] if size == 127 else size
    return opcode & 0x0F, f.read(size)


def listen(s, f):
    global token, last, line
    who = {"token": token} if token else {"name": name, "keep": True}
    send(s, {"type": "hello", **who, "rooms": [{"room": "lobby"} if last is None else {"room": "lobby", "after": last}]})
    while True:
        opcode, data = receive(f)
        if opcode == 9:  # a ping
            send(s, data, 0x8A)
        if opcode != 1:
            continue
        m = json.loads(data)
        if m["type"] == "welcome":
            with lock:
                token, line = m.get("token", token), s
                for w in waiting.values():
                    send(s, w)
        elif m["type"] == "joined" and m.get("more"):
            send(s, {"type": "join", "room": "lobby", "after": m["next"]})
        elif m["type"] == "joined" and last is None:
            last = m["last"]
        elif m["type"] in ("ack", "error"):
            waiting.pop(m.get("id"), None)
        if "by" in m and m["room"] == "lobby":
            last = m["number"]
            if m["type"] == "message" and m["by"]["name"] != name:
                print(f"{m['by']['name']}: {m.get('text', '')}", flush=True)
        if "sentence" in m:
            print("*", m["sentence"], file=sys.stderr, flush=True)


def stay():
    global line
    while True:
        try:
            listen(*connect())
        except (OSError, ValueError):  # it broke: come back
            line = None
        time.sleep(random.random())


threading.Thread(target=stay, daemon=True).start()
for text in sys.stdin:
    with lock:
        m = {"type": "post", "id": str(uuid.uuid4()), "room": "lobby", "text": text.rstrip("\n")}
        waiting[m["id"]] = m
        if line:
            try:
                send(line, m)
            except OSError:
                pass  # it is sent again
while waiting:
    time.sleep(0.1)
