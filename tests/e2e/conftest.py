"""The sandbox page in headless Chromium, as a user would use it: type, tap, turn the clock.

Starts `python -m bot sandbox` as a process of its own. Screenshots land in tests/e2e/shots."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHOTS = Path(__file__).parent / "shots"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]
START = "2025-06-09T09:00"


class SandboxProcess:
    """`python -m bot sandbox` on Monday 2025-06-09 at 09:00, which may be killed and started again where it was."""

    def __init__(self, folder: Path) -> None:
        self._env = {k: v for k, v in os.environ.items() if not k.startswith("BOT_")} | {"BOT_DATA_DIR": str(folder)}
        self._listen = "127.0.0.1:0"
        self.starts()

    def starts(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", "sandbox", "--listen", self._listen, "--now", START],
            cwd=ROOT, env=self._env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        found = re.search(r"http://(\S+?)/\s", line)
        assert found, line
        self.url, self._listen = f"http://{found[1]}/", found[1]

    def is_killed(self) -> None:
        self._process.kill()
        self._process.wait(15)
        self._close()

    def stops(self) -> None:
        self._process.terminate()
        assert self._process.wait(15) == 0
        self._close()

    def _close(self) -> None:
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[SandboxProcess]:
    """A fresh one."""
    sandbox = SandboxProcess(tmp_path)
    yield sandbox
    sandbox.stops()


@pytest.fixture
def sandbox_url(sandbox: SandboxProcess) -> str:
    return sandbox.url


class Page:
    """The page, seen through what a user sees."""

    def __init__(self, page, name: str) -> None:
        self.page, self.name, self.shots = page, name, 0

    def open(self, user: str) -> None:
        """Make sure this person's phone is on the screen."""
        if not self.page.get_by_test_id(f"phone-{user}").is_visible():
            self.page.get_by_test_id(f"persona-{user}").click()
        self.page.get_by_test_id(f"phone-{user}").wait_for()

    def closes(self, user: str) -> None:
        """Put this person's phone away: there is room for three."""
        if self.page.get_by_test_id(f"phone-{user}").is_visible():
            self.page.get_by_test_id(f"persona-{user}").click()

    def says(self, user: str, text: str) -> str:
        """Type and press Enter; the words of the newest bubble of the bot."""
        before = self._count(user)
        self.types(user, text)
        return self.hears(user, before)

    def types(self, user: str, text: str) -> None:
        """Type and press Enter, without waiting for an answer."""
        box = self.page.get_by_test_id(f"input-{user}")
        box.fill(text)
        box.press("Enter")

    def hears(self, user: str, before: int) -> str:
        """Wait for more bubbles of the bot than `before`, and for silence; all new words."""
        self.page.wait_for_function(
            "([user, n]) => document.querySelectorAll("
            "`[data-testid='log-${user}'] [data-testid='bubble'][data-by='app']`).length > n",
            arg=[user, before], timeout=15_000,
        )
        self.page.wait_for_timeout(350)
        bubbles = self._bubbles(user)
        return "\n".join(bubbles.nth(n).inner_text() for n in range(before, bubbles.count()))

    def taps(self, user: str, words: str) -> None:
        """Tap the newest live card button with these words."""
        log = self.page.get_by_test_id(f"log-{user}")
        log.get_by_test_id("card-button").filter(has_text=words).last.click()
        self.page.wait_for_timeout(600)

    def next_due(self) -> None:
        self._moves_the_clock("clock-next-due")

    def tomorrow(self) -> None:
        self._moves_the_clock("clock-tomorrow")

    def to(self, when: str) -> None:
        self.page.get_by_test_id("clock-to").fill(when)
        self._moves_the_clock("clock-go")

    def _moves_the_clock(self, button: str) -> None:
        """Tap, and wait until the product has done what fell due and most of it has come."""
        with self.page.expect_response(lambda response: response.url.endswith("/sandbox/api/clock")):
            self.page.get_by_test_id(button).click()
        self.page.wait_for_timeout(500)

    def count(self, user: str) -> int:
        return self._count(user)

    def sees(self, user: str, words: str) -> None:
        """Wait for these words on this person's phone."""
        self.page.get_by_test_id(f"log-{user}").get_by_text(words).first.wait_for(timeout=15_000)

    def sends_a_photo(self, user: str) -> None:
        """Send a photo from this person's phone, and wait until it was taken."""
        before = self._count(user)
        self.page.get_by_test_id(f"more-{user}").click()
        self.page.get_by_test_id(f"phone-{user}").get_by_test_id("event-image").click()
        self.hears(user, before)

    def shown(self) -> list[str]:
        """Whose phones are on the screen."""
        phones = self.page.locator("section.phone")
        return [str(phones.nth(n).get_attribute("data-testid")).removeprefix("phone-") for n in range(phones.count())]

    def writes(self, customer: str, text: str) -> None:
        """On a customer's phone, to the firm's 微信客服."""
        box = self.page.get_by_test_id(f"kf-{customer}")
        box.fill(text)
        box.press("Enter")

    def photographs(self, customer: str) -> None:
        """Send a photo from a customer's phone to the firm's 微信客服."""
        self.page.get_by_test_id(f"photo-{customer}").click()

    def sees_a_picture(self, user: str, width: int = 1080) -> None:
        """Wait for the newest picture on this person's phone, as wide as it was made and shown large enough to read."""
        picture = self.page.get_by_test_id(f"log-{user}").get_by_test_id("picture").last
        picture.wait_for(timeout=15_000)
        self.page.wait_for_function(
            "([user]) => [...document.querySelectorAll(`[data-testid='log-${user}'] [data-testid='picture']`)].at(-1)?.complete",
            arg=[user],
        )
        assert picture.evaluate("image => image.naturalWidth") == width
        assert picture.evaluate("image => image.clientWidth") > 200

    def words(self, user: str) -> str:
        return self.page.get_by_test_id(f"log-{user}").inner_text()

    def shoot(self) -> None:
        """Keep a picture of what is on the screen."""
        SHOTS.mkdir(exist_ok=True)
        self.shots += 1
        self.page.screenshot(path=SHOTS / f"{self.name}-{self.shots}.png")

    def _bubbles(self, user: str):
        return self.page.locator(f"[data-testid='log-{user}'] [data-testid='bubble'][data-by='app']")

    def _count(self, user: str) -> int:
        return self._bubbles(user).count()


@pytest.fixture
def page(sandbox_url: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        tab = browser.new_page(viewport={"width": 1680, "height": 1000})
        errors: list[str] = []
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.goto(sandbox_url)
        # The page opens three phones itself; whoever taps a face before they stand there would close one again.
        tab.get_by_test_id("phone-chenmo").wait_for()
        yield Page(tab, request.node.name.removeprefix("test_"))
        browser.close()
        assert not errors
