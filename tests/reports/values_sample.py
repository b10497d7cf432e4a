"""A rich handmade Consolidation: Cần Thơ, Quý II/2024; ten agencies, five plans, every state, every kind of figure."""

from datetime import date
from decimal import Decimal

from campaigns.catalogue import INDICATORS
from reports.goals import TargetRow, measured
from reports.values import (
    AgencyFigure,
    AgencyRow,
    Cell,
    Consolidation,
    CouncilPart,
    Counts,
    IndicatorRow,
    PeriodPart,
    PlanRow,
    TaskRow,
    Words,
)

COUNCIL = CouncilPart(
    code="can-tho",
    name="Hội đồng phối hợp phổ biến, giáo dục pháp luật thành phố Cần Thơ",
    short_name="thành phố Cần Thơ",
    place="Cần Thơ",
    parent_body="Ủy ban nhân dân thành phố Cần Thơ",
    standing_agency="Sở Tư pháp thành phố Cần Thơ",
    standing_agency_abbreviation="STP",
    chair_name="Nguyễn Văn Mẫu",
    standing_vice_chair_name="TS. Lê Thị Thí Dụ",
)

PERIOD = PeriodPart(
    code="2024-q2",
    label="Quý II/2024",
    long_label="Quý II năm 2024",
    starts_on=date(2024, 3, 15),
    ends_on=date(2024, 6, 14),
    agency_due_on=date(2024, 6, 17),
    next_label="Quý III/2024",
    previous_label="Quý I/2024",
    last_year_label="Quý II/2023",
    locked=False,
)

# code, name, short name, report state, its words, handed in on, on time
AGENCIES = [
    ("stp", "Sở Tư pháp", "STP", "accepted", "Đã tiếp nhận", date(2024, 6, 14), True),
    (
        "mttq",
        "Ủy ban Mặt trận Tổ quốc Việt Nam thành phố",
        "UBMTTQVN",
        "accepted",
        "Đã tiếp nhận",
        date(2024, 6, 17),
        True,
    ),
    ("gddt", "Sở Giáo dục và Đào tạo", "Sở GD&ĐT", "accepted", "Đã tiếp nhận", date(2024, 6, 17), True),
    ("snv", "Sở Nội vụ", "Sở Nội vụ", "accepted", "Đã tiếp nhận", date(2024, 6, 16), True),
    ("cand", "Công an thành phố", "Công an TP", "accepted", "Đã tiếp nhận", date(2024, 6, 19), False),
    ("lhpn", "Hội Liên hiệp Phụ nữ thành phố", "Hội LHPN", "accepted", "Đã tiếp nhận", date(2024, 6, 17), True),
    ("bdt", "Ban Dân tộc thành phố", "Ban Dân tộc", "submitted", "Đã nộp, chờ tiếp nhận", date(2024, 6, 18), False),
    ("doan", "Thành đoàn Cần Thơ", "Thành đoàn", "returned", "Bị trả lại", None, None),
    ("atgt", "Ban An toàn giao thông thành phố", "Ban ATGT", "draft", "Đang lập", None, None),
    ("hlg", "Hội Luật gia thành phố", "Hội Luật gia", "accepted", "Đã tiếp nhận", date(2024, 6, 17), True),
]
NAMES = {row[0]: row[1] for row in AGENCIES}

PLANS = [
    (1, "01/KHPH-STP-UBMTTQVN", "Kế hoạch phối hợp thực hiện công tác hòa giải ở cơ sở giai đoạn 2024 - 2025"),
    (2, "02/KHPH-STP-SGDĐT-TĐ", "Kế hoạch phối hợp giáo dục pháp luật trong nhà trường 2024 - 2025"),
    (3, "03/KHPH-STP-CATP-BATGT", "Kế hoạch phối hợp tuyên truyền pháp luật về an toàn giao thông 2024 - 2025"),
    (4, "04/KHPH-STP-HLHPN-BDT", "Kế hoạch phối hợp PBGDPL cho phụ nữ và đồng bào dân tộc thiểu số 2024 - 2025"),
    (5, "", "Kế hoạch phối hợp nâng cao chất lượng đội ngũ báo cáo viên, tuyên truyền viên pháp luật 2024 - 2025"),
]

