"""Calling people by name in a text: '@thuky', '@Nguyễn Thị Bích Ngân', '@bich ngan'. Pure text; who is who is given."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from agencies.vietnamese import fold

# An '@' that is not inside a word or an e-mail address, and up to eight words on the same line.
_CALL = re.compile(r"(?<![\w.@])@(?=\w)")
_WORD = re.compile(r"[ ]?([\w](?:[\w.+-]*[\w])?)")
_MOST_WORDS = 8


@dataclass(frozen=True)
class Person:
    """Somebody who may be called: ``where`` says from which agency, ``sees`` whether they see what is talked about."""

    id: int
    login: str
    name: str
    where: str = ""
    sees: bool = True


@dataclass(frozen=True)
class Called:
    """A text with each '@' followed by the full name of the person meant, those people, and what could not be read."""

    text: str
    people: tuple[Person, ...]
    problems: tuple[str, ...]


def read_mentions(text: str, known: Iterable[Person]) -> Called:
    """Who is called in the text. A login counts before a name; a name is the end of the full name, however spelt.

    Nobody is guessed: an unknown name, one that several people have and one of somebody who does not see what is talked
    about are problems, in words for the writer.
    """
    people = list(known)
    by_login = {person.login.casefold(): person for person in people}
    names = [(fold(person.name).split(), person) for person in people]
    out, found, problems, done = [], {}, [], 0
    for call in _CALL.finditer(text):
        words = _words_after(text, call.end())
        person, end, problem = by_login.get(words[0][0].casefold()), words[0][1], ""
        if person is None:
            person, end, problem = _by_name(words, names)
        if person is not None and not person.sees:
            problem = _nobody(words[0][0])
        if problem:
            problems.append(problem)
            continue
        out += [text[done : call.end()], person.name]
        done = end
        found[person.id] = person
    return Called("".join([*out, text[done:]]), tuple(found.values()), tuple(dict.fromkeys(problems)))


def _words_after(text: str, start: int) -> list[tuple[str, int]]:
    """The words from there on with where each ends; a full stop, a comma and a new line end the name."""
    words = []
    while len(words) < _MOST_WORDS and (match := _WORD.match(text, start)):
        words.append((match[1], match.end()))
        start = match.end()
    return words


def _by_name(words: list[tuple[str, int]], names) -> tuple[Person | None, int, str]:
    """The person whose name ends with the longest run of these words, where that run ends, and what is wrong."""
    for length in range(len(words), 0, -1):
        typed = [part for word, _end in words[:length] for part in fold(word).split()]
        meant = [person for name, person in names if typed and name[-len(typed) :] == typed]
        if not meant:
            continue
        who = " ".join(word for word, _end in words[:length])
        seeing = [person for person in meant if person.sees]
        if len(meant) == 1 or len(seeing) == 1:
            return (seeing or meant)[0], words[length - 1][1], ""
        if not seeing:
            return None, 0, _nobody(words[0][0])
        choices = "; ".join(f"@{person.login} ({person.name}, {person.where})" for person in seeing)
        return None, 0, f"Có {len(seeing)} người tên “{who}”. Hãy gõ tên đăng nhập của người cần nhắc: {choices}."
    return None, 0, _nobody(words[0][0])


def _nobody(typed: str) -> str:
    """One answer for somebody unknown and for somebody who does not see it: who exists elsewhere is not told."""
    return (
        f"Không tìm thấy ai là “@{typed}” xem được nội dung này. Gõ @ rồi tên đăng nhập hoặc họ và tên; nếu không định "
        "nhắc ai, hãy bỏ dấu @."
    )
