"""The agencies room."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AgenciesConfig(AppConfig):
    name = "agencies"
    verbose_name = "Cơ quan và người"

    def ready(self):
        from agencies import sign_ins
        from agencies.journal.guards import put_up_guards

        # Tables of row versions come with every tracked model: each migrate puts the guard on those that lack it.
        post_migrate.connect(put_up_guards, sender=self, dispatch_uid="agencies.put_up_guards")
        sign_ins.listen()
