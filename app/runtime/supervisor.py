"""Keeps an installation running in one terminal: `livery up`.

Order: ports free? -> PostgreSQL and Redis (where they are ours) -> migrations -> processes. A
process that ends is started again, with growing pauses. Ctrl-C ends them all within ten seconds,
then Redis, then PostgreSQL; a second Ctrl-C does not wait. Killed with -9, it takes its processes
along (leash.py) and leaves the two servers, which the next start adopts.
"""

import asyncio
import fcntl
import os
import signal
import socket
import sys
from asyncio.subprocess import STDOUT
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from types import FrameType

from app.config import Settings
from app.runtime.embedded import embedded_servers, start_servers, stop_servers
from app.runtime.errors import CannotStart
from app.runtime.greeting import greets
from app.runtime.migrations import migrate
from app.runtime.output import say, tell
from app.runtime.processes import Listener, Process, processes, web_process
from app.runtime.sources import wait_for_change

GRACE_SECONDS = 10
LONGEST_PAUSE = 30.0
SETTLED_SECONDS = 30  # a process that ran this long starts again at once
WATCH_SECONDS = 2

Hook = Callable[[Settings], None]


def supervise(
    settings: Settings,
    *,
    reload: bool = False,
    prepare: Hook | None = None,
    when_ready: Hook | None = None,
) -> None:
    """Run everything until told to stop.

    `prepare` runs once the database is migrated and before any process; `when_ready` once the web
    server answers. `reload` starts processes again when a source file changes.
    Raises: CannotStart, with nothing left running that did not run before.
    """
    signal.signal(signal.SIGTERM, _as_interrupt)
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    with _only_one(settings):
        wanted = processes(settings)
        check_ports(wanted)
        start_servers(settings)
        try:
            say("database ready, bringing it up to date")
            migrate(settings.owner_database_url)
            if prepare is not None:
                prepare(settings)
            supervisor = Supervisor(settings, wanted)
            asyncio.run(supervisor.run(reload=reload, when_ready=when_ready))
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # data is being written
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            stop_servers(list(embedded_servers(settings).values()))
            say("stopped")


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def check_ports(wanted: list[Process]) -> None:
    """See that nobody else listens where we are about to. Raises: CannotStart naming each port."""
    taken = [
        f"  - port {listener.port} for {process.name}: stop what uses it, or set"
        f" {listener.setting} to another"
        for process in wanted
        for listener in process.listeners
        if not _is_free(listener)
    ]
    if taken:
        raise CannotStart("\n".join(["In use already:", *taken]))


def _is_free(listener: Listener) -> bool:
    family = socket.AF_INET6 if ":" in listener.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((listener.host, listener.port))
        except OSError:
            return False
    return True


