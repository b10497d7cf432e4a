"""What stands in deploy/: units, nginx, environment and roles are read as their programs read them, as far as can be."""

import configparser
import re
import shlex
import subprocess
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.core.files.storage import FileSystemStorage
from django.core.management import get_commands
from django.db import connection
from django.test import Client
from gunicorn.config import Config

from agencies.models import Comment
from portal.backup.make import make_backup
from portal.backup.server import Server
from portal.council_wall.tables import NOBODYS, walled_tables
from tests.operate.test_backup import AT
from tests.separate import own_database
from tests.world import build_world

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
JOBS = {"backup", "check_integrity", "verify_record", "procrastinate"}


def settings_table() -> set[str]:
    """The variables that the table on top of portal/settings.py names."""
    return set(
        re.findall(r"PORTAL_[A-Z_]+|DATABASE_URL", (ROOT / "portal" / "settings.py").read_text().split('"""')[1])
    )


def unit(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read_string(path.read_text())
    return parser


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_can_be_read_and_name_what_exists(path):
    read = unit(path)
    assert path.read_text().startswith(f"# /etc/systemd/system/{path.name}\n") and read["Unit"]["Description"]
    if path.suffix == ".timer":
        assert path.with_suffix(".service") in UNITS and read["Install"]["WantedBy"] == "timers.target"
        assert re.fullmatch(r"\*-\*-\* \d\d:\d\d:\d\d Asia/Ho_Chi_Minh", read["Timer"]["OnCalendar"])
        return
    service = read["Service"]
    command = shlex.split(service["ExecStart"])
    if "manage.py" in command:
        name = command[command.index("manage.py") + 1]
        assert name in JOBS and name in get_commands()
    else:
        config = command[command.index("--config") + 1]
        assert command[0].endswith("/gunicorn") and command[1] == "portal.wsgi" and (ROOT / config).is_file()
    assert service["User"] == "portal" and service["NoNewPrivileges"] == "yes" and service["ProtectSystem"] == "strict"
    assert "owner.env" not in path.read_text()  # no process that serves or runs daily owns the tables


def test_every_variable_of_the_environment_files_is_known():
    known = settings_table()
    for path in DEPLOY.glob("*.env.example"):
        lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
        assert lines and {line.split("=", 1)[0] for line in lines} <= known, path.name


def test_gunicorn_takes_its_settings():
    given = {}
    exec((DEPLOY / "gunicorn.conf.py").read_text(), given)
    config = Config()
    for name, value in given.items():
        if name.islower() and not name.startswith("__") and name != "multiprocessing":
            config.set(name, value)  # raises for a name or a value that gunicorn does not know
    assert config.bind == ["unix:/run/portal/web.sock"] and config.settings["accesslog"].get() is None


@pytest.mark.parametrize("name", ["portal.conf", "portal-proxy.conf"])
def test_nginx_files_are_whole(name):
    """Words, blocks and ends, as nginx reads them; ``nginx -t`` itself needs certificates and its own machine."""
    text = re.sub(r"^\s*#.*$", "", (DEPLOY / "nginx" / name).read_text(), flags=re.M)
    depth, words = 0, []
    for token in re.findall(r"'[^']*'|\"[^\"]*\"|[{};]|[^\s{};'\"]+", re.sub(r"\{(\d+)\}", r"<\1>", text)):
        if token == "{":
            assert words, "a block without a name"
            depth, words = depth + 1, []
        elif token == "}":
            assert not words and depth, f"not ended: {words}"
            depth -= 1
        elif token == ";":
            assert words
            words = []
        else:
            words.append(token)
    assert depth == 0 and words == []


def test_nginx_says_who_asked_and_nobody_else_does():
    proxy = (DEPLOY / "nginx" / "portal-proxy.conf").read_text()
    told = dict(re.findall(r"proxy_set_header (\S+)\s+(\S+);", proxy))
    assert told["X-Forwarded-For"] == "$remote_addr" and told["X-Request-ID"] == "$request_id"
    assert told["X-Forwarded-Host"] == told["Forwarded"] == '""' and told["X-Forwarded-Proto"] == "$scheme"
    site = (DEPLOY / "nginx" / "portal.conf").read_text()
    assert "proxy_add_x_forwarded_for" not in proxy + site and "$args" not in site and "$request_uri;\n" not in proxy
    assert "immutable" in site and "ssl_reject_handshake on" in site and "TLSv1.2 TLSv1.3;" in site


@pytest.fixture(scope="module")
def under_roles(django_db_setup, django_db_blocker, tmp_path_factory):
    """A filled database whose tables belong to portal_owner, and the roles of deploy/postgresql/roles.sql."""
    with django_db_blocker.unblock(), own_database("roles") as server:
        world = build_world()
        client = Client()
        client.force_login(world.people["officer_a"])
        connection.close()
        script = DEPLOY / "postgresql" / "roles.sql"
        for _again in range(2):
            psql = server.start("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--file={script}",
                                stderr=subprocess.PIPE, text=True)  # fmt: skip
            assert psql.communicate()[1] == "" and psql.returncode == 0
        with server.connect() as admin:
            admin.execute(_GIVE_AWAY)
        yield server, world, client
        connection.close()
        with server.connect() as admin:
            for role in ("portal_owner", "portal_backup", "portal_read"):
                admin.execute(f"DROP OWNED BY {role} CASCADE" if role != "portal_owner" else _TAKE_BACK)
                admin.execute(f"DROP ROLE {role}")


_GIVE_AWAY = """DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT format('TABLE %s', oid::regclass) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        UNION ALL SELECT format('FUNCTION %s', oid::regprocedure) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    LOOP EXECUTE format('ALTER %s OWNER TO portal_owner', name); END LOOP; END $$"""
_TAKE_BACK = "REASSIGN OWNED BY portal_owner TO CURRENT_USER; DROP OWNED BY portal_owner"


def act_as(role: str) -> Server:
    return Server.of(connection.settings_dict | {"USER": role, "PASSWORD": ""})


def test_the_app_role_runs_the_portal(under_roles, django_db_blocker, monkeypatch):
    _server, world, client = under_roles
    with django_db_blocker.unblock():
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "USER", "portal_app")
        for path in ("/viec-cua-toi/", "/nhiem-vu/", "/bao-cao/2024-q2/a/"):
            assert client.get(path).status_code == 200, path
        talk = f"/nhiem-vu/{world.tasks[0].pk}/y-kien/"
        assert client.post(talk, {"noi-dung": "Đang chờ số liệu của quận"}).status_code == 302
        connection.close()
        monkeypatch.undo()
        assert Comment.objects.get().text == "Đang chờ số liệu của quận"
        connection.close()


