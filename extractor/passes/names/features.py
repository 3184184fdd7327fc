"""What the decision sees of a name: its own shape, and what stands round each of its mentions.

An observation is a part, a tuple of words; :func:`spell` turns parts into features. A batch meets the same parts again
and again, so their weights are looked up once (:class:`extractor.passes.names.model.NameModel`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence

from extractor.passes.names.lexicon import NOTHING, Known
from extractor.passes.names.spans import Mention, Spans
from extractor.passes.names.surroundings import KIND_NOUNS, Part, Surroundings
from extractor.passes.names.words import Word

NOUN_AT = {"apposition": 2, "long": 1, "left noun": 2, "right noun": 2}  # where a part holds its noun
SUBJECTS = frozenset(["we", "paper", "work", "is", "are", "to", "and", "was", "been"])
PHRASE_END = frozenset(
    "that which for to with via by in on of from using where whose designed based built trained and is as".split()
)
MODEL_NOUNS = frozenset(
    "model models network networks architecture architectures backbone encoder encoders decoder transformer codec codecs llm llms "
    "vlm mllm vla autoencoder detector generator classifier vocoder tokenizer gan".split()
)
METHOD_NOUNS = frozenset(
    "algorithm algorithms method methods framework frameworks approach technique optimizer library toolkit package platform system "
    "systems tool loss metric score module pipeline strategy mechanism agent paradigm scheme layer block recipe".split()
)
SET_NOUNS = frozenset(
    "dataset datasets benchmark benchmarks corpus corpora challenge treebank suite testbed collection".split()
)
NOUN_KINDS = (("m", MODEL_NOUNS), ("x", METHOD_NOUNS), ("d", SET_NOUNS))
_SHAPE = [
    (re.compile(r"[A-Z]+"), "X"),
    (re.compile(r"[a-z]+"), "x"),
    (re.compile(r"\d+"), "0"),
]


def shape_of(name: str) -> str:
    """Return the compressed shape: "LLaMA-7B" is "XxX-0X"."""
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


def shape_class(name: str, common: frozenset[str]) -> str:
    """Return a coarse class of the name's look: acronym, mixed case, capitalised, common words, several words."""
    words = name.split()
    if len(words) > 1:
        plain = sum(w.lower() in common or (w.islower()) for w in words)
        if plain == len(words):
            return "words" if name[:1].isupper() else "lower"
        return f"multi{min(len(words), 3)}" if plain else "multi"
    if name.islower() and name.isalpha():
        return "low"
    if name.isupper() or (name[:-1].isupper() and name[-1:] == "s"):
        return "acr" if name.isalpha() else "acr0"
    if name.istitle() and name.isalpha():
        return "com" if name.lower() in common else "cap"
    if "-" in name and all(w.lower() in common for w in name.split("-")):
        return "hyph"
    return "mix" if name.isalpha() else "mix0"


def known_class(known: Known, non_name: bool) -> str:
    """Return one letter or two for what the lists say."""
    if known is NOTHING:
        return "N" if non_name else "U"
    model, dataset = known.model, known.dataset
    if model and dataset:
        return "MD"
    if model:
        return "M?" if model.ambiguous else "M"
    if dataset:
        return "D?" if dataset.ambiguous else "D"
    return "BM" if known.base_model else "BD"


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


