"""Run the named benchmark, or all of them: `python -m benchmarks [name]`."""

import importlib
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Run them one after the other; return 2 where a name means none."""
    here = Path(__file__).parent
    known = sorted(path.stem for path in here.glob("*.py") if not path.stem.startswith("_"))
    for name in arguments or known:
        if name not in known:
            print(f"There is no benchmark {name!r}. There are: {', '.join(known)}.")
            return 2
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
