"""Links: every address of the text, repaired, with what it leads to.

An address is found by its scheme, ``www.``, a host that the rules know, or a host name in the place of one, then read
to its end over the breaks that line wraps and LaTeX leave ("https: //github. com/x/ y"), cut where the next sentence
or address is glued to it, and classified by ``rules/hosts.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from extractor.document import Document
from extractor.passes.candidates import LinkCandidate
from extractor.records import LinkKind
from extractor.rulebook import RuleSet
from extractor.rulebook.hosts import HostRule

_SCHEME = re.compile(r"(?:ht|f)tps?(?:\s?:\s?/\s?/?\s{0,2}/?|:?//|:(?=www\.|git))(?=[\w\[])", re.IGNORECASE)
_BODY = re.compile(r"[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%\[\]]+")
_DOT = re.compile(r"\.\s?([a-z]{2,7})(?![A-Za-z0-9])")
_GAP = re.compile(r"\s{1,2}")
_OPENERS = {")": "(", "]": "["}
# "…/repo.The results" and "…/repo.git.We": a sentence glued to the address
_GLUED = re.compile(r"\.(?=(?:The|We|Our|This|These|It|In|To|For|Code|Data|Project|All|Keywords|Index)\b)(?=\w+[\s:])")
_INNER = re.compile(r"(?<![/=?&])(?:https?:/|www\.(?=[a-z]))")
_STOP_WORDS = frozenset(
    "and or for with which that to in on is are the a an under as at by from of we our it this these where while code "
    "data dataset datasets models project page demo will can has have".split()
)
_PATH_WORD = re.compile(r"[A-Za-z0-9][\w.\-]*(?:/[\w.\-]+)*/?")


class LinkPass:
    """Finds links by the rules of section ``hosts``; a pure function of the document."""

    def __init__(self, rules: RuleSet) -> None:
        every = rules.section("hosts", HostRule)
        self._rules = [rule for rule in every if rule.kind is not None]
        self._labels = [(re.compile(rule.labels, re.IGNORECASE), rule) for rule in self._rules if rule.labels]
        self._paths = {rule.id: re.compile(rule.path) for rule in self._rules if rule.path}
        endings = sorted({e for rule in every for e in rule.endings}, key=len, reverse=True)
        after = sorted({a for rule in every for a in rule.after}, key=len, reverse=True)
        bare = sorted({h for rule in self._rules if rule.bare for h in rule.hosts}, key=len, reverse=True)
        ending = "|".join(map(re.escape, endings))
        self._endings = frozenset(endings)
        known = "|".join(re.escape(h).replace(r"\.", r"\.\s?") for h in bare)
        label = r"[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?"
        self._bare = re.compile(
            rf"(?P<www>www\.\s?(?=[a-z0-9\-]+\.))"
            rf"|(?:[A-Za-z0-9][A-Za-z0-9\-]*\.){{0,4}}(?P<known>{known})(?![A-Za-z0-9\-@])"
            rf"|(?P<host>(?:{label}\.){{1,4}}(?:{ending}))(?=(?P<path>/[A-Za-z0-9~]|\s/\s?[A-Za-z~])|[\s)\].,;:]|$)",
            re.IGNORECASE,
        )
        self._after = re.compile(rf"(?:{'|'.join(re.escape(a) for a in after)})[\s:(\[]*$", re.IGNORECASE)
        # a host name broken by a space: "github. com/x", "example.github. io"
        self._broken_host = re.compile(
            rf"(?:[A-Za-z0-9\-]+\s?\.\s?)+?(?:{ending})(?![A-Za-z0-9\-]|\.[a-z]|\s\.\s?[a-z])", re.IGNORECASE
        )
        self._glued_ending = re.compile(rf"\.(?:{ending})(?=[A-Z])")

    def __call__(self, document: Document) -> list[LinkCandidate]:
        """Return the links in the order of the text, each address once."""
        text = document.text
        found: list[LinkCandidate] = []
        seen: set[str] = set()
        at = 0
        for start, body, scheme in sorted({*self._with_scheme(text), *self._without_scheme(text)}):
            if start < at:
                continue
            link = self._read(document, start, body, scheme)
            if link is None:
                continue
            at = link.end
            key = re.sub(r"^\w+://(?:www\.)?", "", link.url).rstrip("/").lower()
            if key not in seen:
                seen.add(key)
                found.append(link)
        return found

    @staticmethod
    def _with_scheme(text: str) -> Iterator[tuple[int, int, str]]:
        """Yield start, start of the host and scheme of each address that has a scheme, broken or not."""
        for needle in ("ttp", "TTP", "ftp:"):
            at = text.find(needle)
            while at >= 0:
                start = at - 1 if needle != "ftp:" and at and text[at - 1] in "hH" else at
                if match := _SCHEME.match(text, start):
                    scheme = re.sub(r"\s", "", match[0]).lower().split(":")[0].rstrip("/") + "://"
                    yield start, match.end(), scheme
                at = text.find(needle, at + 3)

    def _without_scheme(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield the same for addresses without one: "www.", hosts that the rules know, a host where one is due."""
        for dot in _DOT.finditer(text):
            if dot[1] not in self._endings:
                continue
            start = dot.start()
            while start and (text[start - 1].isalnum() or text[start - 1] in ".-"):
                start -= 1
            if start and text[start - 1] in "@/_":
                continue
            while text[start] in ".-":
                start += 1
            if text[start - 5 : start] in ("www. ", "Www. "):
                start -= 5
            match = self._bare.match(text, start)
            if match is None or (match["host"] and not self._is_address(text, match)):
                continue
            if (
                match["known"]
                and match[0].lower() == match["known"].lower()
                and text[match.end() : match.end() + 1] != "/"
            ):
                continue  # "available on github.com": the name of a site
            yield start, start, "https://"

    def _read(self, document: Document, start: int, body: int, scheme: str) -> LinkCandidate | None:
        text = document.text
        limit = document.title_end if start < document.title_end else len(text)
        pieces, end = self._read_body(text, body, limit)
        end = min(end, self._closing_brace(document, start, end))
        address = _trimmed("".join(text[a : min(b, end)] for a, b in pieces if a < end))
        if glued := self._glued_ending.search(address.split("/", 1)[0]):
            address = address[: glued.end()]
        if "." not in address.split("/", 1)[0] or not re.match(r"[A-Za-z0-9]", address):
            return None
        end = _end_of(text, pieces, len(address))
        kind, owner, repo = self.classify(address)
        return LinkCandidate(start, end, scheme + address, kind, owner, repo)

    def _is_address(self, text: str, match: re.Match[str]) -> bool:
        """Whether a host name without a scheme is an address: "see some-lab.edu/x", but not "on Last.fm"."""
        host = match["host"]
        if host != host.lower() or not re.search(r"[a-z]{2}", host) or re.fullmatch(r"[a-z]\.[a-z]+", host):
            return False
        before = text[max(0, match.start() - 20) : match.start()]
        return match["path"] is not None or self._after.search(before) is not None

    def _read_body(self, text: str, body: int, limit: int) -> tuple[list[tuple[int, int]], int]:
        """Return the spans that make up the address behind its scheme, blanks left out, and its end."""
        pieces: list[tuple[int, int]] = []
        at = body
        if broken := self._broken_host.match(text, body, limit):
            for part in re.finditer(r"\S+", broken[0]):
                pieces.append((body + part.start(), body + part.end()))
            at = broken.end()
            if re.match(r"\s/\s?[A-Za-z0-9]", text[at : at + 3]):
                at += 1
        while True:
            run = _BODY.match(text, at, limit)
            if run is not None:
                stop = run.end()
                if (inner := _INNER.search(text, at + 1, stop)) or (inner := _GLUED.search(text, at, stop + 1)):
                    stop = inner.start()
                    pieces.append((at, stop))
                    return pieces, stop
                pieces.append((at, stop))
                at = stop
            so_far = "".join(text[a:b] for a, b in pieces)
            gap = _GAP.match(text, at, limit)
            if gap is None or not self._goes_on(so_far, text, gap.end(), limit):
                return pieces, at
            at = gap.end()

    def _goes_on(self, so_far: str, text: str, at: int, limit: int) -> bool:
        """Whether the word at ``at`` is the rest of an address that a blank broke."""
        word = _PATH_WORD.match(text, at, limit)
        host, _, path = so_far.partition("/")
        rule = self._rule(host, "/" + path)
        if rule is None or not rule.owner:
            return False
        parts = [p for p in path.split("/") if p]
        wanted = 3 if parts and parts[0] in rule.prefixes else 2
        if so_far.endswith("/") and len(parts) < wanted and "/" in so_far:
            return word is not None and word[0].lower().rstrip(".") not in _STOP_WORDS
        if not so_far.endswith("/") and len(parts) < wanted and text[at : at + 1] == "/":
            return re.match(r"/\s?[A-Za-z0-9]", text[at : at + 3]) is not None
        if so_far.endswith(("-", "_")) and len(parts) == wanted:
            return word is not None
        return False

    @staticmethod
    def _closing_brace(document: Document, start: int, end: int) -> int:
        """Return where the LaTeX group that holds the address ends: ``\\url{https://a.example/b}Code`` ends before Code."""
        raw = document.evidence(start, end)
        if "}" not in raw.quote:
            return end
        depth = 0
        for index, character in enumerate(raw.quote):
            depth += (character == "{") - (character == "}")
            if depth < 0:
                stop = raw.start + index
                while end > start + 1 and document.evidence(end - 1, end).start >= stop:
                    end -= 1
                break
        return end

    def _rule(self, host: str, path: str) -> HostRule | None:
        host = host.lower().split("@")[-1].split(":")[0].removeprefix("www.")
        labels = host.split(".")
        suffixes = {".".join(labels[i:]) for i in range(len(labels) - 1)}
        for rule in self._rules:
            by_name = any(h in suffixes for h in rule.hosts) and not (rule.owner and host not in rule.hosts)
            if not by_name and rule.labels:
                by_name = any(pattern.fullmatch(host) for pattern, owner in self._labels if owner is rule)
            if by_name and (rule.path is None or self._paths[rule.id].match(path)):
                return rule
        return None

    def classify(self, address: str) -> tuple[LinkKind, str | None, str | None]:
        """Return kind, owner and repository of an address without its scheme."""
        host, _, path = address.partition("/")
        rule = self._rule(host, "/" + path)
        if rule is None or rule.kind is None:
            return "project_page", None, None
        if not rule.owner:
            return rule.kind, None, None
        parts = [p for p in re.split(r"[?#]", path, maxsplit=1)[0].split("/") if p]
        if parts and parts[0] in rule.prefixes:
            parts = parts[1:]
        if parts and parts[0] in rule.reserved:
            return rule.kind, None, None
        owner = parts[0] if parts else None
        repo = parts[1].removesuffix(".git").rstrip(".") if len(parts) > 1 else None
        return rule.kind, owner, repo or None

    def holds_code(self, link: LinkCandidate) -> bool:
        """Whether the host of a link is one where code stands unless the text says otherwise."""
        host, _, path = link.url.split("://", 1)[1].partition("/")
        rule = self._rule(host, "/" + path)
        return rule is not None and rule.code


def _trimmed(address: str) -> str:
    """Return the address without what the sentence put behind it: stops, quotes, brackets that it did not open."""
    for closing, opening in _OPENERS.items():
        depth = 0
        for index, character in enumerate(address):
            depth += (character == opening) - (character == closing)
            if depth < 0:
                address = address[:index]
                break
    return re.sub(r"[.,;:!?'*()\[\]&\-~]+$", "", address)


def _end_of(text: str, pieces: Iterable[tuple[int, int]], length: int) -> int:
    """Return the offset in ``text`` behind the first ``length`` characters of ``pieces``."""
    end = 0
    for start, stop in pieces:
        if length <= 0:
            break
        end = min(stop, start + length)
        length -= stop - start
    return end
