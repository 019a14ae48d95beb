"""What the readers have found so far: values by path, each with its places, and doubts."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from offers.letters.letter import Letter
from offers.letters.reading import Question, Span, Value

Place = tuple[int, int]


@dataclass(slots=True)
class Draft:
    """Values by path, such as ``bonus.target_percent``, with their places in the masked text."""

    letter: Letter
    values: dict[str, Value] = field(default_factory=dict)
    places: dict[str, list[Place]] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)

    def put(self, path: str, value: Value, *places: Place) -> None:
        """Note a value; the first one noted for a path stays. None is nothing to note."""
        if value is None or path in self.values:
            return
        self.values[path] = value
        self.places[path] = list(dict.fromkeys(places))

    def has(self, prefix: str) -> bool:
        """Return whether anything below a path was noted."""
        return any(path == prefix or path.startswith(f"{prefix}.") for path in self.values)

    def get(self, path: str) -> Value:
        """Return what was noted for a path; None where nothing was."""
        return self.values.get(path)

    def drop(self, prefix: str) -> None:
        """Forget everything below a path."""
        for path in [
            path for path in self.values if path == prefix or path.startswith(f"{prefix}.")
        ]:
            del self.values[path]
            del self.places[path]

    def ask(self, path: str, why: str, choices: Iterable[Value], *places: Place) -> None:
        """Note a doubt; one question per path is enough."""
        if any(question.path == path for question in self.questions):
            return
        unique = tuple(dict.fromkeys(choices))
        spans = tuple(self.letter.span(*place) for place in places)
        self.questions.append(Question(path=path, why=why, choices=unique, spans=spans))

    def spans(self) -> dict[str, list[Span]]:
        """Return the spans of every value, and under each field those of all its values."""
        found: dict[str, list[Span]] = {}
        for path, places in self.places.items():
            spans = [self.letter.span(*place) for place in places]
            parts = path.split(".")
            top = ".".join(parts[:2]) if parts[0] in {"equity", "benefits"} else parts[0]
            for key in dict.fromkeys((top, path)):
                known = found.setdefault(key, [])
                known.extend(span for span in spans if span not in known)
        return found
