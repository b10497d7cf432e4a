"""'nt', '-nt-', 'như trên', '"': an annex's short ways of writing "the same as in the row above"."""

import re

from agencies.vietnamese import fold

_DITTO = re.compile(
    r"[-–—.('\" ]*(?:n\s*/?\s*t|(?:cung )?nhu (?:o )?(?:(?:dong|hang|muc|nhiem vu) )?tren)[-–—.)'\"; ]*"
    r"|[-–—. ]*(?:[\"“”″〃]|''|//|´´|〞)+[-–—. ]*"
)


def is_ditto(text: str) -> bool:
    """Whether a cell only refers to the row above."""
    return bool(text) and _DITTO.fullmatch(fold(text)) is not None
