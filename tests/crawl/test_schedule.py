"""Schedules: what systemd and cron are told, and that installing twice is installing once."""

from __future__ import annotations

import os
import shlex
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler import schedule, sites
from lufeng_crawler.errors import LufengError, UsageError

COMMAND = ["/opt/lufeng/bin/lufeng", "--archive", "/srv/news archive", "crawl", "--due"]
SIX_HOURS = timedelta(hours=6)
WORDS = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=12).filter(str.isprintable)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH but for the shell's own: programs put there stand for the machine's."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.defpath}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return folder


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def test_the_period_is_that_of_the_most_restless_site() -> None:
    site = sites.site_from_host("www.example.gov.cn", "http://www.example.gov.cn/")
    hours = [replace(site, every=timedelta(hours=every)) for every in (24, 2, 6)]
    assert schedule.period(hours) == timedelta(hours=2)
    assert schedule.period([replace(site, every=timedelta(seconds=1))]) == timedelta(minutes=5)


def test_no_sites_no_schedule() -> None:
    with pytest.raises(UsageError, match="no site to schedule"):
        schedule.period([])


def test_the_service_runs_the_command_once_and_forgives_a_run_that_finds_another_at_work() -> None:
    service = schedule.systemd_units(COMMAND, SIX_HOURS)["lufeng.service"].splitlines()
    assert 'ExecStart="/opt/lufeng/bin/lufeng" "--archive" "/srv/news archive" "crawl" "--due"' in service
    assert "Type=oneshot" in service
    assert "SuccessExitStatus=3" in service


def test_the_timer_catches_up_and_does_not_fire_with_all_the_others() -> None:
    timer = schedule.systemd_units(COMMAND, SIX_HOURS)["lufeng.timer"].splitlines()
    assert "OnCalendar=*-*-* 00/1:17:00" in timer
    assert "Persistent=true" in timer
    assert "RandomizedDelaySec=360" in timer
    assert "WantedBy=timers.target" in timer


def test_systemd_reads_the_words_as_they_were_meant() -> None:
    service = schedule.systemd_units(["/bin/lufeng", "--archive", r'/srv/"a" 100% $HOME \n'], SIX_HOURS)[
        "lufeng.service"
    ]
    assert r'ExecStart="/bin/lufeng" "--archive" "/srv/\"a\" 100%% $$HOME \\n"' in service


@pytest.mark.parametrize(
    ("every", "cron", "calendar"),
    [
        (timedelta(minutes=5), "2-59/5 * * * *", "*-*-* *:02/5:00"),
        (timedelta(minutes=30), "5-59/6 * * * *", "*-*-* *:05/6:00"),
        (timedelta(hours=1), "2-59/15 * * * *", "*-*-* *:02/15:00"),
        (timedelta(hours=6), "17 */1 * * *", "*-*-* 00/1:17:00"),
        (timedelta(hours=24), "17 */6 * * *", "*-*-* 00/6:17:00"),
        (timedelta(days=9), "17 4 * * *", "*-*-* 04:17:00"),
    ],
)
def test_both_look_about_four_times_as_often_as_a_site_wants_a_crawl(
    every: timedelta, cron: str, calendar: str
) -> None:
    assert schedule.crontab_line(COMMAND, every).startswith(f"{cron} /opt/lufeng/bin/lufeng ")
    assert f"OnCalendar={calendar}\n" in schedule.systemd_units(COMMAND, every)["lufeng.timer"]


@given(st.lists(WORDS, max_size=4))
def test_a_crontab_line_is_the_command_to_the_shell(words: list[str]) -> None:
    command = ["/bin/lufeng", *words]
    line = schedule.crontab_line(command, SIX_HOURS)
    assert "%" not in line.replace(r"\%", "")
    assert shlex.split(line.replace(r"\%", "%"))[5:] == command


