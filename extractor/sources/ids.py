"""Globally valid ids: ``arxiv:``, ``acl:``, ``openreview:``, ``doi:``, else a hash of title and abstract.

The order is the order of preference, so that a paper whose sources give several of them keeps one id everywhere. A file's own
row number or private key is never an id.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

_ARXIV = re.compile(r"(?:arxiv:\s*)?(\d{4}\.\d{4,5}|[a-z]+(?:-[a-z]+)?(?:\.[a-z]{2})?/\d{7})(?:v\d+)?", re.IGNORECASE)
_ACL = re.compile(r"(?:acl:\s*)?(\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+|[A-Z]\d{2}-\d{4})", re.IGNORECASE)
_OPENREVIEW = re.compile(r"openreview:\s*([\w-]+)", re.IGNORECASE)
_DOI = re.compile(r"(?:doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_URLS = (
    re.compile(r"https?://(?:www\.|export\.)?(?P<arxiv>arxiv)\.org/(?:abs|pdf|html)/(?P<id>[^?#\s]+?)(?:\.pdf)?/?(?:[?#].*)?", re.IGNORECASE),
    re.compile(r"https?://(?:www\.)?(?P<acl>aclanthology\.org|aclweb\.org/anthology)/(?P<id>[^/?#\s]+?)(?:\.pdf|\.bib)?/?(?:[?#].*)?", re.IGNORECASE),
    re.compile(r"https?://(?P<openreview>openreview)\.net/(?:forum|pdf|attachment)\?(?:[^#\s]*&)?id=(?P<id>[\w-]+)\S*", re.IGNORECASE),
    re.compile(r"https?://(?:dx\.|www\.)?(?P<doi>doi)\.org/(?P<id>10\.[^\s?#]+)\S*", re.IGNORECASE),
)  # fmt: skip
_ORDER = ("arxiv:", "acl:", "openreview:", "doi:")


def arxiv_id(text: str) -> str | None:
    """Return ``arxiv:2401.01234`` for an arXiv number with or without prefix and version, else None."""
    if not (m := _ARXIV.fullmatch(text.strip())):
        return None
    number = m[1].lower()
    if "/" in number:  # math.GT/0309136 and math/0309136 are one paper
        archive, _, rest = number.partition("/")
        number = f"{archive.partition('.')[0]}/{rest}"
    return f"arxiv:{number}"


def acl_id(text: str) -> str | None:
    """Return ``acl:2020.acl-main.44`` for an ACL Anthology number, else None."""
    if not (m := _ACL.fullmatch(text.strip())):
        return None
    return f"acl:{m[1].upper() if m[1][0].isalpha() else m[1].lower()}"


def doi_id(text: str) -> str | None:
    """Return the id that a DOI stands for: ``doi:…`` in lower case, or the arXiv or ACL id that it wraps."""
    if not (m := _DOI.fullmatch(text.strip())):
        return None
    doi = m[1].rstrip(".,;").lower()
    if doi.startswith("10.48550/arxiv."):
        return arxiv_id(doi.removeprefix("10.48550/arxiv.")) or f"doi:{doi}"
    if doi.startswith(("10.18653/v1/", "10.3115/v1/")):
        return acl_id(doi.rpartition("/")[2]) or f"doi:{doi}"
    return f"doi:{doi}"


def openreview_id(text: str) -> str | None:
    """Return ``openreview:…`` for a forum id, else None."""
    text = text.strip()
    return f"openreview:{text}" if re.fullmatch(r"[\w-]{6,64}", text) else None


def url_id(text: str) -> str | None:
    """Return the id that an address of arXiv, the ACL Anthology, OpenReview or doi.org stands for, else None."""
    text = text.strip()
    if not text.startswith(("http://", "https://", "HTTP")):
        return None
    for pattern in _URLS:
        if m := pattern.fullmatch(text):
            groups, number = m.groupdict(), m["id"]
            if groups.get("arxiv"):
                return arxiv_id(number)
            if groups.get("acl"):
                return acl_id(number)
            if groups.get("openreview"):
                return openreview_id(number)
            return doi_id(number)
    return None


def known_id(text: str) -> str | None:
    """Return the id for a text that carries its scheme or has the shape of an arXiv, ACL or DOI number, else None."""
    if len(text) > 300:
        return None
    if m := _OPENREVIEW.fullmatch(text.strip()):
        return openreview_id(m[1])
    return arxiv_id(text) or acl_id(text) or doi_id(text) or url_id(text)


def best_id(found: Iterable[str | None]) -> str | None:
    """Return the most preferred of the ids found."""
    ids = [i for i in found if i]
    if len(ids) < 2:
        return ids[0] if ids else None
    return min(ids, key=lambda i: next(n for n, s in enumerate(_ORDER) if i.startswith(s)))


def text_id(title: str, abstract: str) -> str:
    """Return ``sha1:`` and 16 hex digits of title and abstract, ignoring case, width, compatibility forms and spacing."""
    digest = hashlib.sha1(f"{_normal(title)}\n{_normal(abstract)}".encode(), usedforsecurity=False)
    return f"sha1:{digest.hexdigest()[:16]}"


def _normal(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.casefold().split())
