"""Prove that the record is as it was written: `manage.py verify_record [--month 2026-10]`."""

from agencies import clock
from agencies.commands import CouncilsCommand
from agencies.journal import anchors, chain
from agencies.journal.files import month_of


class Command(CouncilsCommand):
    help = "Kiểm tra nhật ký: không dòng nào bị sửa, xóa, chèn; mã thoát 1 khi có chỗ sai."

    def add_arguments(self, parser):
        parser.add_argument("--month", default="", help="Chỉ kiểm tra một tháng, dạng 2026-10.")

    def handle(self, *args, month, **options):
        month = month_of(month) if month else ""
        found = [*chain.findings(month), *anchors.findings()]
        for text in found:
            self.stderr.write(text)
        if found:
            self.stderr.write(
                "Nhật ký KHÔNG còn nguyên vẹn. Giữ nguyên máy chủ, báo người phụ trách an toàn thông tin "
                "và đối chiếu với tệp nhật ký đã ký (docs/operate.md)."
            )
            raise SystemExit(1)
        if unproved := list(anchors.missed(clock.instant())):
            for text in unproved:
                self.stderr.write(text)
            self.stderr.write(
                "Không thấy dòng nào bị sửa, nhưng phần cuối nhật ký chưa được chứng minh. Xem tiến trình nền có chạy "
                "không (mốc được ghi lúc 0:10); nếu tệp mốc đã mất thì đưa lại tệp từ bản sao lưu rồi kiểm tra lại."
            )
            raise SystemExit(1)
        self.stdout.write(f"Nhật ký nguyên vẹn: {chain.count(month)} dòng trong {len(chain.heads())} chuỗi.")
        for head in chain.heads():
            self.stdout.write(f"  chuỗi {head.chain}: đến số {head.number}, {head.digest}")
