"""Rules of section ``hosts``."""

from __future__ import annotations

import re
from typing import Self

from pydantic import Field, field_validator, model_validator

from extractor.records import LinkKind
from extractor.rulebook.base import Rule


class HostRule(Rule):
    """What the addresses of a host lead to, or which endings a host name may have.

    ``hosts`` are host names without ``www.``; each stands for its subdomains too. ``path`` narrows the rule to
    addresses whose path matches. ``labels`` is a regular expression for whole host names instead of ``hosts``.
    ``owner`` says that the path begins with owner and repository; ``prefixes`` are first path parts before them
    (``datasets/OWNER/REPO``), ``reserved`` first path parts that are no owner. ``bare`` hosts are addresses without a
    scheme wherever they stand; a lower-case host of one of ``endings`` is one if a path follows it
    or one of the words of ``after`` stands before it.
    """

    kind: LinkKind | None = None
    hosts: tuple[str, ...] = ()
    labels: str | None = None
    path: str | None = None
    owner: bool = False
    prefixes: tuple[str, ...] = ()
    reserved: tuple[str, ...] = ()
    bare: bool = False
    code: bool = Field(default=False, description="addresses hold code unless the text says otherwise")
    endings: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @field_validator("path", "labels")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        try:
            re.compile(value or "")
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return value

    @model_validator(mode="after")
    def _one_job(self) -> Self:
        if bool(self.endings) == (self.kind is not None):
            raise ValueError("a rule has either a kind (with hosts or labels) or endings")
        return self
