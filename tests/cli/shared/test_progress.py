"""Tests that progress shows itself on a terminal alone, and leaves stdout as it is."""

from __future__ import annotations

import io
import sys

import pytest

from lufeng_crawler.cli.shared.progress import bar, spinner


class Terminal(io.StringIO):
    """What a terminal shows."""

    def isatty(self) -> bool:
        """As a terminal says it is one."""
        return True


def test_no_progress_off_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with bar("reading", 10) as progress, spinner() as show:
        for _ in range(10):
            progress(1)
        show("gulou", "3 pages")
        print("result")
    assert capsys.readouterr() == ("result\n", "")


def test_progress_on_a_terminal_goes_to_stderr_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = Terminal(), Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    for name in ("NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    with bar("reading", 10) as progress:
        progress(4)
    with spinner() as show:
        show("gulou", "3 pages")
        show("gulou", "4 pages")
    assert out.getvalue() == ""
    assert "reading" in err.getvalue()
    assert "4 pages" in err.getvalue()


def test_what_is_put_out_to_a_file_stays_clean_though_stderr_is_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = io.StringIO(), Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    with bar("reading", 2) as progress:
        print("one")
        progress(1)
        print("two")
    assert out.getvalue() == "one\ntwo\n"