def mention_parts(around: Surroundings, m: Mention, look: str, known_as: str) -> list[Part]:
    """Return what stands round a mention, as parts; ``look`` is its shape class, ``known_as`` what the lists say."""
    spans, nouns = around.spans, around.nouns
    words, lower, sentence = spans.words, spans.lower, spans.sentence
    first, last = m.first, m.last
    here = sentence[first]
    begin = spans.sentence_first[here]
    left = first if m.long_first is None else m.long_first
    p1 = _before(words, left, begin)
    p2 = _before(words, left - 1, begin) if p1 != "<s>" and p1[0].isalpha() else ""
    n1 = _after(words, last, sentence, here)
    n2 = _after(words, last + 1, sentence, here) if n1[0].isalpha() else ""
    out: list[Part] = [("left", known_as, p1, p2), ("right", known_as, n1, n2)]
    run_first, run_last = m.run
    if first > run_first:
        out.append(("in left", lower[first - 1]))
    if last < run_last:
        out.append(("in right", lower[last]))
    group = m.group
    if group.members > 1:
        out.append(("members", str(min(group.members, 4))))
    group_first, group_last = group.first, group.last
    if group_first == left:
        g1, g2 = p1, p2
    else:
        g1 = _before(words, group_first, begin)
        g2 = _before(words, group_first - 1, begin) if g1 != "<s>" and g1[0].isalpha() else ""
    out.append(("group", g1, g2, n1 if group_last == last else _after(words, group_last, sentence, here)))
    # "data sets, including A", "models (A": the nearest noun of kind before the list
    at = bisect_left(nouns, group_first)
    if at and nouns[at - 1] >= max(begin, group_first - 5):
        out.append(("left noun", known_as, lower[nouns[at - 1]]))
    while at < len(nouns) and nouns[at] < group_last:
        at += 1
    if at < len(nouns) and (noun_at := nouns[at]) < group_last + 4:
        for ahead in range(group_last, noun_at + 1):
            if sentence[ahead] != here or words[ahead - 1].post:
                break
        else:
            out.append(("right noun", known_as, lower[noun_at], str(noun_at - group_last)))
    known = m.known
    if group.known_models > (known.model is not None and not known.model.ambiguous):
        out.append(("beside", known_as, "m"))
    if group.known_datasets > (known.dataset is not None and not known.dataset.ambiguous):
        out.append(("beside", known_as, "d"))
    at = bisect_left(around.announcing, left)
    if at and (back := around.announcing[at - 1]) >= max(begin, left - 14):
        distance = left - back
        bucket = distance if distance <= 2 else 4 if distance <= 4 else 8 if distance <= 8 else 14
        subject = lower[back - 1] if back > begin else ""
        out.append(("verb", look, known_as, lower[back], str(bucket), subject if subject in SUBJECTS else ""))
    if m.before_colon:
        out.append(("is", "colon"))
    if m.title:
        out.append(("is", "title"))
    if m.bracketed:
        out.append(("is", "bracket"))
        if m.long_form is None:
            out.append(("is", f"nolong&{look}"))
    if m.long_form is not None:
        tail = spans.document.text[m.long_form[0] : m.long_form[1]].rsplit(None, 1)[-1].lower()
        out.append(("long", tail, p1))
    if m.inside_long_form:
        out.append(("is", "islong" if m.is_long_form else "inlong"))
    noun = _apposition(spans, m)
    if noun:
        out.append(("apposition", known_as, noun))
    if n1 == "(" and _cited(words, last):
        out.append(("is", "cited"))
    pre, post = words[first].pre, words[last - 1].post
    if pre and pre[-1] in "\"“'‘`":
        out.append(("is", "quoted"))
    if post.startswith("-"):
        out.append(("is", f"tail={post[:8]}"))
    elif post.startswith(("'s", "’s")):
        out.append(("is", "poss"))
    for kind, rule, _ in m.votes:
        out.append(("vote", look, known_as, kind, rule))
    return out


