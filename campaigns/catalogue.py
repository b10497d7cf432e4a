"""The indicator catalogue of domain.md §2.5, kept in step with the code at every migrate.

``A`` marks the counts that activities carry; the others are reported once a period by the agency that keeps them.
"""

from django.db import DEFAULT_DB_ALIAS

_DIRECT = "Phổ biến, giáo dục pháp luật"
_PEOPLE = "Đội ngũ báo cáo viên, tuyên truyền viên"
_MONEY = "Kinh phí"
_TEAMS = "Tổ hòa giải, hòa giải viên"
_CASES = "Vụ việc hòa giải"
_TRAINING = "Tập huấn, bồi dưỡng"
_SCHEME = "Đề án 315"

# The groups that the standing agency alone reports: it keeps teams, mediators and cases (biểu 10c), and what the
# targets of QĐ 315/QĐ-TTg are measured by. Every agency reports the others.
STANDING_AGENCY_GROUPS = (_TEAMS, _CASES, _SCHEME)

# code, name, unit, nature, decimals, part of, group, from activities
INDICATORS = [
    ("PB01", "Số cuộc PBGDPL trực tiếp", "Cuộc", "flow", 0, "", _DIRECT, True),
    ("PB02", "Số lượt người tham dự", "Lượt người", "flow", 0, "", _DIRECT, True),
    ("PB02n", "Trong đó: nữ", "Lượt người", "flow", 0, "PB02", _DIRECT, True),
    ("PB02d", "Trong đó: dân tộc thiểu số", "Lượt người", "flow", 0, "PB02", _DIRECT, True),
    ("PB03", "Số cuộc thi tìm hiểu pháp luật", "Cuộc", "flow", 0, "", _DIRECT, True),
    ("PB04", "Số lượt người dự thi", "Lượt người", "flow", 0, "", _DIRECT, True),
    ("PB05", "Tổng số tài liệu phát hành miễn phí", "Bản", "flow", 0, "", _DIRECT, True),
    ("PB05a", "Trong đó: tiếng Việt", "Bản", "flow", 0, "PB05", _DIRECT, True),
    ("PB05b", "Trong đó: tiếng dân tộc thiểu số", "Bản", "flow", 0, "PB05", _DIRECT, True),
    ("PB05c", "Trong đó: ngôn ngữ khác", "Bản", "flow", 0, "PB05", _DIRECT, True),
    ("PB05i", "Trong đó: đăng tải trên Internet", "Tài liệu", "flow", 0, "PB05", _DIRECT, True),
    ("PB06", "Số lần phát sóng chương trình pháp luật", "Lần", "flow", 0, "", _DIRECT, True),
    ("PB07", "Số tin, bài về pháp luật", "Tin, bài", "flow", 0, "", _DIRECT, True),
    ("PB08", "Số báo cáo viên pháp luật", "Người", "stock", 0, "", _PEOPLE, False),
    ("PB08a", "Trong đó: tham gia phổ biến trực tiếp", "Người", "stock", 0, "PB08", _PEOPLE, False),
    ("PB09", "Số tuyên truyền viên pháp luật", "Người", "stock", 0, "", _PEOPLE, False),
    ("PB09a", "Trong đó: tham gia phổ biến trực tiếp", "Người", "stock", 0, "PB09", _PEOPLE, False),
    ("PB10", "Tổng kinh phí", "Triệu đồng", "flow", 1, "", _MONEY, True),
    ("PB10a", "Ngân sách nhà nước cấp thường xuyên", "Triệu đồng", "flow", 1, "PB10", _MONEY, True),
    ("PB10b", "Ngân sách theo chương trình, đề án", "Triệu đồng", "flow", 1, "PB10", _MONEY, True),
    ("PB10c", "Nguồn hỗ trợ khác", "Triệu đồng", "flow", 1, "PB10", _MONEY, True),
    ("TH01", "Số lớp tập huấn, bồi dưỡng", "Lớp", "flow", 0, "", _TRAINING, True),
    ("TH02", "Số lượt người được tập huấn", "Lượt người", "flow", 0, "", _TRAINING, True),
    ("TH03", "Trong đó: hòa giải viên", "Lượt người", "flow", 0, "TH02", _TRAINING, True),
    ("HG01", "Số tổ hòa giải", "Tổ", "stock", 0, "", _TEAMS, False),
    ("HG02", "Tổng số hòa giải viên", "Người", "stock", 0, "", _TEAMS, False),
    ("HG03", "Nam", "Người", "stock", 0, "HG02", _TEAMS, False),
    ("HG04", "Nữ", "Người", "stock", 0, "HG02", _TEAMS, False),
    ("HG05", "Có trình độ chuyên môn Luật", "Người", "stock", 0, "HG02", _TEAMS, False),
    ("HG06", "Chưa qua đào tạo chuyên môn Luật", "Người", "stock", 0, "HG02", _TEAMS, False),
    ("HG07", "Trong đó: dân tộc thiểu số", "Người", "stock", 0, "HG02", _TEAMS, False),
    ("HG08", "Số hòa giải viên được bồi dưỡng", "Người", "stock", 0, "HG02", _TEAMS, False),
    ("HG11", "Tổng số vụ việc tiếp nhận", "Vụ việc", "flow", 0, "", _CASES, False),
    ("HG12", "Tranh chấp dân sự", "Vụ việc", "flow", 0, "HG11", _CASES, False),
    ("HG13", "Hôn nhân và gia đình", "Vụ việc", "flow", 0, "HG11", _CASES, False),
    ("HG14", "Mâu thuẫn, xích mích, khác", "Vụ việc", "flow", 0, "HG11", _CASES, False),
    ("HG15", "Hòa giải thành", "Vụ việc", "flow", 0, "HG11", _CASES, False),
    ("HG16", "Hòa giải thành: dân sự", "Vụ việc", "flow", 0, "HG15", _CASES, False),
    ("HG17", "Hòa giải thành: hôn nhân và gia đình", "Vụ việc", "flow", 0, "HG15", _CASES, False),
    ("HG18", "Hòa giải thành: mâu thuẫn, xích mích, khác", "Vụ việc", "flow", 0, "HG15", _CASES, False),
    ("HG19", "Hòa giải không thành", "Vụ việc", "flow", 0, "HG11", _CASES, False),
    ("HG20", "Chưa giải quyết", "Vụ việc", "flow", 0, "HG11", _CASES, False),
    ("HG21", "Đang giải quyết", "Vụ việc", "flow", 0, "HG11", _CASES, False),
    ("DA01", "Số tập huấn viên cấp tỉnh", "Người", "stock", 0, "", _SCHEME, False),
    ("DA01a", "Trong đó: đã được tập huấn", "Người", "stock", 0, "DA01", _SCHEME, False),
    ("DA02", "Số tổ hòa giải đã kiện toàn đủ số lượng, thành phần", "Tổ", "stock", 0, "", _SCHEME, False),
    ("DA03", "Số tổ hòa giải được luật sư, luật gia, hội thẩm… hỗ trợ", "Tổ", "stock", 0, "", _SCHEME, False),
    ("DA04", "Số hòa giải viên tiếp cận, sử dụng Bộ tài liệu", "Người", "stock", 0, "", _SCHEME, False),
    ("DA05", "Số vụ việc tiếp nhận tại xã điểm", "Vụ việc", "flow", 0, "", _SCHEME, False),
    ("DA05a", "Trong đó: hòa giải thành tại xã điểm", "Vụ việc", "flow", 0, "DA05", _SCHEME, False),
]

