"""What the agencies handed in: periods, reports with their words and figures, and their lines of the record."""

from collections.abc import Sequence
from datetime import date

from portal.worlds.agreed import OPENED_AFTER
from portal.worlds.done import Sums
from portal.worlds.fates import Fate
from portal.worlds.land import Land, Seat, moment
from portal.worlds.phrases import WORDS
from portal.worlds.sheets import NULL
from portal.worlds.sizes import LAST, QUARTERS
from reports.calendars import deadlines, longer_than
from reports.models import Holiday

_LOOKED_AT = '{"looks": []}'


def tell(land: Land, fates: Sequence[dict[int, Fate]], sums: Sums, lines: list[int]) -> None:
    """Write periods, reports and figures."""
    _open_periods(land, fates, lines)
    _Reports(land, fates, sums).write()


def _open_periods(land: Land, fates, lines: list[int]) -> None:
    sheet, calendar, known = land.sheets["reports_period"], Holiday.calendar(), set()
    for at, span in enumerate(QUARTERS):
        opened = span.starts_on + OPENED_AFTER
        for one in (span, *longer_than(span)):
            if one.code in known:
                continue
            known.add(one.code)
            due = deadlines(one.ends_on, calendar)
            pk = sheet.add(
                land.pk, one.code, one.kind, one.starts_on, one.ends_on, due.agency, due.secretariat, due.leader,
                "open", moment(opened, 8, 30), land.secretary, "",
            )  # fmt: skip
            if one is span:
                told = f"Mở kỳ {span.label}: {len(fates[at])} báo cáo, {lines[at]} dòng nhiệm vụ"
                by = (land.secretary, land.secretary_name)
                land.record(moment(opened, 8, 30), *by, "open_period", told, "reports.period", pk, after="open")
                if at == LAST:
                    _tell_opened(land, fates[at], pk, span, due, opened)


def _tell_opened(land: Land, fates: dict[int, Fate], pk: int, span, due, opened: date) -> None:
    for agency in fates:
        seat = land.seats[agency]
        text = (
            f"Đã mở kỳ báo cáo {span.label} cho {seat.short_name}: số liệu từ {span.starts_on:%d/%m/%Y} đến "
            f"{span.ends_on:%d/%m/%Y}, hạn nộp {due.agency:%d/%m/%Y}."
        )
        land.sheets["agencies_notice"].add(
            seat.liaison, "opened", moment(opened, 8, 30), text, "/viec-cua-toi/", land.pk, seat.pk, f"opened:{pk}",
            land.secretary, land.pk,
        )  # fmt: skip