# One record per task, fields parted by |, records by an empty line:
# plan, section, number, title, lead, supporting, timing, due, state, percent, result, difficulty, new date
_TASKS = """
1|II. Nội dung phối hợp|II.1|
Hướng dẫn bầu, kiện toàn tổ hòa giải, bảo đảm mỗi tổ có ít nhất 03 hòa giải viên, có nữ|mttq|stp|Quý II/2024|
2024-06-14|done|100|Đã kiện toàn 640/640 tổ hòa giải, bổ sung 112 hòa giải viên nữ.||

1|II. Nội dung phối hợp|II.2|Tập huấn kỹ năng hòa giải ở cơ sở theo Đề án ban hành kèm Quyết định số 315/QĐ-TTg|stp|
mttq,hlg|Trước ngày 15/11/2024|2024-11-15|on_track|60|Đã tổ chức 03/05 lớp cho 280 hòa giải viên.||

1|II. Nội dung phối hợp|II.3|Giám sát việc thực hiện pháp luật về hòa giải ở cơ sở|mttq|stp|Tháng 5/2024|2024-05-31|
overdue|40|Đã giám sát tại 02/05 quận, huyện.|Trùng thời gian phục vụ Đại hội Mặt trận các cấp nên phải lùi lịch.|
2024-07-30

1|II. Nội dung phối hợp|II.4|Huy động luật sư, luật gia hỗ trợ tổ hòa giải|hlg|stp,mttq|Thường xuyên||on_track|50|
Có 46 luật gia đăng ký hỗ trợ 71 tổ hòa giải.||

2|II. Nội dung phối hợp|II.1|Tổ chức phiên tòa giả định tại các trường trung học phổ thông|gddt|stp,doan|Hằng quý|
2024-06-14|done|100|Đã tổ chức 06 phiên tòa giả định với 2.450 lượt học sinh tham dự.||

2|II. Nội dung phối hợp|II.2|Cuộc thi trực tuyến tìm hiểu pháp luật cho thanh niên, học sinh|doan|gddt|Tháng 6/2024|
2024-06-20|due_soon|70||Chưa thống nhất được kinh phí giải thưởng.|

2|II. Nội dung phối hợp|II.3|Bồi dưỡng giáo viên giáo dục công dân, giáo dục kinh tế và pháp luật|gddt|stp|
Quý III/2024|2024-09-14|on_track|20|Đã khảo sát nhu cầu của 64 trường.||

2|II. Nội dung phối hợp|II.10|Xây dựng câu lạc bộ pháp luật tại các trường chuyên nghiệp|doan||Năm 2024|2024-12-14|
suspended|10|||

3|II. Nội dung phối hợp|1.a)|Tuyên truyền Luật Giao thông đường bộ, phòng, chống tác hại của rượu, bia cho lái xe|
cand|atgt,stp|Hằng quý|2024-06-14|done|100|Đã tổ chức 18 cuộc, 3.120 lượt người; phát 9.500 tờ gấp.||

3|II. Nội dung phối hợp|1.b)|Phát động “Tháng cao điểm an toàn giao thông cho học sinh đến trường”|atgt|cand,gddt|
Trước ngày 10/5/2024|2024-05-10|overdue|30|||

3|II. Nội dung phối hợp|1.c)|Tuyên truyền phòng, chống ma túy cho công nhân tại các khu công nghiệp|cand|stp|
Quý II/2024|2024-06-18|due_soon|80|Đã tổ chức tại 04/05 khu công nghiệp.||

4|II. Nội dung phối hợp|II.1|Truyền thông Luật Phòng, chống bạo lực gia đình tại các xã, phường|lhpn|stp|
Thường xuyên||on_track|55|Đã tổ chức 21 cuộc với 1.870 lượt hội viên.||

4|II. Nội dung phối hợp|II.2|Biên soạn tờ gấp song ngữ Việt - Khmer|bdt|stp|Quý II/2024|2024-06-14|due_soon|90|
Đã biên soạn xong, chờ thẩm định bản dịch.||

4|II. Nội dung phối hợp|II.3|Mô hình “Chi hội phụ nữ không có người vi phạm pháp luật”|lhpn|bdt|
Trước ngày 30/4/2024|2024-04-30|overdue|60|Đã ra mắt 05/09 chi hội.|Một số địa phương chưa bố trí được kinh phí.|
2024-08-31

5|III. Đội ngũ|1|Rà soát, kiện toàn đội ngũ báo cáo viên pháp luật cấp thành phố|stp|snv|Quý II/2024|2024-06-14|
done|100|Đã công nhận 12, miễn nhiệm 05 báo cáo viên pháp luật.||

5|III. Đội ngũ|2|Tập huấn kỹ năng tuyên truyền miệng cho tuyên truyền viên pháp luật|snv|stp|Quý III/2024|
2024-09-14|on_track|0|||
"""

