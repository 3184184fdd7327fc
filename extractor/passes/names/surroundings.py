"""What a document shows of all its names at once: announcing verbs, nouns of kind, words on the paper's own work."""

from __future__ import annotations

from itertools import compress, count

from extractor.passes.names.spans import Spans

Part = tuple[str, ...]  # what kind of observation, and its words
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
OWN_WORDS = (
    "our model", "our network", "our method", "our approach", "our framework", "our algorithm", "our benchmark", "our dataset",
    "our system", "our architecture", "parameters", "training-free", "plug-and-play", "pre-train", "architecture",
)  # fmt: skip


class Surroundings:
    """What many mentions of a document ask for, found once: where the announcing verbs and the nouns of kind stand."""

    __slots__ = ("_paper", "announcing", "nouns", "spans")

    def __init__(self, spans: Spans) -> None:
        """Look through the words of ``spans`` once."""
        self.spans = spans
        self.announcing = list(compress(count(), map(ANNOUNCING.__contains__, spans.lower)))
        self.nouns = list(compress(count(), map(KIND_NOUNS.__contains__, spans.lower)))
        self._paper: list[Part] | None = None

    @property
    def paper(self) -> list[Part]:
        """What the paper says of its own work, for the names that it seems to propose."""
        if self._paper is None:
            lower = self.spans.document.lower
            self._paper = [("is", f"own:{phrase}") for phrase in OWN_WORDS if phrase in lower]
        return self._paper
