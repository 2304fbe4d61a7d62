"""What a browser and a carrier send to a server behind a proxy: requests, signed webhooks, a WebSocket."""

import base64
import hashlib
import hmac
import os
import socket
import ssl
import struct
import urllib.parse

PATIENCE = 30


class Door:
    """Where the proxy lets clients in: a port of this machine that goes by a name."""

    def __init__(self, port: int, name: str, certificate: str | None = None, source: str = "127.0.0.1"):
        self.port, self.name, self.source = port, name, source
        self.trust = ssl.create_default_context(cafile=certificate) if certificate else None

    @property
    def origin(self) -> str:
        return f"{'https' if self.trust else 'http'}://{self.name}"

    def connect(self, name: str | None = None) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self.port), PATIENCE, (self.source, 0))
        return self.trust.wrap_socket(line, server_hostname=name or self.name) if self.trust else line

    def request(self, method: str, path: str, headers: dict | None = None, body: str = "", host: str | None = None):
        """The status and the rest of the answer, headers included; (0, "") when there is none."""
        lines = {"Host": host or self.name, "Connection": "close", "Content-Length": len(body), **(headers or {})}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        with self.connect() as line:
            line.sendall(f"{method} {path} HTTP/1.1\r\n{head}\r\n{body}".encode())
            answer = b"".join(iter(lambda: line.recv(65536), b"")).decode()
        return int(answer[9:12] or 0), answer

    def webhook(self, path: str, fields: dict, token: str):
        """A request as Twilio signs it: over the public address and the sorted fields."""
        text = self.origin + path + "".join(name + fields[name] for name in sorted(fields))
        signature = base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
        return self.request("POST", path, headers, urllib.parse.urlencode(fields))


class WebSocket:
    """As much of RFC 6455 as a short conversation needs."""

    def __init__(self, door: Door, path: str, origin: str):
        self.line = door.connect()
        key = base64.b64encode(os.urandom(16)).decode()
        self.line.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {door.name}\r\nOrigin: {origin}\r\nUpgrade: websocket\r\n"
            f"Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self._receive()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        self.status = int(head[9:12])

    def _receive(self):
        piece = self.line.recv(65536)
        if not piece:
            raise EOFError("the connection was closed")
        self.buffer += piece

    def _take(self, count: int) -> bytes:
        while len(self.buffer) < count:
            self._receive()
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def send(self, payload: bytes | str):
        code = 1 if isinstance(payload, str) else 2
        data = payload.encode() if isinstance(payload, str) else payload
        length = struct.pack("!B", 0x80 | len(data)) if len(data) < 126 else struct.pack("!BH", 0xFE, len(data))
        mask = os.urandom(4)
        self.line.sendall(
            bytes([0x80 | code]) + length + mask + bytes(byte ^ mask[index % 4] for index, byte in enumerate(data)))

    def receive(self) -> tuple[int, bytes]:
        """The next message: its code (1 text, 2 binary, 8 close) and what it bears; pings are passed over."""
        while True:
            code, length = self._take(2)
            if length == 126:
                length = struct.unpack("!H", self._take(2))[0]
            elif length == 127:
                length = struct.unpack("!Q", self._take(8))[0]
            payload = self._take(length)
            if code & 15 in (1, 2, 8):
                return code & 15, payload

    def close(self):
        self.line.close()