@contextmanager
def _only_one(settings: Settings) -> Iterator[None]:
    """Two supervisors of one folder would fight over its servers."""
    with (settings.var_dir / "supervisor.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotStart(f"It runs already on {settings.var_dir}.") from error
        yield


class Supervisor:
    """The processes of one installation while they run."""

    def __init__(self, settings: Settings, wanted: list[Process]) -> None:
        self.settings = settings
        self.wanted = wanted
        self.running: dict[str, asyncio.subprocess.Process] = {}
        self.asked_to_end: set[str] = set()  # by us, to start again
        self.readers: set[asyncio.Task[None]] = set()
        self.stopping = asyncio.Event()
        self.environment = os.environ | {"VAR_DIR": str(settings.var_dir), "PYTHONUNBUFFERED": "1"}
        # The owner's rights are for migrations, which are done.
        self.environment.pop("OWNER_DATABASE_URL", None)

    async def run(self, *, reload: bool, when_ready: Hook | None) -> None:
        """Start them all, keep them running, and end them at SIGINT or SIGTERM."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._keep_running(process)) for process in self.wanted]
                tasks.append(group.create_task(self._watch_servers()))
                tasks.append(group.create_task(self._announce(when_ready)))
                if reload:
                    tasks.append(group.create_task(self._restart_on_change()))
                await self.stopping.wait()
                await self._end_all()
                for task in tasks:
                    task.cancel()
        finally:
            self._signal_groups(signal.SIGKILL)

    def _stop(self) -> None:
        if self.stopping.is_set():
            say("stopping at once")
            self._signal_groups(signal.SIGKILL)
        else:
            say("stopping (Ctrl-C again to stop at once)")
            self.stopping.set()

    async def _keep_running(self, process: Process) -> None:
        """Start it, pass its lines on, and start it again when it ends."""
        clock = asyncio.get_running_loop().time
        pause = 1.0
        while not self.stopping.is_set():
            started = clock()
            child = await self._start(process)
            status = await child.wait()
            if self.stopping.is_set() or self._was_asked_to_end(process):
                continue
            pause = 1.0 if clock() - started > SETTLED_SECONDS else min(pause * 2, LONGEST_PAUSE)
            tell(process.name, f"ended with {status}; starting again in {pause:.0f} s")
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), pause)

    def _was_asked_to_end(self, process: Process) -> bool:
        asked = process.name in self.asked_to_end
        self.asked_to_end.discard(process.name)
        return asked

    async def _start(self, process: Process) -> asyncio.subprocess.Process:
        # A pipe of our own: what a killed process leaves behind may hold it open, and asyncio
        # would take the process for alive as long as that.
        output, its_end = os.pipe()
        try:
            child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "app.runtime.leash", str(os.getpid()), *process.command),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=its_end,
                stderr=STDOUT,
                env=self.environment,
                process_group=0,  # Ctrl-C in the terminal is ours to pass on
            )
        finally:
            os.close(its_end)
        self.running[process.name] = child
        reader = asyncio.create_task(_pass_on(process.name, output))
        self.readers.add(reader)
        reader.add_done_callback(self.readers.discard)
        return child

    async def _end_all(self) -> None:
        for child in self.running.values():
            if child.returncode is None:
                child.terminate()
        ends = [asyncio.create_task(child.wait()) for child in self.running.values()]
        _, late = await asyncio.wait(ends, timeout=GRACE_SECONDS)
        if late:
            say(f"{len(late)} did not stop within {GRACE_SECONDS} s and will be killed")
        self._signal_groups(signal.SIGKILL)
        await asyncio.gather(*ends)
        if self.readers:
            await asyncio.wait(self.readers, timeout=1)  # their last words

    def _signal_groups(self, number: signal.Signals) -> None:
        """To each process and whatever it started itself."""
        for child in self.running.values():
            with suppress(ProcessLookupError):
                os.killpg(child.pid, number)

    async def _watch_servers(self) -> None:
        """PostgreSQL and Redis are not children of ours: see from time to time that they are up."""
        servers = embedded_servers(self.settings)
        while not self.stopping.is_set():
            await asyncio.sleep(WATCH_SECONDS)
            for name, server in servers.items():
                try:
                    if await asyncio.to_thread(server.start):
                        tell(name, "was gone; started again")
                except CannotStart as error:
                    tell(name, str(error))

    async def _announce(self, when_ready: Hook | None) -> None:
        web = web_process(self.settings).listeners[0]
        while not await asyncio.to_thread(greets, web):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)
        say(f"ready on port {web.port}; Ctrl-C stops it")
        if when_ready is not None:
            when_ready(self.settings)

    async def _restart_on_change(self) -> None:
        while True:
            changed = await wait_for_change()
            say(f"{changed} changed; starting again")
            for name, child in self.running.items():
                if child.returncode is None:
                    self.asked_to_end.add(name)
                    child.terminate()


async def _pass_on(name: str, output: int) -> None:
    """Print each line that comes through this pipe under its name, however long."""
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(output, "rb")
    )
    with closing(transport):
        rest = b""
        while chunk := await reader.read(65_536):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                tell(name, line.decode(errors="replace"))
        if rest:
            tell(name, rest.decode(errors="replace"))
