"""Fuzz target for atheris (extra: fuzz). By hand, until it finds something or is stopped:

    python -m tests.fuzz.target FOLDER

FOLDER keeps the inputs that reach new code; what libFuzzer understands (-max_total_time=3600, -jobs=4 ...) may stand
before it. A finding is written to ``crash-…`` or ``timeout-…``: it becomes a file of ``tests/fuzz/cases``, which the tests
replay, and is fixed.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["extractor"]):
    from tests.fuzz import checks

TOKENS = Path(__file__).with_name("tokens.dict")


def main() -> None:
    """Write the seeds to the folder if it is empty, load all code, fuzz."""
    folder = Path(sys.argv[-1]) if len(sys.argv) > 1 and not sys.argv[-1].startswith("-") else None
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.iterdir()):
            for number, seed in enumerate(checks.seeds()):
                (folder / f"seed-{number:03d}").write_bytes(seed)
    with atheris.instrument_imports(include=["extractor"]):  # what is imported late
        for seed in checks.seeds()[:: checks.PASSES]:
            checks.check(seed)
    defaults = [f"-dict={TOKENS}", "-max_len=4096", "-timeout=20", "-rss_limit_mb=4096"]
    atheris.Setup([sys.argv[0], *defaults, *sys.argv[1:]], checks.check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
