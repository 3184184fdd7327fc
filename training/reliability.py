"""Draw how well the confidence of results is calibrated, from the out-of-fold bins that ``results.py --cv`` wrote.

python training/reliability.py        writes docs/reliability.svg
"""

from __future__ import annotations

import json
from pathlib import Path

HERE = Path(__file__).parent
SIZE, MARGIN = 360, 46


def main() -> None:
    """Write the plot."""
    bins = json.loads((HERE / "results_calibration.json").read_text(encoding="utf-8"))["reliability"]
    inner = SIZE - 2 * MARGIN

    def x(share: float) -> float:
        return round(MARGIN + share * inner, 1)

    def y(share: float) -> float:
        return round(SIZE - MARGIN - share * inner, 1)

    most = max(b["rows"] for b in bins)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" font-family="sans-serif" font-size="11" role="img">',
        "<title>Share of results whose core fields are right, by calibrated confidence (out of fold)</title>",
        f'<rect width="{SIZE}" height="{SIZE}" fill="white"/>',
        f'<line x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}" stroke="#999" stroke-dasharray="4 4"/>',
    ]
    for tick in (0, 0.2, 0.4, 0.6, 0.8, 1.0):
        parts.append(f'<text x="{x(tick)}" y="{SIZE - MARGIN + 16}" text-anchor="middle">{tick:g}</text>')
        parts.append(f'<text x="{MARGIN - 8}" y="{y(tick) + 4}" text-anchor="end">{tick:g}</text>')
        parts.append(f'<line x1="{x(0)}" y1="{y(tick)}" x2="{x(1)}" y2="{y(tick)}" stroke="#eee"/>')
    for b in bins:
        radius = 3 + 7 * (b["rows"] / most) ** 0.5
        parts.append(
            f'<circle cx="{x(b["mean_confidence"])}" cy="{y(b["right"])}" r="{radius:.1f}" fill="#2a6fb0" fill-opacity="0.75">'
            f"<title>{b['rows']} rows: confidence {b['mean_confidence']}, right {b['right']}</title></circle>"
        )
    parts.append(f'<text x="{SIZE / 2}" y="{SIZE - 8}" text-anchor="middle">confidence</text>')
    parts.append(
        f'<text x="14" y="{SIZE / 2}" text-anchor="middle" transform="rotate(-90 14 {SIZE / 2})">share right (core)</text>'
    )
    parts.append("</svg>")
    (HERE.parent / "docs" / "reliability.svg").write_text("\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
