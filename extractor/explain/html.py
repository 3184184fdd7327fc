"""An explanation as one page that needs nothing else."""

from __future__ import annotations

from html import escape

from extractor.explain.marks import marks, pieces, rows
from extractor.explain.numbers import Explanation
from extractor.records import FieldName

_STYLE = """
:root{color-scheme:light dark;--results:#bdeec8;--bit_widths:#f3d0f5;--models:#c8eef5;--datasets:#fbe9b0;--proposed:#cfd9ff;--links:#e4e4e4;--number:transparent}
@media (prefers-color-scheme:dark){:root{--results:#1d5a2d;--bit_widths:#5a2760;--models:#155361;--datasets:#5e4a0c;--proposed:#2c3c86;--links:#444}}
body{font:1rem/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}
h1{font-size:1.3rem}table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #8884}
mark{color:inherit;background:none;border-radius:.2rem;padding:.1rem 0}
.results{background:var(--results)}.bit_widths{background:var(--bit_widths)}.models{background:var(--models)}.datasets{background:var(--datasets)}.proposed{background:var(--proposed)}.links{background:var(--links)}
mark.number{text-decoration:underline dotted;opacity:.75}.key span{padding:.1rem .4rem;margin-right:.4rem;border-radius:.2rem}small{opacity:.7}
@media (max-width:40rem){th{display:none}td{display:block;border:0;padding:.1rem 0}tr{display:block;border-bottom:1px solid #8884;padding:.4rem 0}}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_KINDS = ("results", "bit_widths", "models", "datasets", "proposed", "links")


def to_html(explanation: Explanation) -> str:
    """Return the page: no script, no network; whatever stands in the abstract stays text."""
    paper = explanation.extraction.paper
    key = "".join(f'<span class="{kind}">{kind.replace("_", " ")}</span>' for kind in _KINDS)
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("table", "fact", "rule", "confidence", "evidence"))
    body = "".join("<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>" for row in rows(explanation))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{_text(paper.title or paper.paper_id)}</title><style>{_STYLE}</style></head><body><main>"
        f"<small>{_text(paper.paper_id)}</small><h1 dir=auto>{_marked(explanation, 'title')}</h1>"
        f"<p dir=auto>{_marked(explanation, 'abstract')}</p>"
        f'<p class="key">{key}<mark class="number">a number that is no result</mark></p>'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></main></body></html>\n"
    )


def _marked(explanation: Explanation, field: FieldName) -> str:
    paper = explanation.extraction.paper
    out = []
    for piece in pieces(paper.title if field == "title" else paper.abstract, marks(explanation, field)):
        text = _text(piece.text)
        for mark in reversed(piece.marks):  # the widest outside
            text = f'<mark class="{mark.kind}" title="{_text(mark.label)}">{text}</mark>'
        out.append(text)
    return "".join(out)


def _text(text: str) -> str:
    """Return ``text`` escaped, control characters (which HTML forbids) replaced."""
    return escape("".join(c if c >= " " or c in "\n\t" else "\ufffd" for c in text))
