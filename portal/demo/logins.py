"""Who can sign in to the demo. The people are invented; the password is for the demo alone."""

from agencies.models import Role

DEMO_PASSWORD = "PhapLuat@2024!"

# username, full name, position, scope (council, or council/agency), role
PEOPLE = [
    ("thuky", "Nguyễn Thị Bích Ngân", "Phó Trưởng phòng Phổ biến, giáo dục pháp luật", "can-tho", Role.SECRETARY),
    ("lanhdao", "Trần Quốc Thái", "Lãnh đạo Hội đồng", "can-tho", Role.LEADER),
    ("quantri", "Lâm Hoàng Duy", "Chuyên viên công nghệ thông tin", "can-tho", Role.ADMINISTRATOR),
    ("stp", "Phạm Minh Tuấn", "Chuyên viên Phòng Phổ biến, giáo dục pháp luật", "can-tho/stp", Role.LIAISON),
    ("stp.duyet", "Võ Thị Hồng Cúc", "Trưởng phòng Phổ biến, giáo dục pháp luật", "can-tho/stp", Role.APPROVER),
    ("mttq", "Lê Thị Thu Trang", "Chuyên viên Ban Dân chủ - Pháp luật", "can-tho/mttq", Role.LIAISON),
    ("mttq.duyet", "Huỳnh Văn Phước", "Trưởng Ban Dân chủ - Pháp luật", "can-tho/mttq", Role.APPROVER),
    ("congan", "Đại úy Trương Hoài Nam", "Cán bộ Phòng Tham mưu", "can-tho/congan", Role.LIAISON),
    ("congan.duyet", "Thượng tá Đặng Văn Hải", "Phó Trưởng phòng Tham mưu", "can-tho/congan", Role.APPROVER),
    ("thanhdoan", "Nguyễn Khánh Vy", "Cán bộ Ban Tuyên giáo", "can-tho/thanhdoan", Role.LIAISON),
    ("thanhdoan.duyet", "Bùi Trung Kiên", "Phó Trưởng Ban Tuyên giáo", "can-tho/thanhdoan", Role.APPROVER),
    ("phunu", "Trần Thị Mỹ Lệ", "Chuyên viên Ban Gia đình - Xã hội", "can-tho/phunu", Role.LIAISON),
    ("phunu.duyet", "Phan Thị Kim Oanh", "Trưởng Ban Gia đình - Xã hội", "can-tho/phunu", Role.APPROVER),
    ("gddt", "Ngô Đức Anh", "Chuyên viên Phòng Chính trị, tư tưởng", "can-tho/gddt", Role.LIAISON),
    ("gddt.duyet", "Hồ Thị Thanh Thúy", "Trưởng phòng Chính trị, tư tưởng", "can-tho/gddt", Role.APPROVER),
    ("noivu", "Dương Thị Cẩm Tú", "Chuyên viên Thanh tra Sở", "can-tho/noivu", Role.LIAISON),
    ("noivu.duyet", "Mai Văn Lộc", "Phó Chánh Văn phòng Sở", "can-tho/noivu", Role.APPROVER),
    ("dantoc", "Thạch Thị Sa Rương", "Chuyên viên Phòng Tuyên truyền", "can-tho/dantoc", Role.LIAISON),
    ("dantoc.duyet", "Sơn Minh Hiền", "Trưởng phòng Tuyên truyền", "can-tho/dantoc", Role.APPROVER),
    ("atgt", "Quách Tấn Đạt", "Chuyên viên Văn phòng Ban", "can-tho/atgt", Role.LIAISON),
    ("atgt.duyet", "Cao Thanh Sơn", "Phó Chánh Văn phòng Ban", "can-tho/atgt", Role.APPROVER),
    ("luatgia", "Tô Ngọc Ánh", "Chuyên viên Văn phòng Hội", "can-tho/luatgia", Role.LIAISON),
    ("luatgia.duyet", "Lý Vĩnh Phúc", "Phó Chủ tịch Hội", "can-tho/luatgia", Role.APPROVER),
    ("tg.thuky", "Nguyễn Văn Bảo", "Chuyên viên Phòng Phổ biến, giáo dục pháp luật", "tien-giang", Role.SECRETARY),
    ("tg.stp", "Đoàn Thị Ngọc Hân", "Chuyên viên Sở Tư pháp", "tien-giang/stp", Role.LIAISON),
]

_PLACES = {"can-tho": "Cần Thơ", "tien-giang": "Tiền Giang"}

# What the sign-in page and the command show: (username, who).
DEMO_LOGINS = [
    (
        username,
        f"{Role(role).label}"
        + (f" · {scope.partition('/')[2]}" if "/" in scope else "")
        + f" · {_PLACES[scope.partition('/')[0]]} ({name})",
    )
    for username, name, _position, scope, role in PEOPLE
]