@pytest.mark.parametrize("command", [[], ["lufeng", "crawl"], ["/bin/lufeng", "a\nb"], ["/bin/lufeng", "\0"]])
def test_a_command_that_would_not_run_there_is_refused(command: list[str]) -> None:
    with pytest.raises(UsageError):
        schedule.crontab_line(command, SIX_HOURS)
    with pytest.raises(UsageError):
        schedule.systemd_units(command, SIX_HOURS)


CRONTABS = st.lists(st.text(st.characters(categories=["L", "N", "P", "Z"]), max_size=20), max_size=6)


@given(CRONTABS, st.sampled_from(["1 * * * * a", "2 * * * * b"]))
def test_installing_twice_is_installing_once_and_keeps_the_rest(table: list[str], line: str) -> None:
    once = schedule.crontab_with("0 0 * * * old", "".join(f"{text}\n" for text in table))
    twice = schedule.crontab_with(line, once)
    assert schedule.crontab_with(line, twice) == twice
    assert twice.split("\n") == [*table, schedule.CRONTAB_MARK, line, ""]


def test_units_are_written_where_systemd_reads_them_and_the_timer_is_started(programs: Path, tmp_path: Path) -> None:
    program(programs, "systemctl", f'echo "$@" >> {shlex.quote(str(tmp_path / "asked"))}')
    written = schedule.install_systemd(COMMAND, SIX_HOURS)
    folder = tmp_path / "config" / "systemd" / "user"
    assert written == [folder / "lufeng.service", folder / "lufeng.timer"]
    assert {path.name: path.read_text("utf-8") for path in written} == schedule.systemd_units(COMMAND, SIX_HOURS)
    assert (tmp_path / "asked").read_text("utf-8").splitlines() == [
        "--user daemon-reload",
        "--user enable --now lufeng.timer",
    ]


def test_a_systemd_that_does_not_answer_is_said_in_one_line(programs: Path) -> None:
    program(programs, "systemctl", "echo 'Failed to connect to bus' >&2; exit 1")
    with pytest.raises(LufengError, match="`systemctl --user daemon-reload` failed: Failed to connect to bus"):
        schedule.install_systemd(COMMAND, SIX_HOURS)


def test_the_crontab_keeps_what_others_wrote(programs: Path, tmp_path: Path) -> None:
    table = tmp_path / "crontab"
    table.write_text("0 1 * * * backup\n", encoding="utf-8")
    program(
        programs,
        "crontab",
        f'if [ "$1" = -l ]; then cat {shlex.quote(str(table))}; else cat > {shlex.quote(str(table))}; fi',
    )
    line = schedule.install_cron(COMMAND, SIX_HOURS)
    assert schedule.install_cron(COMMAND, SIX_HOURS) == line
    assert table.read_text("utf-8").splitlines() == ["0 1 * * * backup", schedule.CRONTAB_MARK, line]


def test_the_first_crontab_of_a_user_is_made(programs: Path, tmp_path: Path) -> None:
    table = tmp_path / "crontab"
    script = f'if [ "$1" = -l ]; then echo "no crontab for me" >&2; exit 1; fi; cat > {shlex.quote(str(table))}'
    program(programs, "crontab", script)
    line = schedule.install_cron(COMMAND, SIX_HOURS)
    assert table.read_text("utf-8") == f"{schedule.CRONTAB_MARK}\n{line}\n"


def test_a_crontab_that_cannot_be_read_is_not_overwritten(programs: Path, tmp_path: Path) -> None:
    program(
        programs, "crontab", f'[ "$1" = -l ] || touch {shlex.quote(str(tmp_path / "written"))}; echo denied >&2; exit 1'
    )
    with pytest.raises(LufengError, match="denied"):
        schedule.install_cron(COMMAND, SIX_HOURS)
    assert not (tmp_path / "written").exists()


def test_a_machine_without_cron_is_said_in_one_line(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(programs))
    with pytest.raises(LufengError, match="crontab is not on this machine"):
        schedule.install_cron(COMMAND, SIX_HOURS)
