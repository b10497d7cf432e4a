"""Taking back, or bringing back, an activity of a quarter that is closed tells what it does not change, as editing does."""

import pytest

from campaigns.activities import record_activity
from reports.models import Period


@pytest.mark.parametrize(("closed", "told"), [(True, "đã khóa: số liệu đã chốt của kỳ này không đổi"), (False, "")])
def test_the_figures_of_a_locked_quarter_stay(world, sign_in, monkeypatch, closed, told):
    officer = world.people["officer_a"]
    activity = record_activity(
        agency=world.agencies["a"], by=officer, now=world.now, title="Nói chuyện", held_on=world.today
    )
    monkeypatch.setattr(Period, "is_locked", closed)
    client = sign_in(officer)
    for verb, said in (("rut", "không còn được tính"), ("khoi-phuc", "lại được tính vào số liệu")):
        client.post(f"/hoat-dong/{activity.pk}/{verb}/", {"reason": "Ghi nhầm hai lần"})
        page = client.get(f"/hoat-dong/{activity.pk}/").content.decode()
        assert (said in page) != closed
        assert not told or told in page
