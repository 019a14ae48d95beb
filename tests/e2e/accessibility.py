"""What axe checks on every page: WCAG 2.2, levels A and AA."""

from typing import Any, Final

RULES: Final[dict[str, Any]] = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
