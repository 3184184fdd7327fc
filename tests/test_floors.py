"""The pinned quality floors hold, and cannot be lowered by accident."""

from __future__ import annotations

import pytest

from tests import floors
from tests.shared_data import needs_shared


@needs_shared
@pytest.mark.skipif(not floors.FLOORS.exists(), reason="no floors pinned yet (python -m tests.floors --update)")
def test_figures_reach_the_floors() -> None:
    pinned = floors.read()
    assert not floors.lowered(pinned["floors"], floors.measure())
    moved = [name for name, digest in floors.pins().items() if pinned["pins"].get(name) != digest]
    assert not moved, f"changed since the floors were set: {', '.join(moved)}; run python -m tests.floors --update"


def _main(monkeypatch: pytest.MonkeyPatch, figure: float, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["floors", *arguments])
    monkeypatch.setattr(floors, "measure", lambda: {"hf_dev": {"rules": {"models": figure}}})
    return floors.main()


@needs_shared
def test_update_raises_but_does_not_lower(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(floors, "FLOORS", tmp_path / "floors.json")
    assert _main(monkeypatch, 80.0, "--update") == 0
    assert _main(monkeypatch, 85.0, "--update") == 0
    assert floors.read()["floors"]["hf_dev"]["rules"]["models"] == 85.0
    assert _main(monkeypatch, 84.9) == 1
    assert _main(monkeypatch, 84.9, "--update") == 1
    assert floors.read()["floors"]["hf_dev"]["rules"]["models"] == 85.0
    assert _main(monkeypatch, 84.9, "--update", "--lower") == 0
    assert floors.read()["floors"]["hf_dev"]["rules"]["models"] == 84.9
