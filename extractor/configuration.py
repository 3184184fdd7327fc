"""Options from a file: ``extractor.toml``, or ``[tool.extractor]`` in ``pyproject.toml``.

The nearest of the two, from the working folder upwards, counts. Its tables are commands, its keys their options without
the dashes; keys outside of a table are options of every command that has them. What the command line gives wins.

    rules = ["my-rules"]
    [run]
    jobs = 4
    max-errors = "5%"
    ["rules list"]
    rules = []
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

FILE = "extractor.toml"
PROJECT = "pyproject.toml"
_PATHS = ("DIR", "FILE", "OUT")  # what the commands call a value that is a path


class ConfigurationError(ValueError):
    """A configuration file that cannot be used; the message names file and key."""


class Option(Protocol):
    """What is asked of an option of the command line."""

    name: str
    opts: list[str]
    multiple: bool
    param_type_name: str
    metavar: str | None


def find_configuration(folder: Path) -> Path | None:
    """Return the configuration file that counts in ``folder``, None if there is none."""
    for place in (folder, *folder.parents):
        if (place / FILE).is_file():
            return place / FILE
        if (place / PROJECT).is_file() and _read(place / PROJECT):
            return place / PROJECT
    return None


def load_configuration(path: Path, commands: Mapping[str, Any]) -> dict[str, Any]:
    """Return the defaults that a file gives, by command and parameter.

    Args:
        path: an ``extractor.toml``, or a ``pyproject.toml``.
        commands: the commands of the command line by name; a group has ``commands`` of its own.

    Raises:
        ConfigurationError: the file is no TOML, or has a key that no command knows.
    """
    given = _read(path)
    tables = {key: value for key, value in given.items() if isinstance(value, dict)}
    shared = {key: value for key, value in given.items() if key not in tables}
    known = dict(_by_full_name(commands))
    if wrong := sorted(set(tables) - set(known)):
        raise ConfigurationError(f"{path}: no command {wrong[0]!r}; commands are {', '.join(known)}")
    unused = set(shared)
    defaults: dict[str, Any] = {}
    for name, command in known.items():
        group, _, last = name.rpartition(" ")
        place = defaults.setdefault(group, {}) if group else defaults
        place[last] = _of_command(command, tables.get(name, {}), shared, unused, path, name)
    if unused:
        raise ConfigurationError(f"{path}: no command has an option {sorted(unused)[0]!r}")
    return defaults


def _by_full_name(commands: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, command in commands.items():
        inner: Mapping[str, Any] | None = getattr(command, "commands", None)
        if inner is None:
            yield name, command
        else:
            yield from ((f"{name} {sub}", member) for sub, member in inner.items())


def _read(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: not readable as TOML: {error}") from None
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror or error}") from None
    if path.name == PROJECT:
        content = content.get("tool", {}).get("extractor", {})
    return content


def _of_command(
    command: Any, given: dict[str, Any], shared: Mapping[str, Any], unused: set[str], path: Path, name: str
) -> dict[str, Any]:
    options = {key: option for option in command.params if (key := _key(option)) is not None}
    if wrong := sorted(set(given) - set(options)):
        raise ConfigurationError(f"{path}: '{name}' has no option {wrong[0]!r}; it has {', '.join(options)}")
    unused -= set(options)
    values = {**{key: value for key, value in shared.items() if key in options}, **given}
    return {options[key].name: _value(options[key], value, path.parent) for key, value in values.items()}


def _key(option: Option) -> str | None:
    """Return what an option is called in the file; arguments and --help are not set there."""
    if option.param_type_name != "option" or option.name in ("help", None):
        return None
    return max(option.opts, key=len).lstrip("-")


def _value(option: Option, value: Any, folder: Path) -> Any:
    """Return the value as the command line takes it; relative paths count from the file's folder."""
    if option.multiple and not isinstance(value, list):
        value = [value]
    if option.metavar in _PATHS:
        return [_path(one, folder) for one in value] if isinstance(value, list) else _path(value, folder)
    return value


def _path(value: Any, folder: Path) -> Any:
    return str(folder / value) if isinstance(value, str) else value
