"""Two people on one row, for any texts and any changes: nothing that either of them changed is silently gone."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.merging import merge, same

NAMES = ("status", "percent", "result", "difficulty", "proposal")
GROUPS = [("status", "percent")]
texts = st.sampled_from(["", "Đã tổ chức 02 cuộc", "Đã tổ chức 03 cuộc", "Trùng lịch thi", "một\r\nhai"])
# The first draw is slow on a busy machine.
patient = settings(deadline=None, suppress_health_check=list(HealthCheck))
rows = st.fixed_dictionaries(dict.fromkeys(NAMES, texts))


def unit_of(name):
    return next((group for group in GROUPS if name in group), (name,))


def changed(base, other):
    """Names whose unit was changed."""
    return {name for name in NAMES if any(not same(base[part], other[part]) for part in unit_of(name))}


@patient
@given(rows, rows, rows)
def test_every_change_is_in_the_result_or_asked_about(base, mine, theirs):
    merged = merge(base, mine, theirs, GROUPS)
    for name in NAMES:
        if name in changed(base, mine):
            assert same(merged.values[name], mine[name])
        elif name in changed(base, theirs):
            assert same(merged.values[name], theirs[name])
        else:
            assert same(merged.values[name], base[name])
        both = name in changed(base, mine) and name in changed(base, theirs)
        assert (name in merged.clashes) == (both and not same(mine[name], theirs[name]))
        assert not (name in merged.taken and name in merged.clashes)


@patient
@given(rows, rows, rows)
def test_without_a_clash_it_does_not_matter_who_was_first(base, mine, theirs):
    one, other = merge(base, mine, theirs, GROUPS), merge(base, theirs, mine, GROUPS)
    assert set(one.clashes) == set(other.clashes)
    for name in NAMES:
        if not set(unit_of(name)) & set(one.clashes):
            assert same(one.values[name], other.values[name])


@patient
@given(rows, rows)
def test_whoever_changed_nothing_gets_the_others_words_and_nobody_is_asked(base, other):
    assert merge(base, base, other, GROUPS).clashes == ()
    assert all(same(merge(base, base, other, GROUPS).values[name], other[name]) for name in NAMES)
    assert merge(base, other, base, GROUPS) == merge(base, other, other, GROUPS)
    assert merge(base, other, base, GROUPS).values == other


def test_a_status_and_its_percent_are_one_choice():
    base = {"status": "in_progress", "percent": 40, "result": ""}
    mine, theirs = base | {"percent": 60}, base | {"status": "done", "percent": 100}
    assert merge(base, mine, theirs, [("status", "percent")]).clashes == ("status", "percent")
    assert merge(base, mine, theirs).values == {"status": "done", "percent": 60, "result": ""}  # what groups prevent