class _Reports:
    def __init__(self, land: Land, fates: Sequence[dict[int, Fate]], sums: Sums):
        self.land, self.fates, self.sums, self.dice = land, fates, sums, land.dice
        periods = land.sheets["reports_period"].lines
        numbers = {line.split("\t", 3)[2]: int(line.split("\t", 1)[0]) for line in periods}
        self.periods = [numbers[span.code] for span in QUARTERS]
        self.stocks = {place: _People(land, place) for place in range(len(land.seats))}
        self.last: dict[tuple[int, str], int] = {}  # last accepted stock of an agency

    def write(self) -> None:
        for at in range(len(QUARTERS)):
            for agency, fate in self.fates[at].items():
                self._report(at, agency, fate)
                self._figures(at, agency, fate)
                if fate.handed_in:
                    self._on_record(at, self.land.seats[agency], fate)

    def _report(self, at: int, agency: int, fate: Fate) -> None:
        land, seat, dice = self.land, self.land.seats[agency], self.dice
        wrote = fate.submitted or fate.share > 0.3
        words = [dice.choice(texts).format(quarter=QUARTERS[at].label) if wrote else "" for texts in WORDS.values()]
        submitted = moment(fate.handed_in, 15, 10) if fate.submitted else None
        approved = fate.approved and fate.state != "awaiting"
        returned = moment(fate.returned_on, 16, 45) if fate.returned_on else None
        accepted = moment(fate.accepted_on, 17, 10) if fate.accepted_on else None
        pk = land.sheets["reports_progressreport"].add(
            fate.state, False, *words, submitted, moment(fate.handed_in, 16, 25) if approved else None, accepted,
            returned, fate.reason if fate.state == "returned" else "", self._version(fate),
            land.secretary if accepted else None, seat.pk, seat.approver if approved else None, self.periods[at],
            land.secretary if returned else None, seat.liaison if submitted else None,
            _LOOKED_AT if submitted else None, land.pk,
        )  # fmt: skip
        if pk != fate.pk:
            raise AssertionError(f"báo cáo {pk} ≠ {fate.pk}")

    @staticmethod
    def _version(fate: Fate) -> int:
        steps = (fate.share > 0.3, fate.submitted, fate.approved, fate.accepted, bool(fate.returned_on))
        return 1 + sum(steps)

    def _figures(self, at: int, agency: int, fate: Fate) -> None:
        sheet, wall = self.land.sheets["reports_reportfigure"], self.land.pk
        total, people = self.sums.get((at, agency), {}), self.stocks[agency]
        number = sheet.next
        for row in self.land.ground.indicators:
            if row.reported_by != "every" and agency:
                continue
            value, computed = NULL, NULL
            if row.from_activities:
                if fate.submitted:
                    counted = total.get(row.code, 0)
                    value = computed = f"{counted // 10}.{counted % 10}" if row.decimals else counted
            elif fate.submitted:
                value = people.value(row.code, at)
                if fate.accepted and row.nature == "stock":
                    self.last[agency, row.code] = value
            elif row.nature == "stock":
                value = self.last.get((agency, row.code), NULL)
            sheet.lines.append(f"{number}\t{value}\t\tf\t{computed}\t\t{row.pk}\t{fate.pk}\t{wall}")
            number += 1

    def _on_record(self, at: int, seat: Seat, fate: Fate) -> None:
        name = f"Báo cáo {QUARTERS[at].label} của {seat.short_name}"
        secretary = (self.land.secretary, self.land.secretary_name)
        liaison, day = (seat.liaison, seat.liaison_name), fate.handed_in

        def tell(on, by, verb, words, before, after, reason=""):
            self.land.record(on, *by, verb, f"{words}: {name}", "reports.progressreport", fate.pk,
                             agency=seat.pk, before=before, after=after, reason=reason)  # fmt: skip

        def hand_in(on, before):
            if not seat.approval:
                tell(moment(on, 15, 10), liaison, "submit_report", "Nộp báo cáo", before, "submitted")
                return
            words = "Trình lãnh đạo đơn vị duyệt"
            tell(moment(on, 15, 10), liaison, "request_approval", words, before, "awaiting")
            if fate.approved:
                by = (seat.approver, seat.approver_name)
                tell(moment(on, 16, 25), by, "approve_report", "Duyệt báo cáo", "awaiting", "submitted")

        hand_in(fate.returned_on or day, "draft")
        if fate.returned_on:
            words = "Trả lại báo cáo"
            tell(
                moment(fate.returned_on, 16, 45),
                secretary,
                "return_report",
                words,
                "submitted",
                "returned",
                fate.reason,
            )
            if fate.accepted:
                hand_in(day, "returned")
        if fate.accepted_on:
            on = moment(fate.accepted_on, 17, 10)
            tell(on, secretary, "accept_report", "Tiếp nhận báo cáo", "submitted", "accepted")


class _People:
    """The figures that an agency types by hand: its people, and for Sở Tư pháp grassroots mediation."""

    def __init__(self, land: Land, place: int):
        dice = land.dice
        self.reporters, self.speakers = 3 + int(25 * dice.random()), 0.5 + 0.4 * dice.random()
        self.teams = 300 + int(2500 * dice.random()) if place == 0 else 0
        self.cases = [max(60, int(self.teams * (0.25 + 0.3 * dice.random()))) for _quarter in QUARTERS]

    def value(self, code: str, at: int) -> int:
        """The figure of an indicator in a quarter; parts add up to their wholes in every one."""
        reporters = self.reporters + at // 2
        if code in ("PB08", "PB09"):
            return reporters * (1 if code == "PB08" else 6)
        if code in ("PB08a", "PB09a"):
            return int(reporters * self.speakers) * (1 if code == "PB08a" else 5)
        teams, cases = self.teams + at, self.cases[at]
        mediators, men, lawyers = 6 * teams, 4 * teams + at, teams // 3
        family, land_cases = cases // 4, cases // 3
        settled = [land_cases * 8 // 10, family * 8 // 10, (cases - land_cases - family) * 9 // 10]
        open_cases = (cases - sum(settled)) // 4
        return {
            "HG01": teams, "HG02": mediators, "HG03": men, "HG04": mediators - men, "HG05": lawyers,
            "HG06": mediators - lawyers, "HG07": mediators // 12, "HG08": mediators // 2,
            "HG11": cases, "HG12": land_cases, "HG13": family, "HG14": cases - land_cases - family,
            "HG15": sum(settled), "HG16": settled[0], "HG17": settled[1], "HG18": settled[2],
            "HG19": cases - sum(settled) - 2 * open_cases, "HG20": open_cases, "HG21": open_cases,
            "DA01": 3 + at, "DA01a": 2 + at, "DA02": teams * (80 + 2 * at) // 100, "DA03": teams // 9,
            "DA04": mediators * 4 // 10, "DA05": cases // 10, "DA05a": cases // 11,
        }[code]  # fmt: skip
