"""Asking ClamAV about a file, and believing nothing when it does not answer.

``PORTAL_CLAMAV`` names the daemon: ``host:port`` or the path of its socket. Empty means that no scanner is at hand and
files are judged by their content alone. The talk is clamd's INSTREAM: lengths and pieces, a zero, one line back.
"""

import logging
import socket
import struct

from django.conf import settings

from agencies.errors import BusinessError

_log = logging.getLogger("portal.security")
_PIECE = 64 * 1024
_TIMEOUT = 20  # seconds for one answer; a scan of 10 MB takes about one
_LONGEST_ANSWER = 4096


class RefusedFile(BusinessError):
    """Files the portal does not take; the messages say why and what to send instead."""

    status = 422


class ScannerSilent(RefusedFile):
    """The scanner could not be asked, so the file is not taken."""

    status = 503


def refuse_infected(content: bytes, name: str) -> None:
    """Raise RefusedFile for a file with a virus, ScannerSilent when nobody can tell. ``name`` is for people."""
    if not settings.PORTAL_CLAMAV:
        return
    try:
        answer = _ask(settings.PORTAL_CLAMAV, content)
    except (OSError, ValueError) as error:
        _log.error("virus scanner does not answer: %s", type(error).__name__)
        answer = ""
    if answer == "stream: OK":
        return
    if answer.endswith(" FOUND"):
        virus = answer.removeprefix("stream: ").removesuffix(" FOUND")
        _log.warning("file refused, virus found: %s, %d bytes", virus, len(content))
        raise RefusedFile(
            f"Tệp “{name}” có mã độc ({virus}) nên không được nhận và không được lưu. "
            "Không mở tệp này nữa; báo bộ phận công nghệ thông tin quét máy đã tạo ra tệp, rồi gửi bản sạch."
        )
    if answer:
        _log.error("virus scanner answers: %r", answer)
    raise ScannerSilent(
        f"Chưa quét được mã độc cho tệp “{name}” vì máy quét không trả lời, nên tệp chưa được lưu. "
        "Các nội dung đã lưu trước đó vẫn còn. Hãy gửi lại tệp sau ít phút; nếu vẫn vậy, báo quản trị hệ thống."
    )


def _ask(address: str, content: bytes) -> str:
    with _connected(address) as daemon:
        daemon.sendall(b"zINSTREAM\0")
        for at in range(0, len(content), _PIECE):
            piece = content[at : at + _PIECE]
            daemon.sendall(struct.pack(">I", len(piece)) + piece)
        daemon.sendall(struct.pack(">I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
            more = daemon.recv(_LONGEST_ANSWER)
            if not more:
                break
            answer += more
    if not answer.endswith(b"\0"):
        raise ValueError  # half an answer is none
    return answer.rstrip(b"\0").decode("ascii", "replace").strip()


def _connected(address: str) -> socket.socket:
    if "/" in address:
        daemon = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        daemon.settimeout(_TIMEOUT)
        try:
            daemon.connect(address)
        except OSError:
            daemon.close()
            raise
        return daemon
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_TIMEOUT)