_FIGURES = {
    "PB01": {"stp": 12, "mttq": 6, "gddt": 8, "snv": 0, "cand": 18, "lhpn": 21, "hlg": 4},
    "PB02": {"stp": 960, "mttq": 410, "gddt": 2450, "snv": 0, "cand": 3120, "lhpn": 1870, "hlg": 215},
    "PB02n": {"stp": 400, "mttq": 190, "gddt": 1240, "snv": 0, "cand": 610, "lhpn": 1802, "hlg": 80},
    "PB02d": {"stp": 60, "mttq": 22, "cand": 140, "lhpn": 95},
    "PB03": {"gddt": 2, "snv": 0, "cand": 1},
    "PB04": {"gddt": 5210, "cand": 860},
    "PB05": {"stp": 12400, "cand": 9500, "lhpn": 1500, "snv": 0},
    "PB05a": {"stp": 11900, "cand": 9500, "lhpn": 1500, "snv": 0},
    "PB05b": {"stp": 500, "cand": 0, "lhpn": 0, "snv": 0},
    "PB05i": {"stp": 35, "cand": 4},
    "PB06": {"stp": 24, "cand": 36},
    "PB07": {"stp": 58, "mttq": 17, "gddt": 22, "cand": 41, "lhpn": 12, "hlg": 6},
    "PB08": {"stp": 142},
    "PB08a": {"stp": 97},
    "PB09": {"stp": 1206},
    "PB09a": {"stp": 870},
    "PB10": {"stp": "412.5", "cand": "180", "lhpn": "64.3"},
    "PB10a": {"stp": "380", "cand": "180", "lhpn": "40"},
    "PB10b": {"stp": "32.5", "lhpn": "20"},
    "PB10c": {"lhpn": "4.3"},
    "TH01": {"stp": 3, "gddt": 1},
    "TH02": {"stp": 280, "gddt": 64},
    "TH03": {"stp": 280},
    "HG01": {"stp": 640},
    "HG02": {"stp": 3842},
    "HG03": {"stp": 2410},
    "HG04": {"stp": 1432},
    "HG05": {"stp": 96},
    "HG06": {"stp": 3746},
    "HG07": {"stp": 58},
    "HG08": {"stp": 1180},
    "HG11": {"stp": 323},
    "HG12": {"stp": 140},
    "HG13": {"stp": 71},
    "HG14": {"stp": 112},
    "HG15": {"stp": 186},
    "HG19": {"stp": 103},
    "HG20": {"stp": 34},
    "HG21": {"stp": 0},
    "DA01": {"stp": 8},
    "DA01a": {"stp": 6},
    "DA02": {"stp": 608},
    "DA03": {"stp": 71},
    "DA04": {"stp": 2140},
    "DA05": {"stp": 31},
    "DA05a": {"stp": 28},
}
# code → (previous period, same period last year); None where the portal was not there yet
_BEFORE = {
    "PB01": (61, 60),
    "PB02": (9025, 8300),
    "PB03": (0, 2),
    "PB04": (0, 4120),
    "PB05": (21000, None),
    "PB07": (156, 140),
    "PB10": ("600", "610.2"),
    "HG11": (298, 340),
    "HG15": (170, 205),
    "TH01": (4, None),
    "HG01": (640, 652),
}

