"""The lists of plans, tasks and activities as files: the columns of agencies/tables/listing.py, as on the pages."""

from agencies.tables.listing import Column

PLAN_COLUMNS = [
    Column("Số, ký hiệu", lambda plan: plan.number, 22),
    Column("Trích yếu", lambda plan: plan.title, 60),
    Column("Các bên", lambda plan: ", ".join(party.agency.short_name for party in plan.parties.all()), 40),
    Column("Ngày ký", lambda plan: plan.signed_on, 12),
    Column("Từ ngày", lambda plan: plan.starts_on, 12),
    Column("Đến ngày", lambda plan: plan.ends_on, 12),
    Column("Trạng thái", lambda plan: plan.get_state_display(), 16),
    Column("Nhiệm vụ", lambda plan: plan.task_count, 10),
    Column("Hoàn thành", lambda plan: plan.done_count, 10),
]

# Rows are campaigns.views.tasks.TaskRow; one may see of a task what the page shows, no more.
TASK_COLUMNS = [
    Column("Kế hoạch", lambda row: row.task.plan.number, 22),
    Column("TT", lambda row: row.task.place, 10),
    Column("Nội dung", lambda row: row.task.title, 60),
    Column("Chủ trì", lambda row: row.lead, 22),
    Column("Phối hợp", lambda row: row.supporting, 26),
    Column("Thời gian", lambda row: row.task.timing_text, 20),
    Column("Hạn", lambda row: row.task.due_date, 12),
    Column("Sản phẩm", lambda row: row.task.expected_output, 26),
    Column("Tình trạng", lambda row: row.task.get_status_display() if row.is_open else "", 18),
    Column("%", lambda row: row.task.percent if row.is_open else None, 7),
]

ACTIVITY_COLUMNS = [
    Column("Ngày", lambda row: row.held_on, 12),
    Column("Hoạt động", lambda row: row.title, 50),
    Column("Cơ quan", lambda row: row.agency.name, 30),
    Column("Hình thức", lambda row: row.get_form_display(), 28),
    Column("Địa điểm", lambda row: row.place, 28),
    Column("Lượt người", lambda row: row.attendance[0].value if row.attendance else None, 11),
    Column("Nhiệm vụ", lambda row: "; ".join(f"{task.place} ({task.plan.number})" for task in row.tasks.all()), 28),
    Column("Đối tượng đặc thù", lambda row: "; ".join(row.target_group_names), 30),
    Column("Lĩnh vực pháp luật", lambda row: "; ".join(row.topics), 28),
    Column("Đã rút", lambda row: bool(row.withdrawn_at), 9),
    Column("Đã tính ở cơ quan", lambda row: row.same_as.agency.name if row.same_as else "", 24),
]

INDICATOR_COLUMNS = [
    Column("Mã", lambda row: row.code, 10),
    Column("Nhóm", lambda row: row.group, 28),
    Column("Chỉ tiêu", lambda row: row.full_name, 60),
    Column("Đơn vị tính", lambda row: row.unit, 14),
    Column("Tính chất", lambda row: row.get_nature_display(), 16),
    Column("Ai báo cáo", lambda row: row.get_reported_by_display(), 20),
    Column("Nguồn số liệu", lambda row: "Từ hoạt động đã ghi" if row.from_activities else "Nhập theo kỳ", 20),
    Column("Cột biểu mẫu", lambda row: row.form_column, 18),
]
