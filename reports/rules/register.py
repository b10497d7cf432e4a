"""The register of the rules: what each one says, how severe it is, on what ground, and where it is enforced.

Code, documentation (docs/by-the-book/rules.md) and the page /quy-tac/ share it; tests/test_by_the_book.py holds them
together. ``where`` names functions by dotted path, and constraints or triggers as "model:name".
"""

from dataclasses import dataclass

ERROR, WARNING = "error", "warning"
_OWN = "Quy tắc của cổng"
_ND09 = "NĐ 09/2019/NĐ-CP"


@dataclass(frozen=True)
class Rule:
    """One rule. ``severities``: an error blocks, a warning asks for a look or a note."""

    id: str
    severities: tuple[str, ...]
    title: str
    source: str
    looks_at: str
    when: str
    where: tuple[str, ...]

    @property
    def is_error(self) -> bool:
        return ERROR in self.severities

    @property
    def is_warning(self) -> bool:
        return WARNING in self.severities


_TYPING = "khi gõ, khi nộp"
_SAVING = "khi lưu"
_ALWAYS = "mọi lúc, dù số liệu vào cổng bằng cách nào"

REGISTER: tuple[Rule, ...] = (
    Rule(
        "V01",
        (ERROR,),
        "Mỗi nhiệm vụ có đúng một cơ quan chủ trì; chủ trì không đồng thời phối hợp; cả hai là bên của kế hoạch",
        "Văn bản kế hoạch đã ký",
        "Nhiệm vụ: chủ trì, phối hợp",
        _ALWAYS,
        (
            "campaigns.checks.agencies_fit",
            "campaigns.models.Assignment:task_one_lead_at_a_time",
            "campaigns.models.Task:task_has_a_lead",
            "reports.integrity.tasks_without_one_lead",
        ),
    ),
    Rule(
        "V02",
        (ERROR,),
        "Cơ quan còn tồn tại vào ngày thực hiện việc",
        "Sắp xếp bộ máy 2025 (NQ 202/2025/QH15)",
        "Nhiệm vụ, hoạt động, báo cáo: cơ quan",
        "khi giao việc, khi ghi hoạt động, khi nộp",
        (
            "campaigns.checks.agencies_fit",
            "campaigns.checks.valid_on",
            "campaigns.activities.wrong_in_activity",
            "reports.rules.whole.agency_exists_in_the_period",
        ),
    ),
    Rule(
        "V03",
        (ERROR, WARNING),
        "Kế hoạch: ngày bắt đầu không sau ngày kết thúc; ngày ký không sau ngày bắt đầu; "
        "hạn nhiệm vụ trong thời gian kế hoạch",
        "Văn bản kế hoạch đã ký",
        "Kế hoạch: ngày ký, từ ngày, đến ngày; nhiệm vụ: hạn",
        "khi lưu, trên trang kế hoạch",
        (
            "campaigns.checks.span_in_order",
            "campaigns.checks.plan_warnings",
            "campaigns.forms.TaskForm.clean",
            "campaigns.models.Plan:plan_dates_in_order",
            "campaigns.models.Task:task_dates_in_order",
        ),
    ),
    Rule(
        "V04",
        (ERROR,),
        "Số, ký hiệu không trùng trong một cơ quan ban hành và một năm",
        "NĐ 30/2020/NĐ-CP Điều 15",
        "Kế hoạch, báo cáo của Hội đồng: số, ký hiệu",
        _ALWAYS,
        (
            "campaigns.checks.number_is_free",
            "campaigns.models.Plan:plan_number_once_per_council_and_year",
            "reports.issuing.missing_before_issue",
        ),
    ),
    Rule(
        "V05",
        (ERROR,),
        "Ngày của kỳ báo cáo theo lịch quy định, không gõ tay, không hở, không chồng",
        f"{_ND09} Điều 12",
        "Kỳ báo cáo: từ ngày, đến ngày",
        "khi mở kỳ",
        ("reports.calendars.quarter", "reports.calendars.parse_period", "reports.integrity.periods_apart_from_rule"),
    ),
    Rule(
        "V06",
        (ERROR,),
        "Hạn nộp sau ngày chốt ít nhất 01 ngày làm việc; hạn của cơ quan trước hạn của Thư ký",
        f"{_ND09} Điều 8 khoản 5",
        "Kỳ báo cáo: các hạn",
        _ALWAYS,
        ("reports.calendars.deadlines", "reports.models.Period:period_dates_in_order"),
    ),
    Rule(
        "V07",
        (ERROR, WARNING),
        "Ngày của hoạt động, ngày hoàn thành không ở tương lai; ngoài kỳ hoặc ghi sau khi nộp thì cảnh báo",
        f"{_ND09} Điều 12 (thời gian chốt số liệu)",
        "Hoạt động: ngày; nhiệm vụ: ngày hoàn thành",
        "khi ghi hoạt động, khi gõ, khi nộp",
        (
            "campaigns.activities.wrong_in_activity",
            "reports.entry.settle_status",
            "reports.rules.lines.completed_within_the_period",
            "reports.rules.whole.activities_are_counted",
        ),
    ),
    Rule(
        "V08",
        (ERROR,),
        "Mọi chỉ tiêu đều có số: 0 là số, để trống là chưa báo cáo; “Không phát sinh” là 0",
        "Đề cương, biểu mẫu của đợt báo cáo (NĐ 09/2019/NĐ-CP Điều 7)",
        "Số liệu: mọi ô",
        _TYPING,
        ("reports.rules.figures.every_figure_is_filled", "reports.rules.figures.nothing_to_report_means_nothing"),
    ),
    Rule(
        "V09",
        (ERROR,),
        "Số đếm là số nguyên không âm; kinh phí tối đa một chữ số thập phân (triệu đồng); "
        "số gõ có dấu chấm phải xác nhận",
        "Cách ghi số trong văn bản: dấu chấm ngăn hàng nghìn, dấu phẩy thập phân",
        "Số liệu: mọi ô",
        _TYPING,
        (
            "campaigns.count_field.CountField",
            "reports.rules.figures.whole_numbers",
            "reports.entry.save_figures",
            "reports.models.ReportFigure:figure_not_negative",
            "campaigns.models.ActivityFigure:activity_figure_not_negative",
        ),
    ),
    Rule(
        "V10",
        (ERROR,),
        "Tài liệu: tổng số bằng tổng các thứ tiếng; số đăng Internet không hơn tổng số",
        "TT 20/2013/TT-BTP biểu PBGDPL cột (5)–(8); TT 03/2019/TT-BTP biểu 09e cột (7)–(8)",
        "PB05, PB05a, PB05b, PB05c, PB05i",
        _TYPING,
        (
            "reports.rules.figures.sums_add_up",
            "reports.rules.figures.parts_fit_in",
            "campaigns.activities.wrong_in_activity",
        ),
    ),
    Rule(
        "V11",
        (ERROR,),
        "Kinh phí: tổng số bằng tổng các nguồn",
        "TT 03/2019/TT-BTP biểu 09e cột (9)–(12)",
        "PB10, PB10a, PB10b, PB10c",
        _TYPING,
        ("reports.rules.figures.sums_add_up",),
    ),
    Rule(
        "V12",
        (ERROR,),
        "Số “trong đó” không hơn số chung: báo cáo viên, tuyên truyền viên, người dự",
        "TT 03/2019/TT-BTP biểu 09e cột (1)–(2)",
        "PB08a, PB09a, PB02n, PB02d, TH03",
        _TYPING,
        ("reports.rules.figures.parts_fit_in", "campaigns.activities.wrong_in_activity"),
    ),
    Rule(
        "V13",
        (ERROR, WARNING),
        "Không có cuộc nào thì không có người dự; người dự ít hơn số cuộc thì cảnh báo",
        "TT 03/2019/TT-BTP biểu 09e cột (3)–(6); phép so là của cổng",
        "PB01–PB02, PB03–PB04, TH01–TH02",
        _TYPING,
        ("reports.rules.figures.no_people_without_events",),
    ),
    Rule(
        "V14",
        (ERROR,),
        "Hòa giải viên: tổng số bằng nam + nữ, bằng có + chưa có chuyên môn Luật; số “trong đó” không hơn tổng",
        "TT 03/2019/TT-BTP biểu 10c cột (2)–(8)",
        "HG02–HG08",
        _TYPING,
        ("reports.rules.figures.sums_add_up", "reports.rules.figures.parts_fit_in"),
    ),
    Rule(
        "V15",
        (WARNING,),
        "Mỗi tổ hòa giải từ 03 hòa giải viên, có hòa giải viên nữ",
        "Luật Hòa giải ở cơ sở Điều 12",
        "HG01, HG02, HG04",
        _TYPING,
        ("reports.rules.figures.mediation_teams_by_law",),
    ),
    Rule(
        "V16",
        (ERROR,),
        "Vụ việc hòa giải: tổng số bằng tổng theo phạm vi, bằng tổng theo kết quả; hòa giải thành không hơn tiếp nhận",
        "TT 20/2013/TT-BTP biểu 12a–12c cột (1)–(11)",
        "HG11–HG21",
        _TYPING,
        ("reports.rules.figures.sums_add_up", "reports.rules.figures.parts_fit_in"),
    ),
    Rule(
        "V17",
        (ERROR,),
        "Tỷ lệ: mẫu số 0 thì không có tỷ lệ; luôn nói tính trên số nào; từ 0 đến 100%",
        "Ba cách tính tỷ lệ hòa giải thành đang dùng",
        "Báo cáo của Hội đồng: tỷ lệ hòa giải thành",
        "khi tổng hợp",
        ("reports.wording.ratio", "reports.drafting.mediation.settlement_rates", "reports.rates.Rate"),
    ),
    Rule(
        "V18",
        (ERROR,),
        "Dòng tổng bằng tổng các dòng con ở mọi cấp; tổng các cơ quan bằng dòng của tỉnh",
        "TT 03/2019/TT-BTP biểu 10c: dòng “Tổng số” bằng tổng các dòng",
        "Tổng hợp: mọi dòng tổng",
        "khi tổng hợp, khi kiểm tra hệ thống",
        ("reports.rules.totals.total_rows_add_up", "reports.integrity.frozen_totals_that_do_not_add_up"),
    ),
    Rule(
        "V19",
        (WARNING,),
        "Số có mặt (người, tổ) giảm quá 20% so với kỳ trước thì giải trình; lũy kế không giảm",
        _OWN,
        "Số liệu: báo cáo viên, tuyên truyền viên, tổ hòa giải, hòa giải viên",
        _TYPING,
        ("reports.rules.figures.falls_are_explained",),
    ),
    Rule(
        "V20",
        (WARNING,),
        "Số hơn 3 lần kỳ trước, hoặc hơn 5 lần trung bình các kỳ trước, thì giải trình",
        _OWN,
        "Số liệu: mọi ô",
        _TYPING,
        ("reports.rules.figures.jumps_are_explained",),
    ),
    Rule(
        "V21",
        (ERROR,),
        "Hoàn thành: có kết quả, có minh chứng hoặc lý do không có; quá hạn: có nguyên nhân và ngày dự kiến",
        _OWN,
        "Nhiệm vụ: kết quả, minh chứng, khó khăn, dự kiến hoàn thành",
        _TYPING,
        ("reports.rules.lines.done_is_shown", "reports.rules.lines.late_is_explained"),
    ),
    Rule(
        "V22",
        (ERROR,),
        "Tỷ lệ 100 khi và chỉ khi hoàn thành; chưa thực hiện là 0",
        _OWN,
        "Nhiệm vụ: tình trạng, tỷ lệ",
        "khi gõ, khi lưu, khi nộp",
        (
            "reports.rules.lines.percent_matches_status",
            "reports.entry.settle_status",
            "campaigns.models.Task:task_done_is_dated",
        ),
    ),
    Rule(
        "V23",
        (ERROR,),
        "Trả lại, tạm dừng, gia hạn, hủy, mở lại kỳ: lý do từ 10 ký tự",
        _OWN,
        "Báo cáo, nhiệm vụ, kỳ: lý do",
        "khi thực hiện, khi nộp",
        ("agencies.workflow.check_reason", "reports.rules.lines.pauses_and_extensions_have_a_reason"),
    ),
    Rule(
        "V24",
        (ERROR,),
        "Kỳ đã khóa không đổi được; sửa là phiên bản mới, có so sánh",
        _OWN,
        "Kỳ, báo cáo, số liệu",
        _ALWAYS,
        (
            "reports.models.periods.refuse_when_locked",
            "reports.models.Period:locked_period_stands",
            "reports.models.ReportFigure:figure_of_locked_period",
            "reports.workflow.lock_period",
        ),
    ),
    Rule(
        "V25",
        (ERROR,),
        "Người lập không tự duyệt, không tự tiếp nhận",
        "Phân quyền: người nhập không phải người duyệt",
        "Báo cáo: người duyệt, người tiếp nhận",
        "khi duyệt, khi tiếp nhận",
        (
            "reports.workflow.took_part",
            "reports.workflow.approve_report",
            "reports.workflow.accept_report",
            "reports.models.ProgressReport:report_approver_did_not_submit",
        ),
    ),
    Rule(
        "V26",
        (WARNING,),
        "Một hoạt động do chủ trì và phối hợp cùng ghi chỉ tính một lần, cho chủ trì",
        _OWN,
        "Hoạt động: ngày, địa điểm, tên",
        "khi xem báo cáo, khi nộp",
        ("reports.rules.whole.nothing_is_counted_twice", "campaigns.doubles.settle_events"),
    ),
    Rule(
        "V27",
        (ERROR,),
        "Tệp đúng loại, đúng cỡ, không có macro, không phải tệp chạy",
        "Kiểm soát tệp tải lên (hệ thống cấp độ 2)",
        "Minh chứng: tệp",
        "khi gửi tệp",
        ("agencies.files.kinds.check_file",),
    ),
    Rule(
        "V28",
        (ERROR,),
        "Chữ lưu ở Unicode dựng sẵn (NFC), giữ đủ dấu; không nhận chữ ở bảng mã cũ (TCVN3, VNI)",
        "NĐ 30/2020/NĐ-CP Phụ lục I: bộ mã Unicode",
        "Mọi ô chữ",
        "khi lưu, khi nộp",
        (
            "agencies.fields.stored",
            "agencies.vietnamese.old_encoding",
            "reports.rules.lines.lines_are_in_unicode",
            "reports.rules.whole.words_are_in_unicode",
        ),
    ),
    Rule(
        "V29",
        (ERROR,),
        "Tỷ lệ hoàn thành từ 0 đến 100, có hay không có dấu %; ô số liệu khác không gõ dấu %; hiện bằng dấu phẩy",
        "Cách ghi số trong văn bản: 12,5%",
        "Nhiệm vụ: tỷ lệ; số liệu: mọi ô",
        _TYPING,
        ("campaigns.count_field.CountField", "reports.wording.percent"),
    ),
    Rule(
        "V30",
        (ERROR,),
        "Số xuất ra tệp bằng số trên màn hình, cùng một phạm vi",
        _OWN,
        "Word, Excel, JSON, trang tổng quan",
        "kiểm thử tự động",
        ("reports.consolidation.consolidate",),
    ),
    Rule(
        "C01",
        (ERROR,),
        "Mỗi nhiệm vụ chủ trì được cập nhật trong kỳ, trừ khi “Không phát sinh”",
        _OWN,
        "Nhiệm vụ: mọi dòng chủ trì",
        "khi nộp",
        ("reports.rules.lines.every_led_task_is_updated",),
    ),
    Rule(
        "C02",
        (ERROR,),
        "Số sửa tay khác số từ hoạt động thì có lý do; cả hai số được giữ",
        _OWN,
        "Số liệu: chỉ tiêu cộng từ hoạt động",
        "khi gõ, khi lưu, khi nộp",
        (
            "reports.rules.figures.corrections_have_a_reason",
            "reports.entry.save_figures",
            "reports.sheet.freeze_figures",
        ),
    ),
)

BY_ID: dict[str, Rule] = {rule.id: rule for rule in REGISTER}
