"""How somebody works a page: with a pointer, with nothing but the keyboard, or counted."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Locator, Page

_MOST_TABS = 250
# None: another one has taken its place.
_HAS_FOCUS = "element => element.isConnected ? element === document.activeElement : null"
_IS_RADIO_OF = (
    "name => document.activeElement?.type === 'radio' && document.activeElement.name === name"
)


class Hands(Protocol):
    """What a person does on a page; fields are named as the form names them."""

    page: Page

    def fill(self, name: str, text: str) -> None:
        """Write into a field; days as 2026-10-05."""
        ...

    def choose(self, name: str, value: str) -> None:
        """Choose one of several radio buttons."""
        ...

    def tick(self, name: str) -> None:
        """Tick a box."""
        ...

    def press(self, label: str) -> None:
        """Press the button, or follow the link, of that name."""
        ...


def upload(page: Page, name: str, file: Path) -> None:
    """Choose a file: the system's own dialog is no part of the page."""
    page.set_input_files(f"[name={name}]", file)


class Pointer:
    """Mouse or finger."""

    def __init__(self, page: Page) -> None:
        """Work this page."""
        self.page = page

    def fill(self, name: str, text: str) -> None:
        """Write into a field."""
        _field(self.page, name).fill(text)

    def choose(self, name: str, value: str) -> None:
        """Choose a radio button."""
        self.page.check(f"[name={name}][value={value}]")

    def tick(self, name: str) -> None:
        """Tick a box."""
        self.page.check(f"main [name={name}]")

    def press(self, label: str) -> None:
        """Click."""
        _target(self.page, label).click()


class Keyboard:
    """Tab, arrows, space and enter, and nothing else."""

    def __init__(self, page: Page) -> None:
        """Work this page."""
        self.page = page

    def fill(self, name: str, text: str) -> None:
        """Tab to a field and type; days are typed in the order that the browser's language has."""
        field = _field(self.page, name)
        self._reach(field)
        if field.get_attribute("type") == "date":
            year, month, day = text.split("-")
            # Chromium orders the parts by its own language, whatever the page's.
            self.page.keyboard.type(f"{month}{day}{year}")
            assert field.input_value() == text
            return
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def choose(self, name: str, value: str) -> None:
        """Tab into the group, then go on with the arrows."""
        for _ in range(_MOST_TABS):
            if self.page.evaluate(_IS_RADIO_OF, name):
                break
            self.page.keyboard.press("Tab")
        self.page.keyboard.press("Space")
        for _ in range(_MOST_TABS):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the keyboard does not reach {value} of {name}")

    def tick(self, name: str) -> None:
        """Tab to a box and press space."""
        self._reach(self.page.locator(f"main [name={name}]"))
        self.page.keyboard.press("Space")

    def press(self, label: str) -> None:
        """Tab to a button or link and press enter."""
        self._reach(_target(self.page, label))
        self.page.keyboard.press("Enter")

    def unfold(self, label: str) -> None:
        """Tab to what is folded away under that name and press enter."""
        self._reach(self.page.locator("main summary").get_by_text(label, exact=True))
        self.page.keyboard.press("Enter")

    def _reach(self, target: Locator) -> None:
        # Looking for it by name at every step would take longer than all the steps.
        element = target.element_handle()
        for _ in range(_MOST_TABS):
            has_focus = element.evaluate(_HAS_FOCUS)
            if has_focus:
                return
            if has_focus is None:
                element = target.element_handle()
                continue
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target}")


@dataclass
class Finger:
    """Taps and typing on a phone, counted; texts are typed beside the count."""

    page: Page
    screens: list[str] = field(default_factory=list)
    taps: int = 0
    keystrokes: int = 0

    def see(self) -> None:
        """Count the screen that is shown now."""
        path = re.sub(r"[a-z2-7]{26}", "…", self.page.url.split("localhost")[1].partition("/")[2])
        if not self.screens or self.screens[-1] != path:
            self.screens.append(path)

    def tap(self, target: Locator) -> None:
        """Touch it."""
        target.click()
        self.taps += 1

    def write(self, name: str, text: str, *, counted: bool = True) -> None:
        """Tap into a field and type."""
        element = self.page.locator(f"main [name='{name}']:not([type=hidden])").first
        self.tap(element)
        element.fill(text)
        self.keystrokes += len(text) if counted else 0

    def pick(self, name: str, value: str) -> None:
        """Open a list and touch one of its lines: two taps."""
        self.page.locator(f"main [name='{name}']").select_option(value)
        self.taps += 2


def _field(page: Page, name: str) -> Locator:
    return page.locator(f"main [name={name}]:not([type=hidden])").first


def _target(page: Page, label: str) -> Locator:
    """Find what people see under that name: the second step's hidden first button is none."""
    button = page.locator("main").get_by_role("button", name=label, exact=True)
    link = page.locator("main").get_by_role("link", name=label, exact=True)
    return button.or_(link).first
