"""Names of models, data sets and proposals: candidates by shape and list, cues, a learned decision, one resolution.

The steps, each a module: ``words`` and ``spans`` (what could be a name), ``lexicon`` (what the lists know),
``cues`` (what the rules announce), ``surroundings``, ``features`` and ``model`` (the trained decision), ``resolve`` (who wins, why).
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from operator import attrgetter

from extractor.document import Document
from extractor.passes.candidates import Names
from extractor.passes.names.cues import Cues
from extractor.passes.names.features import (
    known_class,
    known_features,
    mention_parts,
    name_parts,
    own_features,
    shape_class,
    spell,
)
from extractor.passes.names.lexicon import Lexicon
from extractor.passes.names.model import SCALE, NameModel, Vector, common_words, load_model
from extractor.passes.names.resolve import Name, build, decide, rule_confidence, settle
from extractor.passes.names.spans import Spans, find_spans
from extractor.passes.names.surroundings import Part, Surroundings
from extractor.rulebook import RuleSet
from extractor.rulebook.names import DatasetRule, ModelRule, ProposedRule

__all__ = ["NamesPass"]

RULE_THRESHOLDS = {"model": 0.5, "dataset": 0.5, "proposed": 0.7}
# log odds of the bare string below which, without any cue, the context is not read: costs 5 of 1,984 names
HOPELESS = -3.0
_PLACE = attrgetter("start", "end")
MODEL_THRESHOLDS = {"model": 0.48, "dataset": 0.42, "proposed": 0.42}


class NamesPass:
    """Finds the names of a document; a pure function of its text.

    Args:
        rules: the rule book.
        ner: whether the trained model decides; without it rules decide alone.
        model: weights other than the shipped ones (training and tests).
    """

    def __init__(self, rules: RuleSet, *, ner: bool = True, model: NameModel | None = None) -> None:
        models = rules.section("models", ModelRule)
        datasets = rules.section("datasets", DatasetRule)
        self.lexicon = Lexicon(models, datasets)
        self._cues = Cues(models, datasets, rules.section("proposed", ProposedRule))
        self._common = common_words()
        self._model = (model or load_model()) if ner else None
        self._own = lru_cache(maxsize=200_000)(self._own_score)
        self._look = lru_cache(maxsize=200_000)(lambda name: shape_class(name, self._common))

    def __call__(self, document: Document) -> Names:
        """Return the names of ``document``, at most one candidate per kind and distinct name."""
        spans, names = self.candidates(document)
        thresholds = RULE_THRESHOLDS
        if self._model is not None:
            thresholds = MODEL_THRESHOLDS
            around = Surroundings(spans)
            for name in names:
                name.model = self._score(around, name)
        else:  # a part of a long form is no name of its own; the model sees that, the rules do not
            names = [n for n in names if not all(m.inside_long_form and not m.is_long_form for m in n.mentions)]
        decide(names, thresholds)
        settle(names)
        return build(spans, names, self.lexicon)

    def candidates(self, document: Document) -> tuple[Spans, list[Name]]:
        """Return all that could be a name, with the votes of the rules, undecided."""
        spans = find_spans(document, self.lexicon, self._common)
        self._cues.vote(spans, self.lexicon)
        groups: dict[str, Name] = {}
        for mention in sorted(spans.mentions, key=_PLACE):
            if mention.key:  # "mbrs" the library is not "MBR" the method
                surface = mention.name
                group = mention.key + "~" if surface.islower() and surface.isalpha() else mention.key
                name = groups.get(group)
                if name is None:
                    groups[group] = Name(mention.key, [mention])
                else:
                    name.mentions.append(mention)
        names = list(groups.values())
        for name in names:
            if name.key not in self.lexicon.never or any(m.before_colon for m in name.mentions):
                name.rules = rule_confidence(name)
        return spans, names

    def features(
        self, spans: Spans, name: Name, non_names: frozenset[str] = frozenset()
    ) -> tuple[list[str], list[str]]:
        """Return the features of a name: those of its string, and those of its place in the text."""
        first = name.mentions[0]
        non_name = name.key in non_names
        own = own_features(first.name, name.key, non_name, self._common) + known_features(first.known)
        parts = self.parts(Surroundings(spans), name, known_class(first.known, non_name))
        return own, sorted({feature for part in parts for feature in spell(part)})

    def parts(self, around: Surroundings, name: Name, known_as: str) -> Collection[Part]:
        """Return what the places of a name show, each once."""
        look = self._look(name.mentions[0].name)
        if _alone(name):
            alone = mention_parts(around, name.mentions[0], look, known_as)
            return alone + name_parts(around, name.mentions, look, known_as, alone)
        found: set[Part] = set()
        for mention in name.mentions:
            found.update(mention_parts(around, mention, look, known_as))
        found.update(name_parts(around, name.mentions, look, known_as, found))
        return found

    def _own_score(self, surface: str, key: str) -> tuple[Vector, bool]:
        """Return the score of the bare string, and whether it is hopeless without a cue."""
        assert self._model is not None
        known = known_features(self.lexicon.look_up(surface))
        own = own_features(surface, key, key in self._model.non_names, self._common)
        total = self._model.total(set(own) | set(known))
        return total, all(
            slope * score / SCALE + shift < HOPELESS
            for score, (slope, shift) in zip(total, self._model.calibration, strict=True)
        )

    def _score(self, around: Surroundings, name: Name) -> tuple[float, float, float]:
        model = self._model
        assert model is not None
        first = name.mentions[0]
        own, hopeless = self._own(first.name, name.key)
        if hopeless and not any(m.votes or m.before_colon or m.bracketed for m in name.mentions):
            return 0.0, 0.0, 0.0
        known_as = known_class(first.known, name.key in model.non_names)
        context = model.total_of_parts(self.parts(around, name, known_as), disjoint=_alone(name))
        return (
            model.probability(0, own[0] + context[0]),
            model.probability(1, own[1] + context[1]),
            model.probability(2, own[2] + context[2]),
        )


def _alone(name: Name) -> bool:
    """Tell whether the parts of a name share no feature: one mention, at most one vote, no nouns of the title."""
    mentions = name.mentions
    return len(mentions) == 1 and len(mentions[0].votes) < 2 and not mentions[0].before_colon
