"""The bytes of an annex, Word or Excel, as plain rows of text."""

from agencies.tables.excel import read_workbook
from agencies.tables.package import WORD, open_package
from agencies.tables.source import Annex
from campaigns.imports.word import read_document


def read_annex(content: bytes, filename: str) -> Annex:
    """The annex in the bytes of an uploaded file. Raises BadFile, in words."""
    package = open_package(content, filename)
    return read_document(package) if package.kind == WORD else read_workbook(package)
