"""What ``make long-work`` measures and prints."""

from django.core.management import call_command

from agencies.models import Council, LongWork, User
from tests.long_work import data, exports, imports, opening


def everything(chosen, run) -> None:
    """All measures, or the chosen part."""
    call_command("migrate", verbosity=0)
    council, secretary = _province(chosen.lines)
    if chosen.only in (None, "exports"):
        _exports(council, secretary, run)
    if chosen.only in (None, "imports"):
        imports.measure(council, chosen.rows, run)
    if chosen.only in (None, "opening"):
        opening.measure(council, run)


def _province(lines: int) -> tuple[Council, User]:
    if found := Council.objects.filter(code="thu").first():
        return found, User.objects.get(username="thu-ky-thu")
    print(f"Filling: {lines:,} report lines …", flush=True)
    return data.province(lines)


def _exports(council: Council, secretary: User, run) -> None:
    exports.bare_copy(council)  # once for the pages of the tables to be in memory
    alone = exports.bare_copy(council)
    bare_rows = exports.one_window(exports.SOURCES[exports.LINES], exports.ordered_for_columns(council)).rows
    print(f"bare COPY of {bare_rows:,} rows: {alone:.1f} s, {bare_rows / alone:,.0f} rows/s", flush=True)
    for file_format in ("csv", "xlsx"):
        work = exports.ordered(council, secretary, file_format)
        seconds, rows, most, began = run("work", work.pk, 0)
        work = LongWork.objects.get(pk=work.pk)
        before, alone = alone, exports.bare_copy(council)  # right before and after: others use the machine too
        bare = (before + alone) / 2
        print(
            f"{file_format}: {seconds:.1f} s, {rows / seconds:,.0f} rows/s, {seconds / bare:.2f}x bare COPY ({bare:.1f} s),"
            f" {work.size / 1e6:.0f} MB, peak {most:.0f} MB (before the work {began:.0f} MB) {work.state} {work.error}",
            flush=True,
        )
        cut = exports.cut_in_the_middle(council, secretary, file_format, min(17, rows // 40_000), run)
        same = exports.digest(cut.pk) == exports.digest(work.pk)
        print(f"  cancelled in the middle, resumed: {'EQUAL byte for byte' if same else 'DIFFERENT'}", flush=True)
        if file_format == "xlsx":
            print("  rows and bytes of XML in the workbook:", *exports.rows_in_workbook(work.pk), flush=True)
        if not same or rows != bare_rows:
            raise SystemExit("the export is not whole")
    for name, rate in exports.other_writers(council, 20_000):
        print(f"beside: {name}: {rate:,.0f} rows/s", flush=True)
