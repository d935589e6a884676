"""The house is as it was planned: rooms, habits and documentation, read off the syntax trees and the README."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from collections import defaultdict
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

import pytest

from gallery.settings import Settings

ROOT = Path(__file__).parent.parent
ROOMS = {"gallery", "models", "db", "tests"}
TOP = {"app.py", "requirements.txt", "requirements.lock", "requirements-dev.txt", "README.md", "SECURITY.md"}
TOP |= {"pyproject.toml", "LICENSE"}
PLANNED = {
    "gallery": {
        *("__init__", "__main__", "settings", "errors", "web", "pages", "journeys", "files", "images", "scroll"),
        *("ranking", "visitors", "texts", "static", "prose", "limits", "anomalies", "film", "foreign", "liking"),
    },
    "db": {
        *("__init__", "engine", "tables", "records", "works", "ratings", "lineage", "shows", "rooms", "search"),
        *("backup", "migrations", "ballots", "duels", "health", "shelf", "folding", "curators", "triage", "trash"),
        *("show_tables", "vote_tables", "exposure", "challenges", "collections", "changes", "copies", "tags", "looks"),
        *("tastes", "counting", "signatures"),
    },
    "models": {
        *("__init__", "recipe", "engine", "turns", "worker", "wire", "checkpoint", "two_sample", "cards", "weights"),
        *("painting_gan", "poem_rnn", "likeness", "bfloat16", "desk", "failures"),
    },
    "tests": {
        *("__init__", "conftest", "fakes", "test_house", "unit", "journeys", "db", "models", "web", "browser"),
        *("faults", "bench"),
    },
}


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [Path(line) for line in listed.splitlines() if (ROOT / line).exists()]


FILES = _tracked()
PYTHON = [p for p in FILES if p.suffix == ".py" and "migrations" not in p.parts]
CODE = [p for p in PYTHON if p.parts[0] != "tests"]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def _functions(path: Path) -> list[Function]:
    return [node for node in ast.walk(_tree(path)) if isinstance(node, Function)]


def _lines(function: Function) -> int:
    first = function.body[0]
    has_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if has_docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def test_every_file_stands_in_a_room_of_the_plan() -> None:
    strangers = [str(p) for p in FILES if not p.parts[0].startswith(".") and str(p) not in TOP]
    strangers = [p for p in strangers if Path(p).parts[0] not in ROOMS]
    strangers += [str(p) for p in FILES if p.parts[0] in PLANNED and Path(p.parts[1]).stem not in PLANNED[p.parts[0]]]
    assert strangers == []


def test_functions_are_small() -> None:
    lengths = sorted(_lines(f) for p in CODE for f in _functions(p))
    assert statistics.median(lengths) <= 10
    assert lengths[int(0.9 * len(lengths))] <= 30
    long = [f"{p}:{f.lineno} {f.name}" for p in PYTHON for f in _functions(p) if _lines(f) > 60]
    assert long == []


def test_files_hold_one_idea() -> None:
    long = [str(p) for p in CODE if len((ROOT / p).read_text(encoding="utf-8").splitlines()) > 400]
    assert long == []


def test_every_module_and_every_public_name_says_what_it_is_for() -> None:
    silent = []
    for path in CODE:
        tree = _tree(path)
        silent += [str(path)] if tree.body and not ast.get_docstring(tree) else []
        named = [n for n in tree.body if isinstance(n, Function | ast.ClassDef) and not n.name.startswith("_")]
        silent += [f"{path}:{n.lineno} {n.name}" for n in named if not ast.get_docstring(n)]
    assert silent == []


def test_nothing_is_called_manager_service_helper_or_utils() -> None:
    names = [str(p) for p in PYTHON]
    for path in CODE:
        names += [n.name for n in ast.walk(_tree(path)) if isinstance(n, ast.ClassDef)]
    assert [n for n in names if re.search(r"manager|service|helper|utils?\b", n, re.IGNORECASE)] == []


def test_nothing_is_pickled_and_no_weights_are_read_but_safetensors() -> None:
    forbidden = re.compile(
        r"\bimport pickle|torch\.load\(|torch\.save\(|\byaml\.load\(|(?<![.\w])eval\(|(?<![.\w])exec\("
    )
    guilty = [str(p) for p in CODE if forbidden.search((ROOT / p).read_text(encoding="utf-8"))]
    assert guilty == []
    assert {p.suffix for p in FILES if p.parts[:2] == ("models", "weights")} <= {".safetensors"}


def test_import_rules_hold() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_the_readme_names_every_setting(name: str) -> None:
    assert f"SHIHUA_{name.upper()}" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("package", ["gallery", "models/painting_gan", "models/poem_rnn"])
def test_the_readme_names_every_command(package: str) -> None:
    source = (ROOT / package / "__main__.py").read_text(encoding="utf-8")
    named = re.search(r"^COMMANDS = \((.*)\)", source, re.MULTILINE)
    commands = re.findall(r"\"(\w+)\"", named[1]) if named else re.findall(r"add_parser\(\s*\"(\w+)\"", source)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert commands
    assert [c for c in commands if f"{package.replace('/', '.')} {c}" not in readme] == []


def test_every_promise_is_held_by_a_test_that_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.split("## What we promise")[1].split("\n## ")[0]
    rows = [row.split("|")[1:3] for row in section.splitlines() if row.startswith("| ") and "held by" not in row]
    held = {promise.strip(): re.findall(r"`(tests/[^`:]+)::(test_\w+)`", tests) for promise, tests in rows}
    assert len(held) >= 15
    assert [promise for promise, tests in held.items() if not tests] == []
    tests = [pair for found in held.values() for pair in found]
    assert [(file, name) for file, name in tests if f"def {name}(" not in (ROOT / file).read_text("utf-8")] == []


# How many requirements of level 1 each section of OWASP ASVS 5.0 has, by their last numbers
LEVEL_1 = {
    "1.2": "12345", "1.3": "12", "1.5": "1", "2.1": "1", "2.2": "12", "2.3": "1", "3.2": "12", "3.3": "1", "3.4": "12",
    "3.5": "123", "4.1": "1", "4.4": "1", "5.2": "12", "5.3": "12", "6.1": "1", "6.2": "12345678", "6.3": "12",
    "6.4": "12", "7.2": "1234", "7.4": "12", "8.1": "1", "8.2": "12", "8.3": "1", "9.1": "123", "9.2": "1",
    "10.4": "12345", "11.3": "12", "11.4": "1", "12.1": "1", "12.2": "12", "13.4": "1", "14.2": "1", "14.3": "1",
    "15.1": "1", "15.2": "1", "15.3": "1",
}  # fmt: skip


def test_security_is_told_line_by_line() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    rows = [row.split("|")[1:4] for row in text.splitlines() if re.match(r"\| \d", row)]
    told = [requirement.split()[0] for requirement, _, _ in rows]
    assert told == [f"{section}.{last}" for section, numbers in LEVEL_1.items() for last in numbers]
    for requirement, how, tests in rows:
        found = re.findall(r"`(tests/[^`:]+)::(test_\w+)`", tests)
        assert found or "Not here" in how or "the keeper's" in how, requirement
        assert [t for f, t in found if f"def {t}(" not in (ROOT / f).read_text("utf-8")] == [], requirement


def test_every_dependency_is_told_with_what_it_is_for() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8").split("## Dependencies")[1]
    told = [row.split("|")[1].strip() for row in text.splitlines() if row.startswith("| ") and "what for" not in row]
    pinned = re.findall(r"(?m)^([\w-]+)==", (ROOT / "requirements.txt").read_text(encoding="utf-8"))
    assert told == pinned


def test_every_pin_but_torchs_is_locked_by_hash_and_is_what_runs_here() -> None:
    """What the lock brings of its own (libraries of libraries) is what is installed, so that neither grows stale."""
    block = r"(?m)^([\w.-]+)==(\S+)[^\n]*\\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+"
    locked = defaultdict(set)  # one version, or one for each kind of system
    for name, version in re.findall(block, _read("requirements.lock")):
        locked[_normal(name)].add(version)
    pinned = dict(re.findall(r"(?m)^([\w-]+)==([^\s;]+)", _read("requirements.txt")))
    assert [name for name in pinned if {pinned[name]} != locked.get(_normal(name))] == ["torch"]
    assert [name for name in locked if name.startswith(("torch", "nvidia-", "cuda-", "triton"))] == []
    here = {_normal(one.metadata["Name"]): one.version for one in distributions()}
    assert {name: here[name] for name in locked if name in here and here[name] not in locked[name]} == {}


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _normal(name: str) -> str:
    """A package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_readme_names_every_page() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = [p.stem for p in FILES if p.parts[:2] == ("gallery", "pages") and p.suffix == ".py" and len(p.parts) == 3]
    shown = [p for p in pages if p not in ("__init__", "frame", "making", "sketch", "reel", "theme", "trail")]
    assert [p for p in shown if p.capitalize() not in readme] == []


def test_nothing_names_a_host_that_the_page_would_call() -> None:
    shipped = [p for p in FILES if p.parts[:2] in (("gallery", "static"), ("gallery", "pages"))]
    texts = {p: (ROOT / p).read_text(encoding="utf-8") for p in shipped if p.suffix in (".css", ".js", ".html", ".svg")}
    calls = re.compile(r"(?:src|href|url|import|fetch)\s*[=(]\s*[\"']?(?:https?:)?//")
    assert [str(p) for p, text in texts.items() if calls.search(text)] == []


def test_no_file_is_larger_than_a_host_takes() -> None:
    assert [str(p) for p in FILES if (ROOT / p).stat().st_size > 40_000_000] == []
