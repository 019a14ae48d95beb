"""The real files, which lie beside the project and not in it."""

from pathlib import Path
from typing import Final

import pytest

SHARED: Final = Path(__file__).resolve().parents[3] / "shared" / "data"


def shared(name: str) -> Path:
    """Return the path of a shared file, or skip the test aloud."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the shared file {name} is not on this machine")
    return path
