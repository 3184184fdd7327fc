"""What the decision sees of a name: its own shape, and what stands round each of its mentions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractor.passes.names.lexicon import NOTHING, Known
from extractor.passes.names.spans import Mention, Spans
from extractor.passes.names.words import Word

ANNOUNCING = frozenset(
    "propose proposes proposed proposing introduce introduces introduced introducing present presents presented presenting "
    "develop develops developed design designs designed devise devised release releases released releasing construct constructs "
    "constructed build builds built create creates created curate curated collect collected contribute contributes describe "
    "describes establish established unveil call called name named term termed dub dubbed coin coined implement implements "
    "formulate derive derived combine combines".split()
)
KIND_NOUNS = frozenset(
    "dataset datasets benchmark benchmarks corpus corpora challenge challenges treebank suite suites testbed leaderboard collection "
    "data set sets test task tasks model models network networks architecture architectures backbone backbones encoder encoders "
    "decoder transformer codec codecs llm llms vlms algorithm algorithms method methods framework frameworks approach approaches "
    "technique optimizer optimizers library toolkit package platform system systems tool loss metric metrics score scores module "
    "pipeline strategy mechanism agent agents environment environments languages language competition games simulator images "
    "videos baseline baselines checkpoints variants series family families generator detector classifier layer block".split()
)
_SHAPE = [
    (re.compile(r"[A-Z]{2,}"), "A"),
    (re.compile(r"[A-Z]"), "X"),
    (re.compile(r"[a-z]+"), "x"),
    (re.compile(r"\d+"), "0"),
]


def shape_of(name: str) -> str:
    """Return the compressed shape: "LLaMA-7B" is "AxX-0X"."""
    for pattern, letter in _SHAPE:
        name = pattern.sub(letter, name)
    return name[:12]


def known_features(known: Known) -> list[str]:
    """Return what the lists say."""
    if known is NOTHING:
        return ["k:none"]
    out = []
    for tag, entry in (("m", known.model), ("d", known.dataset), ("bm", known.base_model), ("bd", known.base_dataset)):
        if entry is not None:
            out.append(f"k:{tag}{'?' if entry.ambiguous else ''}")
    return out


def own_features(name: str, key: str, non_name: bool, common: frozenset[str]) -> list[str]:
    """Return what the string itself shows."""
    words = name.split()
    lower = [w.lower() for w in words]
    padded = f"^{key}$"
    out = [
        "bias",
        f"sh={shape_of(name)}",
        f"nw={len(words)}",
        f"len={min(len(key), 12)}",
        f"w0={lower[0]}",
        f"wl={lower[-1]}",
    ]
    out += [f"w={w}" for w in lower]
    out += [f"c={padded[i : i + 3]}" for i in range(len(padded) - 2)]
    out += [f"c={padded[i : i + 4]}" for i in range(len(padded) - 3)]
    out += [f"s={key[-n:]}" for n in (2, 5, 6) if len(key) > n]
    if non_name:
        out.append("k:not")
    plain = sum(w in common for w in lower)
    if plain:
        out.append(f"common={min(plain, 3)}{'*' if plain == len(words) else ''}")
    if name[:1].islower():
        out.append("lc0")
    return out


_EDGE = Word("", 0, "", "")


def mention_features(spans: Spans, m: Mention) -> list[str]:
    """Return what stands round a mention."""
    words, sentence = spans.words, spans.sentence
    first, last = m.first, m.last
    here = sentence[first]
    begin = spans.sentence_first[here]
    n = len(words)
    out: list[str] = []
    left = m.long_first if m.long_first is not None else first
    p1 = _before(words, left, begin)
    p2 = _before(words, left - 1, begin) if p1 not in ("<s>",) and p1[0].isalpha() else ""
    n1 = _after(words, last, sentence, here)
    n2 = _after(words, last + 1, sentence, here) if n1[0].isalpha() else ""
    out += [f"p1={p1}", f"n1={n1}"]
    if p2:
        out += [f"p2={p2}", f"pp={p2} {p1}"]
    if n2:
        out += [f"n2={n2}", f"nn={n1} {n2}"]
    run_first, run_last = m.run
    if first > run_first:
        out += ["in:left", f"rl={words[first - 1].lower}"]
    if last < run_last:
        out += ["in:right", f"rr={words[last].lower}"]
    group = m.group
    if group.members > 1:
        out.append(f"gn={min(group.members, 4)}")
    g1 = _before(words, group.first, begin)
    out.append(f"gl={g1}")
    if g1[0].isalpha():
        g2 = _before(words, group.first - 1, begin)
        out.append(f"gll={g2} {g1}")
    if group.first:
        # "data sets, including A", "models (A": the nearest noun of kind before the list
        for back in range(group.first - 1, max(begin, group.first - 5) - 1, -1):
            if words[back].lower in KIND_NOUNS:
                out.append(f"lk={words[back].lower}")
                break
    h1 = _after(words, group.last, sentence, here)
    out.append(f"gh={h1}")
    for ahead in range(group.last, min(group.last + 4, n)):
        word = words[ahead]
        if sentence[ahead] != here or words[ahead - 1].post:
            break
        if word.lower in KIND_NOUNS:
            out.append(f"rk={word.lower}")
            out.append(f"rd={ahead - group.last}")
            break
    known = m.known
    models = group.known_models - (known.model is not None and not known.model.ambiguous)
    datasets = group.known_datasets - (known.dataset is not None and not known.dataset.ambiguous)
    if models > 0:
        out.append("g:m")
    if datasets > 0:
        out.append("g:d")
    for back in range(left - 1, max(begin, left - 14) - 1, -1):
        verb = words[back].lower
        if verb in ANNOUNCING:
            distance = left - back
            bucket = distance if distance <= 2 else 4 if distance <= 4 else 8 if distance <= 8 else 14
            out += [f"v={verb}", f"vd={bucket}", f"vv={verb} {bucket}"]
            subject = words[back - 1].lower if back > begin else ""
            if subject in ("we", "paper", "work", "is", "are", "to", "and", "was", "been"):
                out.append(f"vs={subject}")
            break
    if m.before_colon:
        out.append("colon")
    if m.title:
        out.append("title")
    if m.bracketed:
        out.append("bracket")
    if m.long_form is not None:
        tail = spans.document.text[m.long_form[0] : m.long_form[1]].rsplit(None, 1)[-1].lower()
        out += ["long", f"lf={tail}", f"lp={p1}"]
    if m.is_long_form:
        out.append("islong")
    elif m.inside_long_form:
        out.append("inlong")
    pre, post = words[first].pre, words[last - 1].post
    if pre and pre[-1] in "\"“'‘`":
        out.append("quoted")
    if post.startswith("-"):
        out.append(f"tail={post[:8]}")
    if post.startswith(("'s", "’s")):
        out.append("poss")
    for kind, rule, _ in m.votes:
        out += [f"vote:{rule}", f"vote:{kind}"]
    return out


def name_features(spans: Spans, mentions: Sequence[Mention]) -> list[str]:
    """Return what all mentions of a name show together."""
    out = [f"count={min(len(mentions), 4)}"]
    in_title = any(m.title for m in mentions)
    in_abstract = any(not m.title for m in mentions)
    if in_title:
        out.append("t+a" if in_abstract else "t-only")
    first_sentence = min(spans.sentence[m.first] for m in mentions if not m.title) if in_abstract else 0
    total = len(spans.sentence_first)
    out.append(f"at={min(first_sentence, 4)}")
    out.append(f"rel={4 * first_sentence // max(total, 1)}")
    votes = {kind for m in mentions for kind, _, _ in m.votes}
    if votes:
        out.append("votes:" + "+".join(sorted(votes)))
    if any(m.before_colon for m in mentions):
        out.append("colon+a" if in_abstract else "colon-only")
    return out


def _before(words: list[Word], index: int, begin: int) -> str:
    """Return the word or the punctuation before ``index``."""
    if index <= begin:
        return "<s>"
    previous = words[index - 1]
    mark = previous.post or words[index].pre
    if mark:
        return mark[-1]
    return previous.lower or "—"


def _after(words: list[Word], index: int, sentence: list[int], here: int) -> str:
    mark = words[index - 1].post
    if mark and not mark.startswith("-"):
        return mark[0]
    if index >= len(words) or sentence[index] != here:
        return "</s>"
    if words[index].pre:
        return words[index].pre[0]
    return words[index].lower or "—"
