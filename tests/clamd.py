"""A tiny clamd on the loopback: it reads one INSTREAM and answers as the real one does."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator

from tests.nasty_files import EICAR


def _read(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            raise ConnectionError
        data += more
    return data


def _talk(connection: socket.socket, answer: bytes | None) -> None:
    with connection, contextlib.suppress(ConnectionError):
        assert _read(connection, 10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">I", _read(connection, 4))[0]:
            content += _read(connection, size)
        found = b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if EICAR in content else b"stream: OK\0"
        connection.sendall(found if answer is None else answer)


@contextlib.contextmanager
def clamd(answer: bytes | None = None, path: str = "") -> Iterator[str]:
    """The address of a running scanner: host:port, or ``path`` for a socket there. ``answer`` is said to everything."""
    server = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
    server.bind(path or ("127.0.0.1", 0))
    server.listen()

    def serve():
        with contextlib.suppress(OSError):
            while True:
                _talk(server.accept()[0], answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield path or f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()
