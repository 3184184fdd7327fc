"""Which words could be a name: candidates by shape, by list, by definition and by the title's "NAME: ...".

Nothing is decided here. A :class:`Mention` is one place of the text, with what stands round it.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import accumulate, chain, compress, count
from operator import attrgetter

from extractor.document import Document
from extractor.passes.names.definitions import long_form_after, long_form_before
from extractor.passes.names.lexicon import NOTHING, Known, Lexicon
from extractor.passes.names.words import ANALYSED, Word, name_key

MAX_WORDS = 5
NUMBERED = frozenset(["task", "track", "subtask"])
LONG_NAMED = frozenset("challenge benchmark corpus dataset suite treebank competition task database collection".split())
_USABLE, _LOWER, _PRE = attrgetter("usable"), attrgetter("lower"), attrgetter("pre")
GRADES = frozenset("tiny small base medium large huge xl xxl".split())


@dataclass(slots=True)
class Group:
    """Names side by side ("A, B and C data sets"): word span, and how many members a list knows as what."""

    first: int
    last: int
    members: int = 1
    known_models: int = 0
    known_datasets: int = 0


@dataclass(slots=True, eq=False)
class Mention:
    """One place that could hold a name: words ``first:last``, characters ``start:end`` of the document's text."""

    first: int
    last: int
    start: int
    end: int
    name: str
    key: str
    known: Known
    group: Group
    run: tuple[int, int]
    title: bool = False
    before_colon: bool = False
    bracketed: bool = False
    long_form: tuple[int, int] | None = None  # characters
    long_first: int | None = None  # the long form's first word, if it stands before
    is_long_form: bool = False
    inside_long_form: bool = False
    votes: list[tuple[str, str, float]] = field(default_factory=list)  # kind, rule, confidence


@dataclass(slots=True)
class Spans:
    """All candidates of a document and the words that they stand among."""

    document: Document
    words: list[Word]
    lower: list[str]  # the words in lower case
    starts: list[int]
    sentence: list[int]
    sentence_first: list[int]
    title_words: int
    mentions: list[Mention]
    by_span: dict[tuple[int, int], Mention]
    by_start: dict[int, list[Mention]]

    def add(self, first: int, last: int, lexicon: Lexicon, group: Group | None = None) -> Mention:
        """Return the mention of the words ``first:last``, made if it is not there yet."""
        mention = self.by_span.get((first, last))
        if mention is not None:
            return mention
        start = self.starts[first]
        end = self.starts[last - 1] + len(self.words[last - 1].core)
        name = self.document.text[start:end]
        mention = Mention(
            first,
            last,
            start,
            end,
            name,
            name_key(name),
            lexicon.look_up(name),
            group or Group(first, last),
            (first, last),
        )
        mention.title = start < self.document.title_end
        self.mentions.append(mention)
        self.by_span[first, last] = mention
        self.by_start.setdefault(start, []).append(mention)
        return mention


def find_spans(document: Document, lexicon: Lexicon, common: frozenset[str]) -> Spans:
    """Return the candidates of ``document``; ``common`` are ordinary English words, lower case."""
    tokens = document.text.replace("\n", " ").split(" ")
    analysed = list(map(ANALYSED.__getitem__, tokens))
    words = list(chain.from_iterable(analysed))
    lengths = accumulate(map(len, tokens), initial=0)  # the blank behind each token is counted by its number
    starts = [at + n + word.start for n, (at, of_token) in enumerate(zip(lengths, analysed)) for word in of_token]  # noqa: B905
    sentence: list[int] = []
    sentence_first: list[int] = []
    for number, (begin, _) in enumerate(document.sentences):
        index = bisect_left(starts, begin)
        sentence.extend([number - 1] * (index - len(sentence)))
        sentence_first.append(index)
    sentence.extend([len(sentence_first) - 1] * (len(words) - len(sentence)))
    title_words = bisect_left(starts, document.title_end) if document.title_end else 0
    spans = Spans(document, words, list(map(_LOWER, words)), starts, sentence, sentence_first, title_words, [], {}, {})
    runs = _runs(spans, lexicon, common)
    for group, members in _groups(spans, runs):
        for run in members:
            _subspans(spans, run, group, lexicon, common)
    _irregular(spans, lexicon)
    _title_prefix(spans, lexicon)
    _definitions(spans, lexicon)
    return spans


def _runs(spans: Spans, lexicon: Lexicon, common: frozenset[str]) -> list[tuple[int, int]]:
    words = spans.words
    heading = words[: spans.title_words]
    capitals = sum(w.kind == "C" for w in heading)
    title_case = capitals >= 3 and capitals * 2 > sum(len(w.core) > 3 for w in heading)
    marked = list(compress(count(), map(_USABLE, words)))
    usable = set(marked)
    if title_case:
        usable.difference_update(
            [i for i in marked if i < spans.title_words and words[i].kind == "C" and words[i].lower in common]
        )
    for i in marked:  # "SemEval-2017 Task 4"
        if words[i].kind == "N" and i > 1 and words[i - 1].lower in NUMBERED and words[i - 2].kind:
            usable.add(i - 1)
    runs: list[tuple[int, int]] = []
    done = 0
    for i in marked:
        if i < done or i not in usable or words[i].kind in "NS":
            continue
        j = i + 1
        while j in usable and not words[j - 1].post and not words[j].pre and j != spans.title_words:
            j += 1
        runs.append((i, j))
        done = j
    return runs


