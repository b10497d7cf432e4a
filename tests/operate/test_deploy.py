"""What stands in deploy/: units, nginx, environment and roles are read as their programs read them, as far as can be."""

import configparser
import io
import os
import re
import runpy
import shlex
import subprocess
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.storage.handler import StorageHandler
from django.core.management import CommandError, call_command, get_commands
from django.db import connection
from django.test import Client
from gunicorn.config import Config

from agencies.models import Comment, Membership, Role, User
from portal.backup.make import make_backup
from portal.backup.server import Server
from portal.council_wall.tables import NOBODYS, walled_tables
from portal.deploy_checks import addresses_are_told
from portal.middleware import WALLS
from tests.kept_rows import committed_world
from tests.operate.test_backup import AT
from tests.separate import own_database

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
    if path.name == "portal-failed@.service":
        assert command == ["/usr/bin/touch", "/var/lib/portal/failed/%i"]
    elif "manage.py" in command:
        name = command[command.index("manage.py") + 1]
        assert name in JOBS and name in get_commands()
    else:
        config = command[command.index("--config") + 1]
        assert command[0].endswith("/gunicorn") and command[1] == "portal.wsgi" and (ROOT / config).is_file()
    if path.with_suffix(".timer") in UNITS:  # what fails at night is seen in the morning, at /suc-khoe/
        assert read["Unit"]["OnFailure"] == "portal-failed@%n.service"
        assert service["ExecStartPost"] == "/usr/bin/rm -f /var/lib/portal/failed/%n"
        assert "-/var/lib/portal/failed" in service["ReadWritePaths"].split()
    assert service["User"] == "portal" and service["NoNewPrivileges"] == "yes" and service["ProtectSystem"] == "strict"
    assert "owner.env" not in path.read_text()  # no process that serves or runs daily owns the tables


def test_every_variable_of_the_environment_files_is_known():
    known = settings_table()
    for path in DEPLOY.glob("*.env.example"):
        lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
        assert lines and {line.split("=", 1)[0] for line in lines} <= known, path.name
    given = (DEPLOY / "portal.env.example").read_text()
    assert "\nPORTAL_PROXIES=1\n" in given and "\n#PORTAL_PUBLIC=1\n" in given  # nginx stands before the socket


def test_commands_of_the_manual_run_as_the_portal_with_the_owners_database_last():
    """systemd reads the files of root itself, and takes passwords with & and spaces as they are."""
    manual = (ROOT / "docs" / "operate.md").read_text()
    functions = re.findall(r"^(?:lenh|chu)\(\) \{.*\}", manual, flags=re.M)
    called = "systemd-run() { printf '%s\\n' \"$@\"; }\n" + "\n".join(functions) + "\nchu restore 'a b'; lenh check\n"
    said = subprocess.run(["bash", "-c", called], capture_output=True, text=True, check=True).stdout
    owner, app = said.split("\ncheck\n")[0].split("\na b\n")
    assert owner.index("portal.env") < owner.index("owner.env") and owner.endswith("manage.py\nrestore")
    assert "User=portal" in owner and "owner.env" not in app and app.endswith("manage.py")
    assert "set -a" not in manual and "cp deploy/portal.env" not in manual


@pytest.mark.parametrize(("tls", "proxies", "said"), [(True, 0, ["portal.W003"]), (True, 1, []), (False, 0, [])])
def test_a_site_behind_nginx_must_read_addresses_from_it(settings, tls, proxies, said):
    settings.PORTAL_TLS, settings.PORTAL_PROXIES = tls, proxies
    assert [remark.id for remark in addresses_are_told(None)] == said


def test_nginx_may_read_static_files_and_nobody_what_people_sent(settings, tmp_path):
    """With the settings of a real site, whatever the umask of the process."""
    settings.MEDIA_ROOT, settings.STATIC_ROOT = tmp_path / "files", tmp_path / "static"
    stores = StorageHandler(runpy.run_path(str(ROOT / "portal" / "settings.py"))["STORAGES"])
    before = os.umask(0o027)
    try:
        for name in ("default", "staticfiles"):
            stores[name].save("a.css", ContentFile(b"a"))
    finally:
        os.umask(before)
    modes = [(tmp_path / name / "a.css").stat().st_mode & 0o777 for name in ("static", "files")]
    assert modes == [0o644, 0o600]


