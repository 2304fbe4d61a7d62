#!/usr/bin/env python3
"""Talks to the front desk through its page in a real Chromium: by voice, over the agent, by keyboard, after a failure;
then has it call somebody, with `runner carrier` as the telephone network.

    scripts/test-browser.py [--runner .build/release/runner] [--screenshots DIRECTORY]

The caller is the beginning of pipelines/fixtures/front_desk_caller.wav, over and over: a question, and words that break
into the answer. Nothing here waits for a fixed time, every wait has a generous end, and what depends on two things
happening at once is tried again, for machines under load.
"""

import argparse
import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import wave

from chromium_page import PATIENCE, ChromiumPage

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CALLER = f"{ROOT}/pipelines/fixtures/front_desk_caller.wav"

LINES = "[...document.querySelectorAll('#lines {0} p')].map((line) => line.innerText.toLowerCase())"
AGENT, USER = LINES.format(".agent"), LINES.format(".user:not(.partial)")


FRONT_DESK = f"{ROOT}/pipelines/front_desk.yaml"
TELEPHONE = """\
  - twilio:
      port: "${PORT}"
      account_sid: "${TWILIO_ACCOUNT_SID}"
      auth_token: "${TWILIO_AUTH_TOKEN}"
      phone_number: "${TWILIO_PHONE_NUMBER}"
      api_url: "${TWILIO_API_URL}"
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_microphone(path: str, seconds: float):
    """The caller's first `seconds`, followed by a pause."""
    with wave.open(CALLER) as source, wave.open(path, "wb") as target:
        target.setparams(source.getparams())
        target.writeframes(source.readframes(int(seconds * source.getframerate())))
        target.writeframes(bytes(2 * 8 * source.getframerate()))


class Server:
    """`runner run`; on a port of its own, unless it is to follow another one on its port."""

    def __init__(
        self, runner: str, log: str, port: int | None = None, pipeline: str = FRONT_DESK, settings: dict | None = None,
    ):
        self.log = open(log, "a")
        # Somebody else may take a free port before the server does.
        for attempt in range(3):
            self.port = port or free_port()
            self.url = f"http://127.0.0.1:{self.port}/"
            self.process = subprocess.Popen(
                [runner, "run", pipeline, "--json"], cwd=ROOT,
                env={**os.environ, **(settings or {}), "PORT": str(self.port)}, stdout=self.log, stderr=self.log)
            if self._begins():
                return
            self.stop(kill=True)
        raise SystemExit(f"the server did not start:\n{open(log).read()}")

    def _begins(self) -> bool:
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < deadline:
            if self._answers():
                return True
            time.sleep(0.1)
        return False

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url, timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def stop(self, kill=False):
        self.process.kill() if kill else self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Carrier:
    """`runner carrier`: the telephone network, with somebody who asks a question when called."""

    def __init__(self, runner: str, log: str):
        self.log = open(log, "a")
        self.process = subprocess.Popen(
            [runner, "carrier", "--say", "where are you"], cwd=ROOT, stdout=subprocess.PIPE, stderr=self.log, text=True)
        lines = [self.process.stdout.readline().strip() for _ in range(4)]
        self.settings = dict(line.split("=", 1) for line in lines if "=" in line)

    stop = Server.stop


def telephone_pipeline(directory: str) -> str:
    """The front desk with a telephone, which calls through the carrier."""
    path = f"{directory}/telephone.yaml"
    with open(FRONT_DESK) as source, open(path, "w") as target:
        for line in source:
            if line.startswith("tests:"):
                break
            target.write(line.replace("front_desk.rules.yaml", f"{ROOT}/pipelines/front_desk.rules.yaml"))
            if line.startswith("transports:"):
                target.write(TELEPHONE)
    return path


def check(condition, text: str):
    print(f"{'ok  ' if condition else 'FAIL'} {text}", flush=True)
    if not condition:
        sys.exit(1)


def talks_by_voice(page: ChromiumPage, url: str, screenshots: str | None):
    page.open(url)
    page.evaluate("figures.log = []")
    # The button is reached and pressed with the keyboard alone.
    for _ in range(5):
        if page.evaluate("document.activeElement.id") == "talk":
            break
        page.press("Tab", 9)
    check(page.evaluate("document.activeElement.id") == "talk", "the button is reached with the keyboard")
    page.press("Enter", 13, "\r")
    greeting = page.until(f"{AGENT}.find((line) => line.includes('good morning'))")
    check(page.until("figures.loudest > 0.02"), f"the greeting sounds: {greeting}")
    page.until(f"{USER}.find((line) => line.includes('where are you'))")
    check(True, "the caller's question is understood")
    page.until("document.querySelectorAll('#turns tbody tr').length > 0")
    check(page.evaluate("document.querySelectorAll('#turns .part').length") > 1, "the answer's time is broken down")
    page.until("figures.flushed > 0 && document.querySelector('#lines s, #lines .cut') !== null")
    check(True, "talking over the agent stops it, and what was not heard is struck out")
    if screenshots:
        for name, width, height, scheme in (
            ("light", 900, 1000, "light"), ("dark", 900, 1000, "dark"), ("phone", 390, 844, "light"),
        ):
            page.screenshot(f"{screenshots}/{name}.png", width, height, scheme)
    silence = silent_after_flush(page.evaluate("figures.log"))
    check(silence is not None and silence <= 0.2, f"the sound stops {silence} s after the flush")
    hang_up(page)


def hang_up(page: ChromiumPage):
    page.evaluate("document.querySelector('#talk.on')?.click()")
    page.until("document.getElementById('talk').textContent === 'Talk'")


