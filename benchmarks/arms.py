"""One measurement in a process of its own: ``python -m benchmarks.arms ARM TEXTS``; prints one JSON object.

TEXTS is a JSON file of [title, abstract] pairs. This file imports nothing of this package outside its arms, so that an
arm can run in another virtual environment.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

Work = Callable[[str, str], object]


def make_doc() -> Work:
    """Tokenisation alone, the yardstick."""
    import spacy

    nlp = spacy.blank("en")
    return lambda title, abstract: nlp.make_doc(f"{title}\n{abstract}")


def full() -> Work:
    """Rules and model, from texts to validated records."""
    return _extractor(ner=True)


def rules() -> Work:
    """Rules alone."""
    return _extractor(ner=False)


def spacy_pipe() -> Work:
    """The component in a blank spaCy pipeline: tokenisation and extraction."""
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("extractor")
    return lambda title, abstract: nlp(f"{title}\n{abstract}")


def quantulum3() -> Work:
    """A library that finds quantities with units, without its optional classifier."""
    from quantulum3 import parser

    return lambda title, abstract: parser.parse(f"{title}. {abstract}")


def _extractor(*, ner: bool) -> Work:
    from extractor import Extractor, Paper

    extractor = Extractor(ner=ner)
    return lambda title, abstract: extractor.extract(Paper(paper_id="benchmark:1", title=title, abstract=abstract))


ARMS = {arm.__name__: arm for arm in (make_doc, full, rules, spacy_pipe, quantulum3)}


def peak_memory() -> float:
    """Return the largest resident size so far, in MB. (ru_maxrss survives exec on Linux and may be the parent's.)"""
    try:
        found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    except OSError:
        found = None
    if found:
        return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


def main() -> None:
    """Measure one arm."""
    name, file = sys.argv[1:]
    texts = json.loads(Path(file).read_text(encoding="utf-8"))
    started = time.perf_counter()
    work = ARMS[name]()
    work(*texts[0])
    ready = time.perf_counter() - started
    for title, abstract in texts[:50]:
        work(title, abstract)
    failed, started = 0, time.process_time()
    for title, abstract in texts:
        try:
            work(title, abstract)
        except Exception:
            failed += 1
    seconds = time.process_time() - started
    answer = {"papers": len(texts), "seconds": seconds, "ready": ready, "peak_mb": peak_memory(), "failed": failed}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