def name_parts(
    around: Surroundings, mentions: Sequence[Mention], look: str, known_as: str, found: Collection[Part]
) -> list[Part]:
    """Return what all mentions of a name show together; ``found`` are their own parts."""
    spans = around.spans
    in_title = in_abstract = colon = False
    votes: set[str] = set()
    first_sentence = 0
    for m in mentions:
        if m.title:
            in_title = True
        else:
            sentence = spans.sentence[m.first]
            if not in_abstract or sentence < first_sentence:
                first_sentence = sentence
            in_abstract = True
        if m.before_colon:
            colon = True
        for kind, _, _ in m.votes:
            votes.add(kind)
    where = ("t+a" if in_abstract else "t-only") if in_title else ""
    total = len(spans.sentence_first)
    out: list[Part] = [
        ("name", look, known_as, str(min(len(mentions), 4)), where),
        ("place", str(min(first_sentence, 4)), str(4 * first_sentence // max(total, 1))),
        ("votes", look, known_as, "+".join(sorted(votes))),
    ]
    if colon:
        out.append(("colon", look, known_as, f"colon{where}"))
        out += [("title noun", noun) for noun in _title_nouns(spans, mentions)]
    if "proposed" in votes or colon:
        out += around.paper
        near = {part[NOUN_AT[part[0]]] for part in found if part[0] in ("apposition", "long")}
        nouns = {part[NOUN_AT[part[0]]] for part in found if part[0] in NOUN_AT}
        kinds = "".join(tag for tag, group in NOUN_KINDS if not nouns.isdisjoint(group))
        tag = next((tag for tag, group in NOUN_KINDS if not near.isdisjoint(group)), "d") if near else ""
        out.append(("nouns", look, known_as, kinds, tag))
    return out


def spell(part: Part) -> list[str]:
    """Return the features of a part: the one place that says how the words of a part are combined."""
    kind, *a = part
    match kind:
        case "left":
            known_as, p1, p2 = a
            return [f"p1={p1}", f"{known_as}&p1={p1}", *([f"p2={p2}", f"pp={p2} {p1}"] if p2 else [])]
        case "right":
            known_as, n1, n2 = a
            return [f"n1={n1}", f"{known_as}&n1={n1}", *([f"n2={n2}", f"nn={n1} {n2}"] if n2 else [])]
        case "in left":
            return ["in:left", f"rl={a[0]}"]
        case "in right":
            return ["in:right", f"rr={a[0]}"]
        case "members":
            return [f"gn={a[0]}"]
        case "group":
            g1, g2, h1 = a
            return [f"gl={g1}", f"gh={h1}", *([f"gll={g2} {g1}"] if g2 else [])]
        case "left noun":
            return [f"lk={a[1]}", f"{a[0]}&lk={a[1]}"]
        case "right noun":
            return [f"rk={a[1]}", f"rd={a[2]}", f"{a[0]}&rk={a[1]}"]
        case "beside":
            return [f"g:{a[1]}", f"{a[0]}&g:{a[1]}"]
        case "verb":
            look, known_as, verb, far, subject = a
            out = [f"v={verb}", f"vd={far}", f"vv={verb} {far}", f"{look}&vd={far}", f"{known_as}&vd={far}"]
            return [*out, f"vs={subject}"] if subject else out
        case "is":
            return [a[0]]
        case "long":
            return ["long", f"lf={a[0]}", f"lp={a[1]}"]
        case "apposition":
            return [f"ap={a[1]}", f"{a[0]}&ap={a[1]}"]
        case "vote":
            look, known_as, what, rule = a
            return [f"vote:{rule}", f"vote:{what}", f"{look}&vote:{rule}", f"{known_as}&vote:{what}"]
        case "name":
            look, known_as, count, where = a
            out = [f"count={count}", f"{look}&count={count}", f"{known_as}&{look}"]
            return [*out, f"look={look}", f"known={known_as}", *([where, f"{look}&{where}"] if where else [])]
        case "place":
            return [f"at={a[0]}", f"rel={a[1]}"]
        case "votes":
            return [f"votes:{a[2]}", f"{a[0]}&votes:{a[2]}", f"{a[1]}&votes:{a[2]}"]
        case "colon":
            return [a[2], f"{a[0]}&{a[2]}", f"{a[1]}&{a[2]}"]
        case "title noun":
            return [f"tk={a[0]}"]
        case "nouns":
            look, known_as, kinds, tag = a
            out = [f"nouns:{kinds}", f"{look}&nouns:{kinds}", f"{known_as}&nouns:{kinds}"]
            return [*out, f"near:{tag}", f"near:{tag}&{kinds}", f"{known_as}&near:{tag}"] if tag else out
    raise ValueError(f"no such part: {part!r}")


def _apposition(spans: Spans, m: Mention) -> str:
    """Return the noun of kind in "NAME, a fast optical flow network": the last before the phrase ends."""
    words = spans.words
    at = m.last
    here = spans.sentence[m.first]
    if m.long_form is not None and m.long_first is None and at < len(words) and "(" in words[at].pre:
        while at < len(words) and ")" not in words[at].post:
            at += 1
        at += 1
    if at >= len(words) or spans.sentence[at] != here:
        return ""
    if words[at].lower in ("is", "are"):
        at += 1
    elif not words[at - 1].post and words[at].core not in ("-", "--", "–", "—", ""):
        return ""
    elif not words[at].core or words[at].core in ("-", "--", "–", "—"):
        at += 1
    if at >= len(words) or words[at].lower not in ("a", "an", "the", "our"):
        return ""
    found = ""
    for word in words[at + 1 : at + 12]:
        if word.lower in PHRASE_END:
            break
        if word.lower in KIND_NOUNS or word.lower in MODEL_NOUNS or word.lower in METHOD_NOUNS:
            found = word.lower
        if word.post and word.post[0] in ",.;:)":
            break
    return found


def _cited(words: list[Word], at: int) -> bool:
    """Tell whether a bracket with "et al." or a year follows."""
    for word in words[at : at + 8]:
        if word.lower == "al" or (len(word.core) >= 4 and word.core[:2] in ("19", "20") and word.core[:4].isdigit()):
            return True
        if ")" in word.post:
            break
    return False


def _title_nouns(spans: Spans, mentions: Sequence[Mention]) -> list[str]:
    """Return the nouns of kind in the title behind "NAME:", up to "for" and the like."""
    mention = next(m for m in mentions if m.before_colon)
    out: list[str] = []
    for word in spans.words[mention.last : spans.title_words]:
        if word.lower in PHRASE_END and out:
            break
        if word.lower in KIND_NOUNS or word.lower in ("benchmarking", "benchmark", "learning", "decoding", "attention"):
            out.append(word.lower)
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
