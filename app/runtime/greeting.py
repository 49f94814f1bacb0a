"""Whether a process talks: an open port alone proves little, workers may fail behind it."""

import socket

from app.runtime.processes import Listener

_PAGE = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def greets(listener: Listener, *, seconds: float = 3) -> bool:
    """A page or a mail greeting comes back, whatever it says."""
    try:
        with socket.create_connection((listener.reachable_host, listener.port), seconds) as peer:
            if listener.speaks == "http":
                peer.sendall(_PAGE)
            first = peer.recv(5)
    except OSError:
        return False
    return first.startswith(b"HTTP/" if listener.speaks == "http" else b"220")