# The column of a statistical form that says the same (domain.md §2.4); what stands here not has none that is known.
FORM_COLUMNS = {
    "PB01": "09e(3)",
    "PB02": "09e(4)",
    "PB03": "09e(5)",
    "PB04": "09e(6)",
    "PB05": "09e(7); TT 20(5)",
    "PB05a": "TT 20(6)",
    "PB05b": "TT 20(7)",
    "PB05c": "TT 20(8)",
    "PB05i": "09e(8)",
    "PB06": "TT 20(9)",
    "PB07": "TT 20(10)",
    "PB08": "09e(1)",
    "PB08a": "09e(2)",
    "PB10": "09e(9)",
    "PB10a": "09e(10)",
    "PB10b": "09e(11)",
    "PB10c": "09e(12)",
    **{f"HG{number:02d}": f"10c({number})" for number in range(1, 9)},
    **{f"HG{number}": f"TT 20-HG({number - 10})" for number in range(11, 22)},
    "DA01": "QĐ 315",
    "DA01a": "QĐ 315",
    "DA02": "QĐ 315",
    "DA03": "QĐ 315",
    "DA04": "QĐ 315",
    "DA05": "QĐ 315",
    "DA05a": "QĐ 315",
}

# What activities count, of whatever agency.
ACTIVITY_CODES = [row[0] for row in INDICATORS if row[7]]


def sync_indicators(sender=None, using=DEFAULT_DB_ALIAS, apps=None, **kwargs) -> None:
    """Bring the Indicator table in step with the catalogue; rows no longer listed stay, figures may point at them."""
    from campaigns.models import Indicator

    known = {row.code: row for row in Indicator.objects.using(using)}
    for order, (code, name, unit, nature, decimals, parent, group, from_activities) in enumerate(INDICATORS, 1):
        wanted = {
            "name": name,
            "unit": unit,
            "nature": nature,
            "decimals": decimals,
            "parent": known.get(parent),
            "group": group,
            "from_activities": from_activities,
            "reported_by": "standing" if group in STANDING_AGENCY_GROUPS else "every",
            "form_column": FORM_COLUMNS.get(code, ""),
            "sort_order": order,
        }
        row = known.get(code)
        if row is None:
            known[code] = Indicator.objects.using(using).create(code=code, **wanted)
        elif any(getattr(row, field) != value for field, value in wanted.items()):
            for field, value in wanted.items():
                setattr(row, field, value)
            row.save(using=using)
