"""Words with their punctuation and shape, analysed once per distinct token of the whole run.

``text.split`` is the fastest tokenizer there is; what a token looks like is remembered, so an abstract costs one
dictionary look-up a word.
"""

from __future__ import annotations

import re
from functools import lru_cache

FUNCTION_WORDS = frozenset(
    "a an the we our this that these those in on of for to with by from as at is are it its and or but while although though "
    "however moreover furthermore additionally finally first second third then thus therefore hence here there when where which "
    "who what how why if unlike despite given using based both each all many most some several such also can do does not no yet "
    "existing recent previous prior current extensive experiments experimental empirical results code codes our they their them "
    "i one two three to through over under between across via per into after before during since because so than further "
    "specifically notably importantly interestingly overall instead besides including compared".split()
)
_PIECE = re.compile(r"[^\s,;:()\[\]{}\"“”«»—–|=<>≥≤]+|[,;:()\[\]{}\"“”«»—–|=<>≥≤]+")
_PUNCTUATION = frozenset(',;:()[]{}"“”«»—–|=<>≥≤')
_OPENING = "([{'‘’`*$#~“\"«"
_CLOSING = ".,;:!?)]}'’`*$\"”»"
_TAIL = re.compile(
    r"-(?:based|like|style|styled|trained|pretrained|pre-trained|generated|driven|powered|enhanced|level|scale|specific|only|"
    r"derived|finetuned|fine-tuned|aware|guided|augmented|compatible|family|class|equipped|assisted|inspired|related|type|"
    r"initialized|optimized|tuned|annotated|labeled|quantized|compressed|distilled|integrated|enabled|backed|adapted|series|"
    r"centric|oriented|judged|free|agnostic|compliant|distributed|encoded|induced|sized|era|as-a-judge|as-judge|generation|"
    r"in-the-loop|to-image|to-text|to-speech|wise)s?$"
)
_SIZE = re.compile(r"~?\d+(?:\.\d+)?[BMTK]$|\d+x\d+B$|[A-Z]?\d+B-A\d+B$")
_NUMBER = re.compile(r"[vV]?\d+(?:\.\d+){0,2}[a-z]?$|[IVX]{1,4}$")
_QUANTITY = re.compile(
    r"[~≈]?\d[\d.,]*-?(?:[kKMGTmµμn]?(?:Hz|B|b|bps|W|J|s|V|m|g|Wh|FLOPs|FLOPS|bit)|FPS|fps|px|pp|ppm|x|X|K|h|°|%)$"
)
_SPLIT_SLASH = re.compile(r"(?<!-[A-Z])/(?=[\w+])")


class Word:
    """One word of the text; offsets count from the start of its token."""

    __slots__ = ("core", "end", "kind", "lower", "post", "pre", "start", "usable")

    def __init__(self, core: str, start: int, pre: str, post: str) -> None:
        self.core = core
        self.start = start
        self.end = start + len(core)
        self.pre = pre
        self.post = post
        self.lower = core.lower()
        self.kind = shape(core)
        # may be part of a name by its shape: no plain word, no capitalised function word
        self.usable = (
            bool(self.kind) and core not in ("A", "I") and not (self.kind == "C" and self.lower in FUNCTION_WORDS)
        )


def shape(core: str) -> str:
    """Return the shape of a word.

    ``S`` a size (7B), ``N`` a number or version, ``A`` capitals (BERT, CIFAR-10), ``M`` mixed case or letters with
    digits (LLaMA, word2vec), ``C`` a capitalised word, empty for all else.
    """
    if core.isalpha():
        if core.islower():
            return ""
        if core[0].isupper() and core[1:].islower():
            return "C"
    digit = any(map(str.isdigit, core))
    if digit and _SIZE.match(core):
        return "S"
    if _NUMBER.match(core):
        return "N"
    if digit and _QUANTITY.match(core):
        return ""
    upper = sum(map(str.isupper, core))
    letters = sum(map(str.isalpha, core))
    if not letters:
        return ""
    if upper == 0:
        return "M" if digit and not core[0].isdigit() and letters >= 2 else ""
    if core[0].isdigit() and core[1:2] == "-":  # "1-Lipschitz", "3-SAT"
        return "M"
    if upper == letters:
        return "A"
    parts = core.split("-")
    if upper == 1 and core[0].isupper() and not digit:
        return "C"
    if not digit and all(p[:1].isupper() and p[1:].islower() for p in parts):
        return "C"  # Self-Attention
    return "M"


class Analysed(dict[str, tuple[Word, ...]]):
    """Words per token, analysed on first sight; a plain dictionary look-up from then on."""

    def __missing__(self, token: str) -> tuple[Word, ...]:
        """Analyse ``token`` and remember it; forget all when 200,000 tokens are held."""
        if len(self) >= 200_000:
            self.clear()
        words = self[token] = analyse(token)
        return words


ANALYSED = Analysed()


def analyse(token: str) -> tuple[Word, ...]:
    """Return the words of a blank-free token, such as ``("GPT-4",)`` of ``(GPT-4),``."""
    # most tokens are plain, but for a mark behind them: no need to take them to pieces
    core = token[:-1] if token[-1:] in (",", ".") else token
    if core.isalnum():
        return (Word(core, 0, "", token[len(core) :]),)
    words: list[Word] = []
    pre, offset = "", 0
    for m in _PIECE.finditer(token):
        piece = m[0]
        if piece[0] in _PUNCTUATION:
            if words and not pre and m.start() == offset:
                words[-1].post += piece if not m.end() < len(token) else _closing_part(piece)
                pre = _opening_part(piece) if m.end() < len(token) else ""
            else:
                pre += piece
            offset = m.end()
            continue
        offset = m.end()
        start = m.start()
        for part, shift in _slashes(piece):
            body = part.lstrip(_OPENING)
            lead = part[: len(part) - len(body)]
            core = body.rstrip(_CLOSING)
            trail = body[len(core) :]
            if not core:
                pre += part
                continue
            if core.endswith(("'s", "’s")):
                trail = core[-2:] + trail
                core = core[:-2]
            if "-" in core and (tail := _TAIL.search(core)) and tail.start():
                trail = tail[0] + trail
                core = core[: tail.start()]
            before = "/" if shift else ""
            words.append(Word(core, start + shift + len(lead), pre + before + lead, trail))
            pre = ""
    if pre:
        if words:
            words[-1].post += pre
        else:
            words.append(Word("", 0, pre, ""))
    return tuple(words)


def _opening_part(piece: str) -> str:
    return "".join(c for c in piece if c in '([{“«"—–=<>|')


def _closing_part(piece: str) -> str:
    return "".join(c for c in piece if c not in "([{“«")


def _slashes(piece: str) -> list[tuple[str, int]]:
    if "/" not in piece or "//" in piece or piece.count("/") > 6:
        return [(piece, 0)]
    parts = _SPLIT_SLASH.split(piece)
    if not any(c.isupper() or c.isdigit() for c in parts[0]):
        return [(piece, 0)]
    out, shift = [], 0
    for part in parts:
        if part:
            out.append((part, shift))
        shift += len(part) + 1
    return out


@lru_cache(maxsize=200_000)
def name_key(name: str) -> str:
    """Return the name as names are compared: without case, blanks, hyphens, underscores and a plural s."""
    name = name.strip(" .")
    if name.endswith("s") and name[-2:-1].isalpha() and name[-2:-1].isascii():
        name = name[:-1]
    return re.sub(r"[^\w@.+/→]", "", name).replace("_", "").lower()