REFUSED = "must be owner|permission denied|must be superuser|cannot execute|row-level security"


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("portal_app", "ALTER TABLE agencies_council ADD COLUMN x int"),
        ("portal_app", "ALTER TABLE agencies_recordentry DISABLE TRIGGER ALL"),
        ("portal_app", "DROP TABLE agencies_recordentry"),
        ("portal_app", "TRUNCATE agencies_recordentry"),
        ("portal_app", "CREATE TABLE mine (n int)"),
        ("portal_app", "CREATE TRIGGER t BEFORE INSERT ON agencies_council FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()"),
        ("portal_app", "SET session_replication_role = replica"),
        ("portal_app", "DELETE FROM django_migrations"),
        ("portal_app", "SET ROLE portal_owner"),
        ("portal_app", "CREATE ROLE other"),
        ("portal_app", "COPY agencies_council TO PROGRAM 'cat'"),
        ("portal_backup", "UPDATE agencies_council SET name = 'x'"),
        ("portal_backup", "SET default_transaction_read_only = off; UPDATE agencies_council SET name = 'x'"),
        ("portal_backup", "SET ROLE portal_app"),
        ("portal_read", "SELECT password FROM agencies_user"),
        ("portal_read", "SELECT session_data FROM agencies_session"),
        ("portal_read", "SELECT * FROM agencies_formerpassword"),
        ("portal_read", "SELECT * FROM socialaccount_socialtoken"),
        ("portal_read", "SELECT * FROM pghistory_context"),
        ("portal_read", "SELECT * FROM procrastinate_jobs"),
        ("portal_read", "SET default_transaction_read_only = off; DELETE FROM agencies_council"),
    ],
)  # fmt: skip
def test_what_each_role_may_not(under_roles, role, statement):
    with act_as(role).connect() as asking, pytest.raises(psycopg.Error, match=REFUSED):
        asking.execute(statement)


def test_the_reading_role_reads_the_councils_business_and_nothing_else(under_roles):
    """Of what is nobody's only the two common lists; of what is walled nothing that is one person's or the system's."""
    server, *_ = under_roles
    with server.connect() as asking:
        rows = asking.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')"
            " AND has_table_privilege('portal_read', oid, 'SELECT')"
        ).fetchall()
    read = {name for (name,) in rows}
    nobodys = {apps.get_model(label)._meta.db_table for label in NOBODYS} - {"campaigns_indicator", "reports_holiday"}
    walled = {table.name for table in walled_tables()}
    assert read & nobodys == set() and read - walled == {"campaigns_indicator", "reports_holiday"}
    kept = {re.sub("event$", "", name) for name in walled - read}
    assert kept == {"agencies_notice", "agencies_savedview", "agencies_recordentry", "agencies_recordlink"}


def test_the_backup_role_backs_up_everything(under_roles, tmp_path):
    folder = make_backup(
        server=act_as("portal_backup"), storage=FileSystemStorage(tmp_path / "m"), folder=tmp_path, at=AT
    )
    assert (folder / "manifest.json").is_file()
    with act_as("portal_read").connect() as reader:
        reader.execute("SET row_security = on")
        assert reader.execute("SELECT count(*) FROM campaigns_indicator").fetchone()[0] > 20