def silent_after_flush(log: list) -> float | None:
    """How long something was heard after the last flush that took sound back, in seconds of the audio clock."""
    for before, after in reversed(list(zip(log, log[1:]))):
        if after["flushed"] > before["flushed"]:
            sounding = [
                report["time"] for report in log
                if report["time"] >= after["time"] and report["played"] == after["played"] and report["level"] > 0.001
            ]
            return max(sounding, default=after["time"]) - after["time"]
    return None


def resamples(page: ChromiumPage, url: str):
    page.open(f"{url}?native-rate")
    page.evaluate("document.getElementById('talk').click()")
    page.until(f"{USER}.find((line) => line.includes('where are you'))")
    check(True, "a microphone of another rate is understood")
    hang_up(page)


def types(page: ChromiumPage, url: str):
    page.open(url)
    page.evaluate("document.getElementById('text').focus()")
    page.call("Input.insertText", text="i would like a haircut on friday")
    page.press("Enter", 13, "\r")
    page.until(f"{USER}.includes('i would like a haircut on friday')")
    answer = page.until(f"{AGENT}.find((line) => line.includes('time'))")
    check(True, f"typed words are answered: {answer}")


def interrupts_with_a_key(page: ChromiumPage):
    is_quiet = "document.getElementById('interrupt').hidden"
    for _ in range(5):
        page.until(is_quiet)
        page.evaluate("document.getElementById('text').focus()")
        # This has a long answer; on a slow machine the key may come after its end all the same.
        page.call("Input.insertText", text="where are you")
        page.press("Enter", 13, "\r")
        page.until(f"!{is_quiet} && figures.buffered > 0")
        is_cut = f"figures.flushed > {page.evaluate('figures.flushed')}"
        page.press("Escape", 27)
        page.until(f"{is_cut} || {is_quiet}")
        if page.evaluate(is_cut):
            break
    check(page.evaluate(is_cut), "Escape stops the agent")


def calls_somebody(page: ChromiumPage, url: str, screenshots: str | None):
    lines = "[...document.querySelectorAll('#call-lines {0} p')].map((line) => line.innerText.toLowerCase())"
    field = "document.getElementById('{0}').value"
    page.open(url)
    page.until("!document.getElementById('tabs').hidden")
    page.evaluate("document.getElementById('tab-talk').focus()")
    page.press("ArrowRight", 39)
    check(page.evaluate("!document.getElementById('call-panel').hidden"), "the keyboard opens the operator's tab")
    page.press("Tab", 9)
    page.call("Input.insertText", text="Call Ada at +1 555 010 0123 and ask where the shop is")
    page.press("Tab", 9), page.press("Tab", 9), page.press("Enter", 13, "\r")
    page.until("!document.getElementById('review-form').hidden")
    understood = [page.evaluate(field.format(name)) for name in ("name", "number", "task")]
    check(understood == ["Ada", "+15550100123", "ask where the shop is"], f"the wish is understood: {understood}")
    mode = page.until("document.getElementById('mode').dataset.mode && document.getElementById('mode').textContent")
    check(mode.startswith("A real call"), f"the button says what kind of call it is: {mode}")
    page.evaluate("document.getElementById('place').focus()")
    page.press("Enter", 13, "\r")
    page.until(f"{lines.format('.user')}.some((line) => line.includes('where are you'))")
    answer = page.until(f"{lines.format('.agent')}.find((line) => line.includes('mill street'))")
    check(True, f"both sides are read as they speak: {answer}")
    order = page.evaluate(
        "[...document.querySelectorAll('#call-lines li')].map((row) => row.className + ' ' + row.innerText.toLowerCase())")
    question = next(index for index, line in enumerate(order) if "where are you" in line)
    reply = next(index for index, line in enumerate(order) if "mill street" in line)
    check(question < reply, "the lines stand in the order in which they were spoken")
    if screenshots:
        page.screenshot(f"{screenshots}/call.png", 900, 1000, "light")
    page.evaluate("document.querySelector('#end-call:not([hidden])')?.click()")
    page.until("document.getElementById('call-state').textContent === 'The call is over.'")
    check(True, "the operator hangs up")
    check(page.evaluate("Math.min(...figures.callSound) > 8000"), "the sound of both sides has come")
    count = page.evaluate("document.querySelectorAll('#call-lines li').length")
    page.evaluate("document.getElementById('play-all').click()")
    page.until(f"figures.linesPlayed >= {count}")
    check(page.evaluate("figures.loudestLine > 0.02"), f"{count} lines are played one after the other")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--runner", default=f"{ROOT}/.build/release/runner")
    arguments.add_argument("--screenshots")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        microphone, log = f"{directory}/caller.wav", f"{directory}/server.log"
        write_microphone(microphone, seconds=13)
        with contextlib.ExitStack() as open_things:
            server = Server(options.runner, log)
            open_things.callback(server.stop)
            page = ChromiumPage(microphone)
            open_things.callback(page.close)
            talks_by_voice(page, server.url, options.screenshots)
            resamples(page, server.url)
            types(page, server.url)
            interrupts_with_a_key(page)
            check(not page.problems, f"no errors in the console {page.problems or ''}")
            server.stop(kill=True)
            page.until("document.getElementById('state').textContent.startsWith('Connection lost')")
            server = Server(options.runner, log, server.port)
            open_things.callback(server.stop)
            page.until("document.getElementById('lines').innerText.includes('starts again')")
            check(True, "a lost connection is made anew")
            carrier = Carrier(options.runner, log)
            open_things.callback(carrier.stop)
            desk = Server(
                options.runner, log, pipeline=telephone_pipeline(directory), settings=carrier.settings)
            open_things.callback(desk.stop)
            page.problems.clear()
            calls_somebody(page, desk.url, options.screenshots)
            check(not page.problems, f"no errors in the console {page.problems or ''}")
    print("The page works.")


if __name__ == "__main__":
    main()
