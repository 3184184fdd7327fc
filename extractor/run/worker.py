"""The process that extracts: tasks come in as frames on standard input, answers leave on standard output.

``python -m extractor.run.worker``: no fork of a process with threads, no pickled code, no import of the caller's main module.
The process ends when its input ends, and with it when the parent is gone.

A frame is four bytes of length, one of kind, and content. In: ``T`` a task (JSON, NUL, Arrow stream). Out: ``R`` ready,
``B`` the row in hand, ``D`` a task is done (JSON), ``E`` the process cannot work (text).
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import struct
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, BinaryIO

BEAT_SECONDS = 1.0


def write_frame(file: BinaryIO | IO[bytes], kind: bytes, content: bytes = b"") -> None:
    """Write one frame; the file may be unbuffered."""
    left = memoryview(struct.pack(">I", len(content) + 1) + kind + content)
    while left:
        left = left[file.write(left) :]
    file.flush()


def read_frame(file: BinaryIO | IO[bytes]) -> tuple[bytes, bytes] | None:
    """Return kind and content of the next frame, None at the end of the stream; the file may be unbuffered."""
    head = _read(file, 4)
    if len(head) < 4:
        return None
    size = struct.unpack(">I", head)[0]
    content = _read(file, size)
    return (content[:1], content[1:]) if len(content) == size else None


def _read(file: BinaryIO | IO[bytes], size: int) -> bytes:
    pieces = []
    while size and (piece := file.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def default_extractor(*, rules: Sequence[str], ner: bool) -> Any:
    """Return the extractor with the shipped rules, the folders ``rules`` on top."""
    from extractor.pipeline import Extractor
    from extractor.rulebook import load_rules

    return Extractor(load_rules(*rules), ner=ner)


def make_extractor(factory: str, options: dict[str, Any]) -> Any:
    """Return what the factory ``module:function`` makes of ``options``."""
    module, _, name = factory.partition(":")
    return getattr(importlib.import_module(module), name)(**options)


def main() -> None:
    """Serve tasks until the input ends."""
    tasks = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not end up between the frames
    try:
        setup = json.loads(sys.argv[1])
        extractor = make_extractor(setup["factory"], setup["options"])
        import pyarrow as pa

        pa.set_cpu_count(1)
    except Exception as error:
        write_frame(answers, b"E", f"{type(error).__name__}: {error}".encode("utf-8", "replace"))
        return
    write_frame(answers, b"R")
    settled = False
    while (frame := read_frame(tasks)) is not None:
        header, _, stream = frame[1].partition(b"\0")
        write_frame(answers, b"D", json.dumps(_serve(json.loads(header), stream, extractor, answers, setup)).encode())
        if not settled:  # rules and weights are loaded now and stay: the collector need not walk them again
            settled = True
            gc.collect()
            gc.freeze()


def _serve(
    task: dict[str, Any], stream: bytes, extractor: Any, answers: BinaryIO, setup: dict[str, Any]
) -> dict[str, Any]:
    import pyarrow as pa

    from extractor.run.core import FACTS, extract_batches, reason_kind
    from extractor.run.shards import write_temporary

    careful = bool(task["careful"])
    # the parent kills a process that hangs; where the parent is gone, the kernel does
    seconds = 2 * setup["seconds"] + 60
    signal.setitimer(signal.ITIMER_REAL, seconds)
    last = time.monotonic()

    def before(index: int) -> None:
        nonlocal last
        now = time.monotonic()
        if careful or now - last >= BEAT_SECONDS:
            last = now
            signal.setitimer(signal.ITIMER_REAL, seconds)
            write_frame(answers, b"B", str(index).encode())

    skip = {int(index): reason for index, reason in task["skip"].items()}
    with pa.ipc.open_stream(stream) as reader:
        (batch,) = extract_batches(reader, extractor, skip=skip, before=before)
    signal.setitimer(signal.ITIMER_REAL, 0)
    counts = {
        "records": batch.num_rows,
        "rejects": batch.num_rows - batch.column("reason").null_count,
        "reasons": Counter(reason_kind(reason) for reason in batch.column("reason").to_pylist() if reason is not None),
        **{name: len(batch.column(name).flatten()) for name in FACTS},
    }
    if task["folder"] is None:
        return {"counts": counts}
    try:
        temporary, digest = write_temporary(batch, Path(task["folder"]), task["number"])
    except OSError as error:
        return {"failed": f"{task['folder']}: {error.strerror or error}"}
    return {"counts": counts, "temporary": temporary, "sha256": digest}


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:  # the parent is gone
        os._exit(1)
