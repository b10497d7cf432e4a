"""Make the sums kept beside the activities anew: `manage.py rebuild_sums`."""

from agencies.commands import CouncilsCommand
from campaigns import activity_sums


class Command(CouncilsCommand):
    help = "Cộng lại các tổng hoạt động theo cơ quan và tháng từ chính các hoạt động."

    def handle(self, *args, **options):
        self.stdout.write(f"Đã cộng lại {activity_sums.rebuild()} tổng.")
