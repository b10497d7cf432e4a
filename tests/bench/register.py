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


def all_measures(site: Site, *, wanted: list[str], failed: list[str] | None = None) -> Iterator[Measure]:
    """The measures of the wanted groups, all when none is named. Each must be used before the next is asked for.

    A group that cannot be prepared in this world goes to ``failed``, or raises without it.
    """
    named = set(wanted) & set(GROUPS)
    for name, make in GROUPS.items():
        if named and name not in named:
            continue
        try:
            for measure in make(site):
                if not wanted or measure.group in wanted or measure.name in wanted:
                    yield measure
        except (AssertionError, RuntimeError) as error:
            if failed is None:
                raise
            failed.append(f"{name}: {error}"[-600:])
