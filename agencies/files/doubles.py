"""Files that are two things at once: a PDF or a picture that others read as a page, a script or an archive."""

import io
import re
import zipfile

# Browsers look for these in the first bytes when nobody tells them the type; PDF readers look in the first 1,024.
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|svg|iframe|object|embed|\?php)[\s>/]", re.IGNORECASE)
_EDGE = 1024


def looks_like_another(content: bytes) -> bool:
    """Whether the bytes also begin or end as a page or script, or open as a zip archive."""
    edges = content[:_EDGE] + b"\n" + content[-_EDGE:]
    return bool(_MARKUP.search(edges)) or _opens_as_zip(content)


def _opens_as_zip(content: bytes) -> bool:
    file = io.BytesIO(content)
    if not zipfile.is_zipfile(file):
        return False
    try:  # four bytes may look like the end of an archive by chance; its list of entries cannot
        with zipfile.ZipFile(file) as archive:
            return bool(archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError):
        return False
