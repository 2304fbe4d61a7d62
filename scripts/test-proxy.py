#!/usr/bin/env python3
"""Calls through nginx with the configurations of deploy/: a page's WebSocket, signed webhooks, and what must be refused.

    scripts/test-proxy.py [--runner .build/release/runner]

The text of the configurations is what is tested; ports, the certificate's place and nginx's own directories are put in.
"""

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from proxied_client import PATIENCE, Door, WebSocket

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NAME = "yourdomain.com"
TOKEN = "0123456789abcdef0123456789abcdef"
KEY = "a key for the test of the proxy"
PIPELINE = """\
pipeline: proxied
transports:
  - browser: {{ port: {port} }}
  - twilio: {{ port: {port}, account_sid: AC1, auth_token: "{token}", phone_number: "+15550100" }}
server: {{ public_url: "{url}", trusted_proxies: [127.0.0.1], api_keys: ["{key}"] }}
records: {{ calls: none }}
processors:
  - caller:
  - speaker:
"""
START = '{"type":"start","version":1,"input":{"rate":16000},"output":{"rate":16000}}'


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check(condition, text: str):
    print(f"{'ok  ' if condition else 'FAIL'} {text}", flush=True)
    if not condition:
        sys.exit(1)


def wait_for(port: int, process: subprocess.Popen, log: str):
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{process.args[0]} did not start:\n{open(log).read()}")
            time.sleep(0.05)


class Stage:
    """A directory, the processes in it, and their end."""

    def __init__(self, directory: str, runner: str):
        self.directory, self.runner, self.processes = directory, runner, []
        self.certificate = f"{directory}/letsencrypt/live/{NAME}/fullchain.pem"

    def make_certificate(self):
        os.makedirs(os.path.dirname(self.certificate))
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-out", self.certificate,
             "-keyout", self.certificate.replace("fullchain", "privkey")],
            check=True, stderr=subprocess.DEVNULL)

    def start(self, arguments: list[str], port: int, log: str):
        with open(f"{self.directory}/{log}", "w") as output:
            process = subprocess.Popen(arguments, cwd=ROOT, stdout=output, stderr=output)
        self.processes.append(process)
        wait_for(port, process, f"{self.directory}/{log}")

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait(PATIENCE)
        self.processes = []

    def configuration(self, name: str, ports: dict[str, int]) -> str:
        """The file of deploy/ with this machine's ports and places."""
        text = open(f"{ROOT}/deploy/{name}").read()
        changes = [
            (r"listen 80\b", f"listen 127.0.0.1:{ports['http']}"), (r"listen 443\b", f"listen 127.0.0.1:{ports['https']}"),
            (r"server 127\.0\.0\.1:8000;", f"server 127.0.0.1:{ports['runner']};"),
            (r"/etc/letsencrypt/", f"{self.directory}/letsencrypt/"), (r"/var/log/nginx/", f"{self.directory}/"),
        ]
        for pattern, place in changes:
            text = re.sub(pattern, place, text)
        kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        places = "".join(f"    {kind}_temp_path {self.directory}/{kind};\n" for kind in kinds)
        path = f"{self.directory}/{name}"
        with open(path, "w") as file:
            file.write(text.replace("http {\n", "http {\n" + places, 1))
        return path

    def open(self, name: str, url: str) -> dict[str, int]:
        """Starts the runner, and nginx in front of it."""
        ports = {"http": free_port(), "https": free_port(), "runner": free_port()}
        nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if nginx is None:
            raise SystemExit("nginx is missing; run scripts/install-packages.sh --with-tests")
        command = [nginx, "-c", self.configuration(name, ports), "-p", self.directory, "-g",
                   f"daemon off; pid {self.directory}/nginx.pid; error_log stderr;"]
        tested = subprocess.run(command + ["-t"], capture_output=True, text=True)
        check(tested.returncode == 0, f"nginx accepts {name}" if tested.returncode == 0 else tested.stderr)
        with open(f"{self.directory}/pipeline.yaml", "w") as file:
            file.write(PIPELINE.format(port=ports["runner"], token=TOKEN, url=url, key=KEY))
        self.start([self.runner, "run", f"{self.directory}/pipeline.yaml", "--json"], ports["runner"], "runner.log")
        self.start(command, ports["http"], "nginx.log")
        return ports


def a_page_calls(door: Door):
    page, answer = door.request("GET", "/")
    check(page == 200 and "Talk to the agent" in answer, f"{door.origin}: the page comes")
    call = WebSocket(door, "/ws/browser", door.origin)
    check(call.status == 101, "its WebSocket opens")
    call.send(START)
    code, text = call.receive()
    check(code == 1 and json.loads(text)["type"] == "ready", "its call begins")
    call.send(bytes(640))
    status, answer = door.request("GET", "/calls/active", {"X-API-Key": KEY})
    call_entry = json.loads(answer.split("\r\n\r\n", 1)[1])["calls"][0]
    check(status == 200 and call_entry["from"] == door.source, f"the server knows who calls: {call_entry['from']}")
    call.send('{"type":"stop"}')
    while code != 8:
        code, text = call.receive()
    check(int.from_bytes(text[:2], "big") == 1000, "it ends as it should")
    call.close()
    check(WebSocket(door, "/ws/browser", "https://evil.example").status == 403, "a page of another site is refused")


def a_carrier_asks(door: Door):
    fields = {"CallSid": "CA1", "AccountSid": "AC1", "From": "+15550101", "To": "+15550100", "CallStatus": "ringing"}
    status, answer = door.webhook("/voice?tenant=7", fields, TOKEN)
    socket_url = door.origin.replace("http", "ws", 1) + "/twilio/media"
    check(status == 200 and f'<Stream url="{socket_url}"' in answer, f"a signed webhook is answered: {socket_url}")
    check(door.webhook("/voice?tenant=7", fields, TOKEN[::-1])[0] == 403, "a forged one is not")


def encrypted(stage: Stage):
    ports = stage.open("nginx.conf", f"https://{NAME}")
    door = Door(ports["https"], NAME, stage.certificate, source="127.0.0.5")
    a_page_calls(door)
    a_carrier_asks(door)
    plain = Door(ports["http"], NAME)
    status, answer = plain.request("GET", "/health?x=1")
    check(status == 301 and f"Location: https://{NAME}/health?x=1\r\n" in answer, "HTTP leads to HTTPS")
    check(plain.request("GET", "/health", host="evil.example") == (0, ""), "another name is not served")
    check(door.request("GET", "/health", {"X-Forwarded-Host": "evil.example"})[0] == 200, "a forged header is replaced")
    stage.stop()


def unencrypted(stage: Stage):
    ports = stage.open("nginx-http.conf", f"http://{NAME}")
    door = Door(ports["http"], NAME, source="127.0.0.5")
    a_page_calls(door)
    a_carrier_asks(door)
    check(door.request("GET", "/health", host="evil.example") == (0, ""), "another name is not served")
    stage.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runner", default=f"{ROOT}/.build/release/runner")
    runner = os.path.abspath(parser.parse_args().runner)
    with tempfile.TemporaryDirectory() as directory:
        # nginx's workers are another user where its master is root.
        os.chmod(directory, 0o755)
        stage = Stage(directory, runner)
        try:
            stage.make_certificate()
            encrypted(stage)
            unencrypted(stage)
        finally:
            stage.stop()


if __name__ == "__main__":
    main()
