"""Writes and installs what runs `lufeng crawl --due` regularly: a systemd timer or a crontab line.

Runs cannot pile up. The archive has a lock for its one writer, so a run that starts while another is at work ends at
once with exit code 3 and has fetched nothing; no `flock` is needed. A timer that fires too often costs nothing either,
since `--due` crawls only the sites whose own `every` has passed.

Neither systemd nor cron starts where you stand or with your PATH, so a command names its program, its `--archive` and
its `--sites` by absolute paths.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

from lufeng_crawler.errors import LufengError, UsageError
from lufeng_crawler.sites import Site

CRONTAB_MARK = "# lufeng: the next line is written by `lufeng schedule`"
MIN_PERIOD = timedelta(minutes=5)
AT_MINUTE, AT_HOUR = 17, 4  # not on the hour, when everybody else's timers ask the same servers
HOUR, DAY = 60, 24 * 60
STEPS = (5, 6, 10, 12, 15, 20, 30, HOUR, 120, 180, 240, 360, 480, 720, DAY)
"""The minutes between two runs that cron and systemd can both express: they divide an hour or a day."""


def period(sites: Iterable[Site]) -> timedelta:
    """Return the shortest `every` of these sites, 5 minutes at least. Raises UsageError if there is no site."""
    try:
        return max(MIN_PERIOD, min(site.every for site in sites))
    except ValueError as error:
        raise UsageError("there is no site to schedule") from error


def systemd_units(command: Sequence[str], every: timedelta) -> dict[str, str]:
    """Return the text of a user service and its timer, by file name. Raises UsageError for an unprintable command.

    The timer catches up on a run missed while the machine was off, and waits at random up to a tenth of its step so
    that many machines do not ask at once. Exit code 3, another run at work, is no failure.
    """
    words = " ".join(_unit_word(word) for word in _checked(command))
    step = _step(every)
    return {
        "lufeng.service": SERVICE.format(command=words),
        "lufeng.timer": TIMER.format(calendar=_calendar(step), delay=step * 60 // 10),
    }


SERVICE = """\
[Unit]
Description=Lufeng Crawler: crawl the sites that are due

[Service]
Type=oneshot
ExecStart={command}
SuccessExitStatus=3
"""

TIMER = """\
[Unit]
Description=Lufeng Crawler: look for sites that are due

[Timer]
OnCalendar={calendar}
Persistent=true
RandomizedDelaySec={delay}

[Install]
WantedBy=timers.target
"""


def crontab_line(command: Sequence[str], every: timedelta) -> str:
    """Return the crontab line, without its line end. Raises UsageError for a command that does not fit on one."""
    words = shlex.join(_checked(command)).replace("%", r"\%")  # cron reads a bare % as the end of the command
    return f"{_cron_times(_step(every))} {words}"


def crontab_with(line: str, table: str) -> str:
    """Return the crontab with our line in it once, under its mark, in place of any that was there."""
    lines = table.removesuffix("\n").split("\n") if table else []
    ours = {number + step for number, text in enumerate(lines) if text == CRONTAB_MARK for step in (0, 1)}
    others = [text for number, text in enumerate(lines) if number not in ours]
    return "\n".join([*others, CRONTAB_MARK, line, ""])


def install_systemd(command: Sequence[str], every: timedelta) -> list[Path]:
    """Write the units where the user's systemd reads them, start the timer, and return the files written.

    Raises LufengError, with the command to give instead, where systemd does not answer.
    """
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    folder = Path(home) / "systemd" / "user"
    units = systemd_units(command, every)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in units.items():
        (folder / name).write_text(text, encoding="utf-8")
    _run("systemctl", "--user", "daemon-reload")
    _run("systemctl", "--user", "enable", "--now", "lufeng.timer")
    return [folder / name for name in units]


def install_cron(command: Sequence[str], every: timedelta) -> str:
    """Put the line into the user's crontab in place of an earlier one, and return it. Raises LufengError."""
    line = crontab_line(command, every)
    _run("crontab", "-", given=crontab_with(line, _crontab()))
    return line


def _crontab() -> str:
    """Return the user's crontab, empty where there is none, which `crontab -l` reports as an error."""
    try:
        return _run("crontab", "-l")
    except LufengError as error:
        if "no crontab" in str(error):
            return ""
        raise


def _run(*command: str, given: str = "") -> str:
    try:
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    except FileNotFoundError as error:
        raise LufengError(f"{command[0]} is not on this machine; print the schedule and install it by hand") from error
    except subprocess.CalledProcessError as error:
        message = " ".join(error.stderr.split())
        raise LufengError(f"`{shlex.join(command)}` failed: {message}") from error
    return done.stdout


def _checked(command: Sequence[str]) -> Sequence[str]:
    if not command or not Path(command[0]).is_absolute():
        raise UsageError(f"a schedule needs a program by its absolute path, not {shlex.join(command) or 'nothing'}")
    if odd := next((word for word in command if not word.isprintable()), None):
        raise UsageError(f"a schedule cannot hold {odd!r}: it must be printable and stay on one line")
    return command


def _unit_word(word: str) -> str:
    """Quote a word for ExecStart= (systemd.service(5), COMMAND LINES), where % and $ are special."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def _step(every: timedelta) -> int:
    """Return the minutes between two runs: about a quarter of `every`.

    A run only once per `every` would find a site due a few minutes later, and come back a whole period too late.
    """
    return max((step for step in STEPS if timedelta(minutes=step) <= every / 4), default=STEPS[0])


def _cron_times(step: int) -> str:
    if step < HOUR:
        return f"{AT_MINUTE % step}-59/{step} * * * *"
    return f"{AT_MINUTE} {AT_HOUR if step == DAY else f'*/{step // HOUR}'} * * *"


def _calendar(step: int) -> str:
    """Return the same times as systemd.time(7) writes them."""
    if step < HOUR:
        return f"*-*-* *:{AT_MINUTE % step:02}/{step}:00"
    return f"*-*-* {f'{AT_HOUR:02}' if step == DAY else f'00/{step // HOUR}'}:{AT_MINUTE}:00"
