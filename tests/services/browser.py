"""Opens a page in a real Chromium and says what happened: what scripts answered, what was asked for, what went wrong.

    browser.py '{"url": "file:///…/index.html", "width": 375, "evaluate": ["document.title"]}'

Keys: url · width, height of the window (1280 x 900) · scripts (true) · dark (false) · evaluate: expressions, one after the
other, a promise is awaited · screenshot, pdf: files to write, of the whole page, after the last expression.
Answers with JSON: values, one an expression; console: errors and warnings of the page; requests: every address asked for;
dialogs: what alert() and its like said.

The browser is driven over two pipes (--remote-debugging-pipe), so that no port is open and no package is needed.
"""

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time

LONGEST = 60


class Browser:
    """A Chromium with one tab."""

    def __init__(self, profile):
        program = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
        if program is None:
            sys.exit("no Chromium: apt-get install chromium")
        to_browser, self.out = os.pipe()
        self.source, from_browser = os.pipe()

        def pipes():
            # The two may lie in each other's way: through numbers that nothing uses.
            os.dup2(to_browser, 103)
            os.dup2(from_browser, 104)
            os.dup2(103, 3)
            os.dup2(104, 4)

        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                     "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
                     f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank"]
        self.process = subprocess.Popen([program, *arguments], preexec_fn=pipes, close_fds=False,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.rest = b""
        self.number = 0
        self.events = []
        self.session = None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def read(self, until):
        while b"\0" not in self.rest:
            ready, _, _ = select.select([self.source], [], [], max(0.0, until - time.monotonic()))
            piece = os.read(self.source, 1 << 16) if ready else b""
            if not piece:
                sys.exit("the browser says nothing any more")
            self.rest += piece
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def ask(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + LONGEST
        while True:
            answer = self.read(until)
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)
            if answer.get("method") == "Page.javascriptDialogOpening":
                self.say("Page.handleJavaScriptDialog", accept=True)

    def say(self, method, **parameters):
        """Asks without waiting: inside of a wait for something else."""
        message = {"id": 1_000_000 + len(self.events), "method": method, "params": parameters, "sessionId": self.session}
        os.write(self.out, json.dumps(message).encode() + b"\0")

    def wait(self, method):
        until = time.monotonic() + LONGEST
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.read(until))

    def happened(self, method):
        return [event["params"] for event in self.events if event.get("method") == method]


def evaluate(browser, expression):
    answer = browser.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
    if "exceptionDetails" in answer:
        sys.exit(f"{expression}: {answer['exceptionDetails']}")
    return answer["result"].get("value")


def look(browser, wanted):
    for domain in ["Page", "Runtime", "Log", "Network"]:
        browser.ask(f"{domain}.enable")
    width, height = wanted.get("width", 1280), wanted.get("height", 900)
    browser.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=wanted.get("scale", 1),
                mobile=width < 600)
    if wanted.get("dark"):
        browser.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    if not wanted.get("scripts", True):
        browser.ask("Emulation.setScriptExecutionDisabled", value=True)
    browser.ask("Page.navigate", url=wanted["url"])
    browser.wait("Page.loadEventFired")
    values = [evaluate(browser, expression) for expression in wanted.get("evaluate", [])]
    if "screenshot" in wanted:
        picture = browser.ask("Page.captureScreenshot", format="png", captureBeyondViewport=wanted.get("whole", True))
        with open(wanted["screenshot"], "wb") as file:
            file.write(base64.b64decode(picture["data"]))
    if "pdf" in wanted:
        pages = browser.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        with open(wanted["pdf"], "wb") as file:
            file.write(base64.b64decode(pages["data"]))
    said = [entry["entry"]["text"] for entry in browser.happened("Log.entryAdded")]
    said += [str(error["exceptionDetails"]) for error in browser.happened("Runtime.exceptionThrown")]
    said += [str(call["args"]) for call in browser.happened("Runtime.consoleAPICalled") if call["type"] in ("error", "warning")]
    return {
        "values": values,
        "console": said,
        "requests": [request["request"]["url"] for request in browser.happened("Network.requestWillBeSent")],
        "dialogs": [dialog["message"] for dialog in browser.happened("Page.javascriptDialogOpening")],
    }


def main():
    wanted = json.loads(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="hedui-browser-", ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        try:
            print(json.dumps(look(browser, wanted), ensure_ascii=False))
        finally:
            browser.process.kill()
            browser.process.wait()


main()
