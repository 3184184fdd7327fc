"""Where labelled papers and the reference scorer lie, if they are there at all."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
GOLD = SHARED / "gold"

needs_shared = pytest.mark.skipif(not GOLD.is_dir(), reason="no labelled papers beside this repository (../shared)")
