"""The key that signs what leaves the record: Ed25519, made once, its private half readable by the portal alone.

The signature shows that a file left this portal and has not been changed since. The key is no proof against whoever
owns the server; for that the files and the public key are kept elsewhere (docs/operate.md).
"""

import base64
import os
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from agencies.errors import BusinessError

ANCHORS = "anchors.jsonl"
_PURPOSE = b"portal-record-1\n"  # a signature made here means nothing anywhere else


def private_key() -> Ed25519PrivateKey:
    """The portal's key at PORTAL_RECORD_KEY. Raises BusinessError when there is none, or the file is no such key.

    It is made by the first signature (``signing_key``), never by looking: a key made anew would hide that one was lost.
    """
    path = Path(settings.PORTAL_RECORD_KEY)
    if not path.exists():
        raise BusinessError(
            f"Chưa có khóa ký {path}. Cổng lập khóa khi ký lần đầu (mốc nhật ký mỗi đêm, hoặc xuất nhật ký một tháng); "
            "nếu đã có tệp mốc anchors.jsonl thì hãy lấy lại khóa từ nơi cất, hoặc cất tệp mốc đi để cổng lập khóa mới."
        )
    key = _read(serialization.load_pem_private_key, path, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise BusinessError(
            f"{path} không phải khóa riêng Ed25519. Không có gì được ký; hãy đặt lại PORTAL_RECORD_KEY."
        )
    return key


def signing_key() -> Ed25519PrivateKey:
    """``private_key``, made now where none was: whole on the disk before it has its name, and never over another's.

    Raises BusinessError where there are anchors already (agencies/journal/anchors.py): the key that signed them was
    lost, and which of the two is brought back or put away is for people to decide.
    """
    path = Path(settings.PORTAL_RECORD_KEY)
    if not path.exists() and not (Path(settings.PORTAL_RECORD_DIR) / ANCHORS).exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        handle, unnamed = tempfile.mkstemp(dir=path.parent, prefix=".key-")  # readable by its owner alone
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(pem)
                file.flush()
                os.fsync(handle)
            os.link(unnamed, path)
        except FileExistsError:
            pass  # another process was first; its key is the key
        finally:
            os.unlink(unnamed)
    return private_key()


def public_key(path: Path | None = None) -> Ed25519PublicKey:
    """The portal's public key, or the one in a PEM file. Raises BusinessError for a file that is no such key."""
    if path is None:
        return private_key().public_key()
    key = _read(serialization.load_pem_public_key, path)
    if not isinstance(key, Ed25519PublicKey):
        raise BusinessError(f"{path} không phải khóa công khai Ed25519. Hãy dùng tệp do --public-key in ra.")
    return key


def _read(load, path: Path, **options):
    try:
        return load(path.read_bytes(), **options)
    except (OSError, ValueError) as error:
        raise BusinessError(f"Không đọc được khóa {path}. Hãy kiểm tra đường dẫn và quyền đọc tệp.") from error


def as_pem(key: Ed25519PublicKey) -> str:
    """The public key as it is kept elsewhere."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def leave_public_key(path: Path) -> None:
    """The public key beside what it proves, for whoever copies that away without being let at the private one."""
    text = as_pem(public_key())
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def sign(content: bytes) -> str:
    """The signature of some bytes, base64."""
    return base64.b64encode(signing_key().sign(_PURPOSE + content)).decode()


def signed(content: bytes, signature: str, key: Ed25519PublicKey) -> bool:
    """Whether the signature is of these bytes, by that key."""
    try:
        key.verify(base64.b64decode(signature, validate=True), _PURPOSE + content)
    except (InvalidSignature, ValueError):
        return False
    return True
