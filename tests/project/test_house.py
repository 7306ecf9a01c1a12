"""The rules of the house, kept: style, types, layers, sizes, and a README that says what is so."""

from __future__ import annotations

import ast
import io
import re
import shlex
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.support.paths import ROOT

CODE = sorted((ROOT / "lufeng_crawler").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
README = (ROOT / "README.md").read_text("utf-8")
FUNCTION_WALL = 30
Function = ast.FunctionDef | ast.AsyncFunctionDef


def where(path: Path, line: int = 1) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def trees(paths: list[Path]) -> Iterator[tuple[Path, ast.Module]]:
    return ((path, ast.parse(path.read_text("utf-8"))) for path in paths)


@pytest.mark.parametrize("tool", ["ruff check", "ruff format --check", "mypy", "lint-imports --no-cache"])
def test_the_tools_find_nothing(tool: str) -> None:
    name, *options = tool.split()
    command = [str(Path(sys.executable).with_name(name)), *options]  # those of this environment, whatever PATH says
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def body_lines(function: Function) -> int:
    """From `def` to the last line, without decorators and docstring."""
    last = function.end_lineno or function.lineno
    docstring = function.body[0] if ast.get_docstring(function, clean=False) is not None else None
    documented = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0
    return last - function.lineno + 1 - documented


def test_no_function_is_longer_than_the_wall() -> None:
    assert [
        f"{where(path, node.lineno)} {node.name}: {body_lines(node)} lines"
        for path, tree in trees(CODE)
        for node in ast.walk(tree)
        if isinstance(node, Function) and body_lines(node) > FUNCTION_WALL
    ] == []


def test_every_module_opens_with_one_sentence() -> None:
    first_lines = {
        where(path): (ast.get_docstring(tree) or "").partition("\n\n")[0] for path, tree in trees(CODE + TESTS)
    }
    assert [name for name, text in first_lines.items() if not text.endswith(".")] == []


def test_no_name_says_nothing() -> None:
    empty_names = {"utils", "util", "helpers", "base", "manager", "common"}
    assert [where(path) for path in CODE if empty_names & {path.stem, path.parent.name}] == []


def test_a_class_name_means_one_thing() -> None:
    names = [node.name for _, tree in trees(CODE) for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_no_folder_is_a_heap() -> None:
    """Lists of peers may be longer: commands, families of systems, pages of the UI."""
    sizes = Counter(path.parent.relative_to(ROOT).as_posix() for path in CODE if path.stem != "__init__")
    peers = {"lufeng_crawler/cli", "lufeng_crawler/pages/families", "lufeng_crawler/ui/pages"}
    assert {folder: size for folder, size in sizes.items() if size > (25 if folder in peers else 16)} == {}


NO_VERBS = {
    "a", "all", "an", "and", "as", "at", "both", "by", "each", "every", "for", "from", "how", "in", "its", "many",
    "more", "most", "no", "none", "nothing", "of", "one", "only", "other", "same", "some", "such", "that", "the",
    "their", "these", "they", "this", "those", "to", "what", "when", "where", "whether", "which", "who", "whose",
    "why", "with", "within",
}  # fmt: skip


def test_docstrings_of_functions_begin_with_what_they_do() -> None:
    """With an imperative verb; ruff's D401 finds verbs in another form, this counts what begins with no verb at all."""
    functions = [node for _, tree in trees(CODE) for node in ast.walk(tree) if isinstance(node, Function)]
    docstrings = [text for node in functions if (text := ast.get_docstring(node))]
    verbs = [text for text in docstrings if re.match(r"[A-Z][a-z]+ ", text) and text.split()[0].lower() not in NO_VERBS]
    assert len(verbs) >= 0.95 * len(docstrings), f"{len(verbs)} of {len(docstrings)}"


def swallows_everything(handler: ast.ExceptHandler) -> bool:
    """Whether it catches whatever comes and does not, as its last act, let it go on."""
    caught = (
        {"BaseException"} if handler.type is None else {n.id for n in ast.walk(handler.type) if isinstance(n, ast.Name)}
    )
    last = handler.body[-1]
    return bool(caught & {"Exception", "BaseException"}) and not (isinstance(last, ast.Raise) and last.exc is None)


def test_nothing_swallows_everything() -> None:
    assert [
        where(path, node.lineno)
        for path, tree in trees(CODE)
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and swallows_everything(node)
    ] == []


def code_lines(path: Path) -> int:
    """Lines that hold code. Docstrings do not count: they are long in the package for its readers, short in tests."""
    source = path.read_text("utf-8")
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    held = {line for token in tokens if token.type not in silent for line in range(token.start[0], token.end[0] + 1)}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            held -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(held)


def test_there_is_at_least_as_much_test_as_code() -> None:
    assert sum(map(code_lines, TESTS)) >= sum(map(code_lines, CODE))


def own_files() -> Iterator[Path]:
    """The project's own text files: neither saved pages nor what crawls and tools leave behind."""
    left_behind = {"data", "dist"}
    tops = (path for path in ROOT.iterdir() if not path.name.startswith(".") and path.name not in left_behind)
    kinds = {".py", ".toml", ".md", ".cfg", ".sh", ".yml", ".css", ".js", ""}
    for top in (*tops, ROOT / ".ci", ROOT / ".gitignore", ROOT / "data" / "README.md"):
        found = top.rglob("*") if top.is_dir() else [top]
        yield from (
            path for path in found if path.is_file() and path.suffix in kinds and ".hypothesis" not in path.parts
        )


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    place = r"(?<![\w.:/*])/(?:home|root|Users|tmp|work|var/tmp|private/tmp)/[\w.]"
    registry = r"\bpy(?:pi\.org|thonhosted)|\bindex[-_]url\b"
    assert [
        f"{where(path, number)}: {line.strip()}"
        for path in own_files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(f"{place}|{registry}", line)
    ] == []


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def shown_commands() -> list[str]:
    """Every line of the README's shell blocks that calls `lufeng`, from that word on."""
    lines = (line for block in blocks("sh") for line in block.splitlines())
    return [found[1] for line in lines if (found := re.search(r"(?:^|bin/)(lufeng\b[^|>&]*)", line))]


def cli() -> click.Group:
    from lufeng_crawler.cli import main

    return main


def test_every_command_has_help_and_a_line_in_the_readme() -> None:
    for name, command in cli().commands.items():
        assert command.get_short_help_str(), f"lufeng {name} has no help"
        assert re.search(rf"^\| `lufeng {name}\b", README, re.MULTILINE), f"README does not list lufeng {name}"


def test_the_readme_lists_no_command_that_is_not_there() -> None:
    listed = set(re.findall(r"\blufeng (?:--\S+ \S+ )*([a-z]+)", " ".join(re.findall("`([^`\n]+)`", README))))
    assert listed - {"crawler"} <= set(cli().commands)


@pytest.mark.parametrize("line", shown_commands())
def test_what_the_readme_shows_is_understood(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line, comments=True)[1:]
    for word in words:
        if word.endswith((".warc.gz", ".wacz")):
            Path(word).touch()
        elif word == "my-sites":
            Path(word).mkdir()
    with cli().make_context("lufeng", words) as group:
        name, command, rest = cli().resolve_command(group, [*group._protected_args, *group.args])
        assert command is not None
        command.make_context(name, rest, parent=group).close()


def test_the_quick_start_is_two_lines_and_continuous_integration_runs_the_second() -> None:
    demo, test = (block.strip() for block in blocks("sh")[:2])
    assert demo.endswith(".venv/bin/lufeng demo")
    run = (ROOT / ".ci" / "run").read_text("utf-8")
    pattern = re.search(r"grep -E '([^']+)' README\.md", run)
    assert pattern is not None
    assert re.findall(pattern[1], README, re.MULTILINE) == [test]
    assert "pytest" not in run.replace(pattern[1], "")


def test_the_site_file_that_the_readme_shows_is_a_good_one(tmp_path: Path) -> None:
    from lufeng_crawler import sites

    (example,) = blocks("toml")
    (tmp_path / "gulou.toml").write_text(example, encoding="utf-8")
    assert sites.load_site("gulou", tmp_path).title == "鼓楼区人民政府"
