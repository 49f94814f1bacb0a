"""Whether a process talks: an open port alone proves little, workers may fail behind it."""

import socket

from app.runtime.processes import Process

_PAGE = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def greets(process: Process, *, seconds: float = 3) -> bool:
    """A page or a mail greeting comes back, whatever it says."""
    try:
        with socket.create_connection((process.reachable_host, process.port), seconds) as peer:
            if process.speaks == "http":
                peer.sendall(_PAGE)
            first = peer.recv(5)
    except OSError:
        return False
    return first.startswith(b"HTTP/" if process.speaks == "http" else b"220")
