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
OWN_WORDS = (
    "our model", "our network", "our method", "our approach", "our framework", "our algorithm", "our benchmark", "our dataset",
    "our system", "our architecture", "parameters", "training-free", "plug-and-play", "pre-train", "architecture",
)  # fmt: skip
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


_EDGE = Word("", 0, "", "")


def mention_features(spans: Spans, m: Mention, look: str, known_as: str) -> list[str]:
    """Return what stands round a mention; ``look`` and ``known_as`` are its shape class and what the lists say."""
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
    out += [f"p1={p1}", f"n1={n1}", f"{known_as}&p1={p1}", f"{known_as}&n1={n1}"]
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
                out += [f"lk={words[back].lower}", f"{known_as}&lk={words[back].lower}"]
                break
    h1 = _after(words, group.last, sentence, here)
    out.append(f"gh={h1}")
    for ahead in range(group.last, min(group.last + 4, n)):
        word = words[ahead]
        if sentence[ahead] != here or words[ahead - 1].post:
            break
        if word.lower in KIND_NOUNS:
            out += [f"rk={word.lower}", f"rd={ahead - group.last}", f"{known_as}&rk={word.lower}"]
            break
    known = m.known
    models = group.known_models - (known.model is not None and not known.model.ambiguous)
    datasets = group.known_datasets - (known.dataset is not None and not known.dataset.ambiguous)
    if models > 0:
        out += ["g:m", f"{known_as}&g:m"]
    if datasets > 0:
        out += ["g:d", f"{known_as}&g:d"]
    for back in range(left - 1, max(begin, left - 14) - 1, -1):
        verb = words[back].lower
        if verb in ANNOUNCING:
            distance = left - back
            bucket = distance if distance <= 2 else 4 if distance <= 4 else 8 if distance <= 8 else 14
            out += [
                f"v={verb}",
                f"vd={bucket}",
                f"vv={verb} {bucket}",
                f"{look}&vd={bucket}",
                f"{known_as}&vd={bucket}",
            ]
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
    if m.bracketed and m.long_form is None:
        out.append(f"nolong&{look}")
    noun = _apposition(spans, m)
    if noun:
        out += [f"ap={noun}", f"{known_as}&ap={noun}"]
    if n1 == "(" and _cited(words, last):
        out.append("cited")
    pre, post = words[first].pre, words[last - 1].post
    if pre and pre[-1] in "\"“'‘`":
        out.append("quoted")
    if post.startswith("-"):
        out.append(f"tail={post[:8]}")
    if post.startswith(("'s", "’s")):
        out.append("poss")
    for kind, rule, _ in m.votes:
        out += [f"vote:{rule}", f"vote:{kind}", f"{look}&vote:{rule}", f"{known_as}&vote:{kind}"]
    return out


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


def paper_features(spans: Spans) -> list[str]:
    """Return what the paper says of its own work, for the names that it seems to propose."""
    lower = spans.document.lower
    return [f"own:{phrase}" for phrase in OWN_WORDS if phrase in lower]


def name_features(
    spans: Spans, mentions: Sequence[Mention], look: str, known_as: str, paper: Sequence[str], around: set[str]
) -> list[str]:
    """Return what all mentions of a name show together; ``around`` are their own features, ``paper`` the paper's."""
    count = f"count={min(len(mentions), 4)}"
    out = [count, f"{look}&{count}", f"{known_as}&{look}", f"look={look}", f"known={known_as}"]
    in_title = any(m.title for m in mentions)
    in_abstract = any(not m.title for m in mentions)
    where = ""
    if in_title:
        where = "t+a" if in_abstract else "t-only"
        out += [where, f"{look}&{where}"]
    first_sentence = min(spans.sentence[m.first] for m in mentions if not m.title) if in_abstract else 0
    total = len(spans.sentence_first)
    out += [f"at={min(first_sentence, 4)}", f"rel={4 * first_sentence // max(total, 1)}"]
    votes = {kind for m in mentions for kind, _, _ in m.votes}
    kinds = "+".join(sorted(votes))
    out += [f"votes:{kinds}", f"{look}&votes:{kinds}", f"{known_as}&votes:{kinds}"]
    colon = any(m.before_colon for m in mentions)
    if colon:
        where = f"colon{where}"
        out += [where, f"{look}&{where}", f"{known_as}&{where}"]
        out += [f"tk={noun}" for noun in _title_nouns(spans, mentions)]
    if "proposed" in votes or colon:
        out += paper
        nouns = {f[3:] for f in around if f.startswith(("ap=", "lf=", "tk=", "rk=", "lk="))}
        kinds = "".join(
            tag
            for tag, group in (("m", MODEL_NOUNS), ("x", METHOD_NOUNS), ("d", SET_NOUNS))
            if not nouns.isdisjoint(group)
        )
        near = {f[3:] for f in around if f.startswith(("ap=", "lf="))}
        if near:
            tag = "m" if not near.isdisjoint(MODEL_NOUNS) else "x" if not near.isdisjoint(METHOD_NOUNS) else "d"
            out += [f"near:{tag}", f"near:{tag}&{kinds}", f"{known_as}&near:{tag}"]
        out += [f"nouns:{kinds}", f"{look}&nouns:{kinds}", f"{known_as}&nouns:{kinds}"]
    return out


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
