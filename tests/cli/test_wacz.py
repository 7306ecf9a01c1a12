"""Tests `lufeng wacz`: what it prints, what it leaves, how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.support.archive_builder import address
from tests.support.invoked import invoke
from tests.support.wacz_files import opened


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "15 captures, 5 pages"),
        (("--site", "gongguan"), "1 captures, 1 pages"),
        (("--from", "2026-11-03", "--to", "2026-11-03"), "3 captures, 2 pages"),
        (("--article", "1"), "6 captures, 2 pages"),
        (("--article", address(1), "--article", address(2)), "10 captures, 3 pages"),
    ],
)
def test_a_wacz_says_how_much_and_holds_so_much(
    captured: Path, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    file = tmp_path / "a.wacz"
    done = invoke(captured, "wacz", file, *options)
    assert (done.exit_code, done.stdout, done.stderr) == (0, f"{said} in {file}\n", "")
    assert len(opened(file).pages) == int(said.split()[2]) + 1


def test_a_wacz_takes_the_place_of_an_older_one(captured: Path, tmp_path: Path) -> None:
    """As an export does."""
    file = tmp_path / "a.wacz"
    file.write_bytes(b"before")
    invoke(captured, "wacz", file)
    assert opened(file).manifest["software"].startswith("lufeng-crawler ")
    assert [one.name for one in tmp_path.iterdir()] == ["a.wacz"]


def test_a_wacz_is_signed_with_the_users_key(captured: Path, tmp_path: Path) -> None:
    private = ec.generate_private_key(ec.SECP384R1())
    key = tmp_path / "key.pem"
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    assert invoke(captured, "wacz", tmp_path / "a.wacz", "--sign-key", key).exit_code == 0
    assert opened(tmp_path / "a.wacz").digest["signedData"]["version"] == "0.1.0"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("a.wacz", "--site", "nowhere"), "the archive has no captures of this site, time and article"),
        (("a.wacz", "--article", "99"), "99: no article of the archive has this id or address"),
        (("a.zip",), "a.zip: the file name must end in .wacz"),
        (("none/a.wacz",), "none/a.wacz: cannot write: No such file or directory"),
    ],
)
def test_wrong_use_is_one_line_and_nothing_is_written(
    captured: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = invoke(captured, "wacz", *words)
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"lufeng: {said}\n")
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_cannot_sign_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("no key", encoding="utf-8")
    done = invoke(tmp_path / "none", "wacz", tmp_path / "a.wacz", "--sign-key", tmp_path / "key.pem")
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
