"""Every group of measures, in the order in which they are told."""

from collections.abc import Callable, Iterator

from tests.bench import exports, imports, leaders, lists, opening, pages, saving, word
from tests.bench.measure import Measure
from tests.bench.site import Site

GROUPS: dict[str, Callable[[Site], Iterator[Measure]]] = {
    "pages": pages.measures,
    "everybody": pages.like_everybody,
    "lists": lists.measures,
    "leaders": leaders.measures,
    "saving": saving.measures,
    "exports": exports.measures,
    "imports": imports.measures,
    "opening": opening.measures,
    "word": word.measures,
}


def all_measures(site: Site, *, wanted: list[str]) -> Iterator[Measure]:
    """The measures of the wanted groups, all when none is named. Each must be used before the next is asked for."""
    named = set(wanted) & set(GROUPS)
    for name, make in GROUPS.items():
        if name in named or not named:
            for measure in make(site):
                if not wanted or measure.group in wanted or measure.name in wanted:
                    yield measure
