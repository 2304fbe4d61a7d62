"""A headless Chromium with a fake microphone, driven over the DevTools protocol through a pipe."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Seconds after which a machine is not slow, but stuck.
PATIENCE = 90
# What the browser says of the page's own files; the rest is about the machine, or about the browser's plans.
OWN_SOURCES = ("javascript", "network", "security", "worker")


class ChromiumPage:
    """One page; what goes wrong in it is collected in `problems`."""

    def __init__(self, microphone: str):
        program = next(filter(None, map(shutil.which, NAMES)), None)
        if program is None:
            raise SystemExit("Chromium is missing; scripts/install-packages.sh --with-tests installs it.")
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.process = self._start(program, microphone)
        self.bytes, self.number, self.session, self.problems = b"", 0, None, []
        try:
            self._attach()
        except BaseException:
            self.close()
            raise

    def _start(self, program: str, microphone: str) -> subprocess.Popen:
        to_browser, self.output = os.pipe()
        self.input, from_browser = os.pipe()

        def use_pipes():
            # Chromium reads from descriptor 3 and writes to 4; neither may be overwritten before it is copied.
            os.dup2(to_browser, 100), os.dup2(from_browser, 101)
            os.dup2(100, 3), os.dup2(101, 4)

        process = subprocess.Popen(
            [
                program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--no-first-run", "--mute-audio", "--remote-debugging-pipe", f"--user-data-dir={self.profile.name}",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-background-timer-throttling", "--disable-renderer-backgrounding",
                "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
                f"--use-file-for-fake-audio-capture={microphone}", "about:blank",
            ],
            preexec_fn=use_pipes, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser), os.close(from_browser)
        return process

    def _attach(self):
        deadline, page = time.monotonic() + PATIENCE, None
        while page is None:
            if time.monotonic() > deadline:
                raise TimeoutError("Chromium opens no page")
            targets = self.call("Target.getTargets")["targetInfos"]
            page = next((target for target in targets if target["type"] == "page"), None)
        self.session = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)

    def call(self, method: str, **parameters):
        """Carries out a command and returns its result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.output, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = self._receive(deadline, method)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self._note(answer)

    def _receive(self, deadline: float, method: str):
        while b"\0" not in self.bytes:
            rest = deadline - time.monotonic()
            if rest <= 0 or not select.select([self.input], [], [], rest)[0]:
                raise TimeoutError(f"Chromium does not answer {method}")
            received = os.read(self.input, 1 << 16)
            if not received:
                raise EOFError("Chromium has ended")
            self.bytes += received
        message, self.bytes = self.bytes.split(b"\0", 1)
        return json.loads(message)

    def _note(self, event):
        parameters = event.get("params", {})
        match event.get("method"):
            case "Runtime.exceptionThrown":
                self.problems.append(parameters["exceptionDetails"])
            case "Runtime.consoleAPICalled" if parameters["type"] in ("error", "warning", "assert"):
                self.problems.append(parameters["args"])
            case "Log.entryAdded" if parameters["entry"]["level"] in ("error", "warning"):
                if parameters["entry"]["source"] in OWN_SOURCES:
                    self.problems.append(parameters["entry"])

    def open(self, url: str):
        """Loads a page, and runs its scripts."""
        self.evaluate("window.isLeft = true")
        self.call("Page.navigate", url=url)
        self.until("!window.isLeft && document.readyState === 'complete'")

    def evaluate(self, expression: str):
        """The value of an expression, with a user's gesture behind it."""
        result = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True, userGesture=True)
        if details := result.get("exceptionDetails"):
            raise RuntimeError(details.get("exception", {}).get("description", details.get("text", expression)))
        return result["result"].get("value")

    def until(self, expression: str, seconds: float = PATIENCE):
        """Waits until an expression is true and returns its value."""
        deadline = time.monotonic() + seconds
        while True:
            value = self._evaluate_between_pages(expression)
            if value:
                return value
            if time.monotonic() > deadline:
                break
            select.select([self.input], [], [], 0.05)
        shown = self.evaluate("document.body.innerText + '\\n' + JSON.stringify({ ...window.figures, log: undefined })")
        raise TimeoutError(
            f"not within {seconds} s: {expression}\nThe page shows:\n{shown}\nProblems: {self.problems or 'none'}")

    def _evaluate_between_pages(self, expression: str):
        try:
            return self.evaluate(expression)
        except RuntimeError as error:
            # One page makes way for the next.
            if "context" not in str(error) and "navigated" not in str(error):
                raise
            return None

    def press(self, key: str, code: int, text: str = ""):
        """Presses a key of the keyboard."""
        common = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def screenshot(self, path: str, width: int, height: int, scheme: str):
        """Writes what the page looks like in a window of a size, in light or dark."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2, mobile=width < 500)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        picture = self.call("Page.captureScreenshot", format="png")["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture))

    def close(self):
        """Ends the browser."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.input), os.close(self.output)
        self.profile.cleanup()