def _groups(spans: Spans, runs: list[tuple[int, int]]) -> list[tuple[Group, list[tuple[int, int]]]]:
    """Join runs that a comma, a slash or "and" connects."""
    words = spans.words
    groups: list[tuple[Group, list[tuple[int, int]]]] = []
    for first, last in runs:
        if groups:
            group, members = groups[-1]
            between = words[group.last : first]
            glue = words[group.last - 1].post
            joined = (
                (not between and (glue in (",", ";") or words[first].pre in ("/", ",/")))
                or (len(between) == 1 and between[0].lower in ("and", "or", "&", "vs", "versus") and glue in ("", ","))
                or (len(between) == 2 and between[1].lower in ("the",) and between[0].lower in ("and", "or"))
            )
            if joined and spans.sentence[first] == spans.sentence[group.first]:
                group.last = last
                group.members += 1
                members.append((first, last))
                continue
        groups.append((Group(first, last), [(first, last)]))
    return groups


def _subspans(spans: Spans, run: tuple[int, int], group: Group, lexicon: Lexicon, common: frozenset[str]) -> None:
    words = spans.words
    first, last = run
    longest = MAX_WORDS if last - first <= 7 else 3
    opens = first in spans.sentence_first
    counted_model = counted_dataset = False
    for a in range(first, last):
        if words[a].kind in "NS":
            continue
        plain = words[a].kind == "C" and words[a].lower in common
        stop = min(last, a + longest)
        if last > stop and words[last - 1].lower in LONG_NAMED:  # "NTIRE 2025 Raw Image Restoration Challenge"
            stop = min(last, a + 10)
        for b in range(a + 1, stop + 1):
            if b < last and words[b].kind == "S":
                continue
            if plain and a == first and opens and b == a + 1:
                known = lexicon.look_up(words[a].core)
                if known is NOTHING:
                    continue
            mention = spans.add(a, b, lexicon, group)
            mention.run = run
            if (
                b == last
                and b < len(words)
                and words[b].lower in GRADES
                and mention.known.model
                and not words[b - 1].post
            ):
                spans.add(a, b + 1, lexicon, group).run = (first, last + 1)  # "GPT-2 large"
            known = mention.known
            if known is not NOTHING:
                if known.model and not known.model.ambiguous and not counted_model:
                    group.known_models += 1
                    counted_model = True
                if known.dataset and not known.dataset.ambiguous and not counted_dataset:
                    group.known_datasets += 1
                    counted_dataset = True


def _irregular(spans: Spans, lexicon: Lexicon) -> None:
    irregular = lexicon.irregular
    lower = spans.lower
    for i in compress(count(), map(irregular.__contains__, lower)):
        for name in irregular[lower[i]]:
            j = i + len(name)
            if tuple(lower[i:j]) == name and not any(w.post for w in spans.words[i : j - 1]):
                spans.add(i, j, lexicon)
                break


def _title_prefix(spans: Spans, lexicon: Lexicon) -> None:
    words = spans.words
    for i in range(min(spans.title_words, 7)):
        word = words[i]
        cut = i + 1 if ":" in word.post or "—" in word.post or word.post == "–" else 0
        if not cut and i and word.core in ("-", "--", "–", "—", ":", ""):
            cut = i
        if cut:
            if cut < spans.title_words and words[cut - 1].core:
                spans.add(0, cut, lexicon).before_colon = True
                if cut > 1 and words[0].lower in ("the", "a", "introducing", "towards", "toward"):
                    spans.add(1, cut, lexicon).before_colon = True
            return


def _definitions(spans: Spans, lexicon: Lexicon) -> None:
    """Bind acronyms to their long forms: "LONG FORM (NAME)", "NAME (long form)", "NAME: Long Form" in the title."""
    words, text = spans.words, spans.document.text
    n = len(words)
    for i in compress(count(), map(_PRE, words)):
        if not i or "(" not in words[i].pre:
            continue
        j = i + 1
        while j <= n and j - i <= 12 and ")" not in words[j - 1].post:
            j += 1
        if j > n or ")" not in words[j - 1].post:
            continue
        inner = j - i
        begin = spans.sentence_first[spans.sentence[i]]
        if inner <= 3:
            last = i + 1
            while last < j and not words[last - 1].post:
                last += 1
            name = text[spans.starts[i] : spans.starts[last - 1] + len(words[last - 1].core)]
            if words[i - 1].post:
                first = None
            else:
                first = long_form_before(name, [w.core for w in words[begin:i]])
            mention = spans.by_span.get((i, last))
            if mention is None and first is not None and inner > 1:
                mention = spans.add(i, last, lexicon)
            if mention is not None:
                mention.bracketed = True
                if first is not None:
                    _bind(spans, mention, begin + first, i, lexicon)
                    mention.long_first = begin + first
                continue
        if inner >= 2:
            for mention in [m for m in spans.mentions if m.last == i]:
                if long_form_after(mention.name, [w.core for w in words[i:j]]) == inner:
                    _bind(spans, mention, i, j, lexicon)
    for mention in spans.mentions:
        if mention.before_colon:
            rest = [w.core for w in words[mention.last : spans.title_words]]
            if length := long_form_after(mention.name, rest):
                _bind(spans, mention, mention.last, mention.last + length, lexicon)
            break


def _bind(spans: Spans, mention: Mention, first: int, last: int, lexicon: Lexicon) -> None:
    start = spans.starts[first]
    end = spans.starts[last - 1] + len(spans.words[last - 1].core)
    mention.long_form = (start, end)
    for other in spans.mentions:
        if other.start >= start and other.end <= end and other is not mention:
            other.inside_long_form = True
            other.is_long_form = other.start == start and other.end == end