_WORDS = [
    ("stp", "direction", "Đã tham mưu Hội đồng ban hành 04 văn bản hướng dẫn, đôn đốc thực hiện kế hoạch phối hợp."),
    ("cand", "direction", "Ban hành Kế hoạch số 215/KH-CATP; giao chỉ tiêu cho công an 09 quận, huyện."),
    ("gddt", "direction", "Chỉ đạo các trường đưa nội dung giáo dục pháp luật vào kế hoạch năm học."),
    ("lhpn", "highlights", "Mô hình “Chi hội phụ nữ không có người vi phạm pháp luật” được nhân rộng tại 05 phường."),
    ("gddt", "highlights", "Phiên tòa giả định thu hút đông đảo học sinh tham gia."),
    ("mttq", "difficulties", "Hòa giải viên lớn tuổi, tiếp cận công nghệ thông tin còn hạn chế."),
    ("lhpn", "difficulties", "Kinh phí cho mô hình còn thấp.\nMột số chi hội chưa có tài liệu riêng."),
    ("lhpn", "causes", "Ngân sách cấp xã chưa bố trí mục chi riêng cho công tác này."),
    ("stp", "next_steps", "Hoàn thành 02 lớp tập huấn còn lại; chuẩn bị các hoạt động hưởng ứng Ngày Pháp luật."),
    ("cand", "next_steps", "Tiếp tục tuyên truyền tại khu công nghiệp Trà Nóc."),
    ("lhpn", "proposals", "Đề nghị Ủy ban nhân dân thành phố bổ sung kinh phí thực hiện mô hình."),
]


def _date(text):
    return date.fromisoformat(text) if text else None


def tasks() -> tuple[TaskRow, ...]:
    """The tasks of the sample, in the order of the plans."""
    status = {"done": "Hoàn thành", "suspended": "Tạm dừng"}
    rows = []
    for index, record in enumerate(_TASKS.strip().split("\n\n"), 1):
        plan, section, number, title, lead, supporting, timing, due, state, percent, result, difficulty, later = (
            record.replace("\n", "").split("|")
        )
        rows.append(
            TaskRow(
                id=index,
                plan=int(plan),
                plan_number=PLANS[int(plan) - 1][1],
                section=section,
                number=number,
                title=title,
                lead=lead,
                lead_name=NAMES[lead],
                supporting_names=tuple(NAMES[code] for code in supporting.split(",") if code),
                timing_text=timing,
                due_on=_date(due),
                state=state,
                status_label=status.get(state, "Đang thực hiện" if percent != "0" else "Chưa thực hiện"),
                percent=int(percent),
                completed_on=date(2024, 6, 7) if state == "done" else None,
                result=result,
                difficulty=difficulty,
                proposal="",
                new_expected_on=_date(later),
                reported=lead not in ("bdt", "doan", "atgt"),
            )
        )
    return tuple(rows)


def _sum(counts):
    return sum(counts, Counts())


