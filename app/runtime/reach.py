"""Lets a program run as root give way to an unprivileged user, whose paths must be passable.

PostgreSQL refuses to run as root. Started by root, the embedded one runs as the owner of its data
folder, or as a system user of its own.
"""

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

from app.runtime.errors import CannotStart

SYSTEM_USER = "pgserver"


def unprivileged_user(data: Path) -> str | None:
    """The user to run as, made where it is missing; None when we are not root ourselves."""
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return pwd.getpwuid(data.stat().st_uid).pw_name
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["/usr/sbin/useradd", "--system", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        subprocess.run(command, check=True, cwd="/")
    return SYSTEM_USER


def run_as(user: str | None, *command: str | Path) -> subprocess.CompletedProcess[bytes]:
    """Run to the end, as this user and with none of root's groups; nothing is inherited but PATH.

    Output goes nowhere: a server started by the command would keep a pipe open for ever.
    """
    entry = pwd.getpwnam(user) if user else None
    return subprocess.run(
        command,
        check=False,
        cwd="/",
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        user=entry.pw_uid if entry else None,
        group=entry.pw_gid if entry else None,
        extra_groups=[] if entry else None,
    )


def make_passable(path: Path, user: str | None) -> list[Path]:
    """Let `user` pass through the folders above `path`; returns those that had to be opened.

    Passing through is all that is added: nobody may list a folder who could not before.
    Raises: CannotStart when a folder stays closed.
    """
    if user is None:
        return []
    opened = []
    for folder in reversed(path.parents):
        if run_as(user, "test", "-x", folder).returncode != 0:
            folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
            opened.append(folder)
    if run_as(user, "test", "-x", path.parent).returncode != 0:
        raise CannotStart(
            f"The database does not run as root, and its user {user} cannot reach {path.parent}."
            " Set VAR_DIR to a folder outside of it (for example /var/lib/desk), or start as an"
            " ordinary user."
        )
    return opened


def make_readable(tree: Path) -> None:
    """Let everybody read and run the programs of a package installed with a strict umask."""
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            executable = stat.S_ISDIR(mode) or mode & stat.S_IXUSR
            path.chmod(mode | (0o055 if executable else 0o044))


def private_folder(path: Path, user: str | None = None) -> None:
    """A folder that only `user` (or who asks) and root may enter.

    Raises: CannotStart when somebody else made one in its place, as anybody could in /tmp.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    ours = {os.geteuid(), pwd.getpwnam(user).pw_uid if user else os.geteuid()}
    if path.is_symlink() or path.stat().st_uid not in ours:
        raise CannotStart(f"{path} belongs to somebody else: remove it, or set VAR_DIR.")
    if user is not None:
        shutil.chown(path, user)
    path.chmod(0o700)
