"""Reads markup into its elements, so that tests look at what a browser would see."""

from dataclasses import dataclass
from html.parser import HTMLParser


@dataclass(frozen=True, slots=True)
class Element:
    """One start tag with its attributes; an attribute without a value is an empty string."""

    tag: str
    attributes: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str) -> str | None:
        return self.attributes.get(name)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def elements(html: str, tag: str = "", **attributes: str) -> list[Element]:
    """Return the elements with this tag and these attributes, in the order of the page."""
    reader = _Reader()
    reader.feed(html)
    return [
        element
        for element in reader.elements
        if tag in {"", element.tag}
        and all(element.get(name.replace("_", "-")) == value for name, value in attributes.items())
    ]


def words(html: str) -> str:
    """Return what the page says, without its markup."""
    reader = _Reader()
    reader.feed(html)
    return " ".join(" ".join(reader.words).split())