def _indicator(code, name, unit, nature, decimals, parent, group) -> IndicatorRow:
    figures = tuple(AgencyFigure(agency, Decimal(value)) for agency, value in _FIGURES.get(code, {}).items())
    before = [None if value is None else Decimal(value) for value in _BEFORE.get(code, (None, None))]
    return IndicatorRow(
        code=code,
        name=name,
        unit=unit,
        nature=nature,
        decimals=decimals,
        parent=parent,
        group=group,
        value=sum((figure.value for figure in figures), Decimal(0)) if figures else None,
        previous=before[0],
        last_year=before[1],
        by_agency=figures,
    )


def targets() -> tuple[TargetRow, ...]:
    """A target in each state: of the council, of a plan, of a task."""
    decision = {"scope": "council", "source": "Quyết định 315/QĐ-TTg ngày 17/4/2024", "until": date(2030, 12, 31)}
    of_plan = {"scope": "plan", "plan": 1, "source": PLANS[0][1], "year": 2024, "until": date(2024, 12, 14)}
    settled = {"formula": "hòa giải thành ÷ tổng số vụ việc tiếp nhận, cộng dồn từ Quý I đến Quý II/2024"}
    return (
        measured(
            TargetRow(
                code="T5", name="Tổ hòa giải được hỗ trợ", direction="gte", target=Decimal(10), unit="%", **decision
            ),
            Decimal(7100) / 640,
            over=False,
            numerator=Decimal(71),
            denominator=Decimal(640),
        ),
        measured(
            TargetRow(
                code="T7",
                name="Tỷ lệ hòa giải thành",
                direction="gte",
                target=Decimal(85),
                unit="%",
                **decision,
                **settled,
            ),
            Decimal(35600) / 621,
            over=False,
            numerator=Decimal(356),
            denominator=Decimal(621),
        ),
        measured(
            TargetRow(
                code="T8",
                name="Tỷ lệ hòa giải thành tại xã điểm",
                direction="gt",
                target=Decimal(90),
                unit="%",
                **decision,
            ),
            None,
            over=False,
        ),
        measured(
            TargetRow(
                code="PB02",
                name="Số lượt người tham dự",
                direction="gte",
                target=Decimal(6000),
                unit="lượt người",
                **of_plan,
            ),
            Decimal(5120),
            over=True,
        ),
        measured(
            TargetRow(
                code="TH01",
                name="=Số lớp tập huấn",
                direction="gte",
                target=Decimal(5),
                unit="lớp",
                task=2,
                place="II.2",
                task_title="Tập huấn kỹ năng hòa giải",
                **of_plan,
            ),
            Decimal(3),
            over=False,
        ),
    )


def sample() -> Consolidation:
    """The rich sample: counts, cells and totals all follow from the tasks."""
    rows = tasks()

    def counted(**wanted):
        return _sum(Counts.one(row.state) for row in rows if all(getattr(row, k) == v for k, v in wanted.items()))

    return Consolidation(
        council=COUNCIL,
        period=PERIOD,
        as_of=date(2024, 6, 20),
        totals=counted(),
        agencies=tuple(
            AgencyRow(code, name, short, state, label, handed, on_time, code == "snv", counted(lead=code))
            for code, name, short, state, label, handed, on_time in AGENCIES
        ),
        plans=tuple(PlanRow(pk, no, title, date(2024, 2, 29), counted(plan=pk)) for pk, no, title in PLANS),
        cells=tuple(
            Cell(code, pk, cell)
            for code in NAMES
            for pk, *_ in PLANS
            if (cell := counted(lead=code, plan=pk)) != Counts()
        ),
        indicators=tuple(_indicator(*row[:7]) for row in INDICATORS),
        tasks=rows,
        words=tuple(Words(agency, NAMES[agency], heading, text) for agency, heading, text in _WORDS),
        targets=targets(),
    )


def empty() -> Consolidation:
    """A council on its first day: no agency, no plan, no figure."""
    return Consolidation(
        council=COUNCIL,
        period=PERIOD,
        as_of=date(2024, 3, 20),
        totals=Counts(),
        agencies=(),
        plans=(),
        cells=(),
        indicators=(),
        tasks=(),
        words=(),
    )