def test_the_first_council_is_made_by_the_owner_alone(django_db_setup, django_db_blocker):
    words = {
        "name": "Hội đồng phối hợp PBGDPL tỉnh X",
        "short_name": "tỉnh X",
        "place": "X",
        "parent_body": "UBND tỉnh X",
    }
    given = ["create_council", "tinh-x", *(f"--{name.replace('_', '-')}={text}" for name, text in words.items())]
    given += ["--admin=quantri.x", "--admin-name=Nguyễn Văn Quản"]
    with django_db_blocker.unblock(), own_database("founded") as server:
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION AUTHORIZATION portal_app")
        with pytest.raises(CommandError, match="owner.env"):
            call_command(*given)
        connection.close()
        said = io.StringIO()
        call_command(*given, stdout=said)
        with pytest.raises(CommandError, match="Chưa có gì thay đổi"):  # there is one by now
            call_command(*given)
        (member,) = Membership.objects.filter(council__code="tinh-x")
        assert member.role == Role.ADMINISTRATOR and member.user.username == "quantri.x"
        password = re.search(r"một lần: (\S+)", said.getvalue())[1]
        assert member.user.check_password(password) and member.user.must_change_password
        assert server.name and User.objects.count() == 1


def test_gunicorn_takes_its_settings():
    given = {}
    exec((DEPLOY / "gunicorn.conf.py").read_text(), given)
    config = Config()
    for name, value in given.items():
        if name.islower() and not name.startswith("__") and name != "multiprocessing":
            config.set(name, value)  # raises for a name or a value that gunicorn does not know
    assert config.bind == ["unix:/run/portal/web.sock"] and config.settings["accesslog"].get() is None


def nginx_blocks(text: str) -> dict[str, str]:
    """The lines of each location and server by what stands before its brace; comments left out."""
    text = re.sub(r"^\s*#.*$", "", text, flags=re.M)
    return {found[1].strip(): found[2] for found in re.finditer(r"([^;{}]+)\{([^{}]*)\}", text)}


def test_nginx_takes_what_the_portal_takes_and_speaks_as_it_does():
    text = (DEPLOY / "nginx" / "portal.conf").read_text()
    whole = settings.PORTAL_MAX_FILES * settings.PORTAL_MAX_UPLOAD_BYTES
    assert whole < int(re.search(r"client_max_body_size\s+(\d+)m;", text)[1]) * 2**20 < 1.2 * whole
    pages = dict(re.findall(r"error_page ([\d ]+?)\s+/portal-loi/(\w+\.html);", text))
    assert " ".join(pages) == "413 429 502 503 504"
    for page in pages.values():
        words = (DEPLOY / "nginx" / "loi" / page).read_text()
        assert "còn nguyên" in words and "gửi lại" in words and "style" not in words and "<script" not in words
    headers = nginx_blocks(text)["location /portal-loi/"]
    for name in (*WALLS, "Strict-Transport-Security", "X-Content-Type-Options", "Referrer-Policy", "X-Request-ID"):
        assert f"add_header {name} " in headers
    static = nginx_blocks(text)["location /static/"]
    assert all(
        f"add_header {name} " in static for name in ("Content-Security-Policy", "Referrer-Policy", "X-Frame-Options")
    )
    # One promise to browsers, whoever answers.
    told = set(re.findall(r"max-age=(\d+); includeSubDomains", text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTAL_TLS", "1")
        assert told == {str(runpy.run_path(str(ROOT / "portal" / "settings.py"))["SECURE_HSTS_SECONDS"])}


def test_nginx_writes_down_no_words_and_no_secret():
    text = (DEPLOY / "nginx" / "portal.conf").read_text()
    assert set(re.findall(r"error_log\s+\S+ (\w+);", text)) == {"crit"}  # other lines carry the whole request
    assert "limit_req_log_level  info;" in text and "limit_conn_log_level info;" in text
    servers = re.split(r"^server \{", text, flags=re.M)[1:]
    logs = [re.findall(r"access_log +([^;]+);", server)[0] for server in servers]
    assert logs == ["off", "off", "off", "/var/log/nginx/portal.log portal_json"]


def test_the_numbers_can_be_had_on_the_machine_itself(client, db, settings):
    block = nginx_blocks((DEPLOY / "nginx" / "portal.conf").read_text())["location /suc-khoe/"]
    told = dict(re.findall(r"proxy_set_header (\S+)\s+(\S+);", block))
    settings.PORTAL_METRICS, settings.ALLOWED_HOSTS = True, ["pbgdpl.example.gov.vn"]
    given = {f"HTTP_{name.upper().replace('-', '_')}": text for name, text in told.items() if text != '""'}
    assert client.get("/suc-khoe/so-lieu/", REMOTE_ADDR="", **given).status_code == 200
    assert client.get("/suc-khoe/so-lieu/", REMOTE_ADDR="", HTTP_HOST="localhost").status_code == 400


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
        world = committed_world()
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
        ("portal_app", "INSERT INTO agencies_recordlink SELECT * FROM agencies_recordlink"),
        ("portal_app", "UPDATE agencies_recordlink SET number = 0"),
        ("portal_app", "DELETE FROM agencies_recordlink"),
        ("portal_app", "INSERT INTO agencies_recordwaiting VALUES (1, 0)"),
        ("portal_app", "DELETE FROM agencies_recordwaiting"),
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
