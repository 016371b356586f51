"""What lies in deploy/ says nothing that the program does not know: its commands, its settings, its ports, its files."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from edi_gateway.api.app import PATH
from edi_gateway.api.describe import OPEN
from edi_gateway.api.routes import ALL
from edi_gateway.cli.lazily import whole
from edi_gateway.cli.main import app
from edi_gateway.settings import Settings

PREFIX = "EDI_GATEWAY_"
KNOWN = {PREFIX + name.upper() for name in Settings.model_fields}


@pytest.fixture(scope="module")
def compose(root: Path) -> dict[str, Any]:
    return dict(yaml.safe_load((root / "deploy/compose.yaml").read_text()))


def ours(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: each for name, each in compose["services"].items() if "build" in each}


def units(root: Path) -> list[Path]:
    return sorted((root / "deploy/systemd").glob("*.service"))


def test_every_setting_that_deploy_names_is_one(root: Path) -> None:
    files = [path for path in sorted((root / "deploy").rglob("*")) if path.is_file()]
    named = {(path.name, name) for path in files for name in re.findall(rf"{PREFIX}[A-Z_]+", path.read_text())}
    assert {name for _, name in named} >= {"EDI_GATEWAY_DATABASE", "EDI_GATEWAY_DATA", "EDI_GATEWAY_MAPS"}
    assert [(file, name) for file, name in sorted(named) if name not in KNOWN] == []


def test_every_setting_is_named_by_a_document(root: Path) -> None:
    said = "".join(page.read_text() for page in (root / "README.md", *(root / "docs").rglob("*.md")))
    assert sorted(KNOWN - set(re.findall(rf"{PREFIX}[A-Z_]+", said))) == []


def test_every_command_that_deploy_gives_is_one(root: Path, compose: dict[str, Any]) -> None:
    given = [each["command"].split() for each in ours(compose).values()]
    given += [re.search(r"^ExecStart=\S*/edi-gateway (.+)$", unit.read_text(), re.M)[1].split() for unit in units(root)]  # type: ignore[index]  # a unit without it is wrong
    assert sorted(words[0] for words in given) == ["serve", "serve", "worker", "worker"]
    commands: Any = whole(app)
    for name, *options in given:
        known = {option for each in commands.commands[name].params for option in each.opts}
        assert set(options) <= known


def test_every_process_of_the_compose_file_shares_database_and_data_folder(compose: dict[str, Any]) -> None:
    shared = [
        {name: each["environment"][PREFIX + name] for name in ("DATABASE", "DATA", "PARTNERS")} for each in ours(compose).values()
    ]
    assert shared[0] == shared[1]
    for each in ours(compose).values():
        mounted = {volume.split(":")[1] for volume in each["volumes"]}
        assert {each["environment"]["EDI_GATEWAY_DATA"], each["environment"]["EDI_GATEWAY_PARTNERS"]} <= mounted


def test_ports_are_those_the_program_listens_on(compose: dict[str, Any]) -> None:
    inside = {int(port.split(":")[-1]) for port in compose["services"]["gateway"]["ports"]}
    assert inside == {Settings.model_fields["web_port"].default, Settings.model_fields["sftp_port"].default}
    assert compose["services"]["gateway"]["environment"]["EDI_GATEWAY_HOST"] == "0.0.0.0"  # the container's own network


def test_the_compose_file_asks_the_gateway_for_its_health_where_it_answers(compose: dict[str, Any]) -> None:
    asked = compose["services"]["gateway"]["healthcheck"]["test"]
    (port, path) = re.findall(r"http://127\.0\.0\.1:(\d+)(/\S+?)'", asked[-1])[0]
    assert int(port) == Settings.model_fields["web_port"].default
    assert path.removeprefix(PATH) in OPEN  # it has no key
    assert {route.path for router in ALL for route in router.routes} >= {path.removeprefix(PATH)}  # type: ignore[attr-defined]
    assert asked[:3] == ["CMD", "python", "-c"]  # there is no curl in the image
    compile(asked[3], "the healthcheck", "exec")


def test_the_database_of_the_compose_file_is_the_one_every_process_is_told_of(compose: dict[str, Any]) -> None:
    made = compose["services"]["database"]
    for each in ours(compose).values():
        url = re.fullmatch(r"postgresql\+psycopg://(\w+):(\$\{\S+ \S+\})@(\w+)/(\w+)", each["environment"][PREFIX + "DATABASE"])
        assert url
        user, password, host, name = url.groups()
        assert {"POSTGRES_USER": user, "POSTGRES_PASSWORD": password, "POSTGRES_DB": name} == made["environment"]
        assert compose["services"][host] is made
        assert each["depends_on"] == {host: {"condition": "service_healthy"}}
    assert made["healthcheck"]["test"][1] == f"pg_isready -U {made['environment']['POSTGRES_USER']}"


def test_every_variable_the_compose_file_takes_from_its_caller_is_said_at_its_top(root: Path) -> None:
    text = (root / "deploy/compose.yaml").read_text()
    top = "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))
    assert set(re.findall(r"\$\{(\w+)", text)) == set(re.findall(r"\b([A-Z_]{8,})\b", top))


def test_what_is_built_and_mounted_is_there(root: Path, compose: dict[str, Any]) -> None:
    copied = re.findall(r"^COPY (.+) \S+$", (root / "deploy/Dockerfile").read_text(), re.M)
    assert [name for line in copied for name in line.split() if not (root / name).exists()] == []
    for each in ours(compose).values():
        assert (root / "deploy" / each["build"]["context"] / each["build"]["dockerfile"]).is_file()
        places = [volume.split(":")[0] for volume in each["volumes"]]
        assert [place for place in places if place.startswith(".") and not (root / "deploy" / place).is_dir()] == []
        assert {place for place in places if not place.startswith(".")} <= set(compose["volumes"])


def test_what_the_program_reads_of_its_own_is_installed_with_it(root: Path, files: list[Path]) -> None:
    data = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["edi_gateway"]
    package = root / "edi_gateway"
    read = [file.relative_to(package) for file in files if file.is_relative_to(package) and file.suffix not in (".py", ".md")]
    assert [str(file) for file in read if not any(file.match(pattern.removeprefix("**/")) for pattern in data)] == []


def test_the_container_begins_with_the_program(root: Path) -> None:
    assert 'ENTRYPOINT ["edi-gateway"]' in (root / "deploy/Dockerfile").read_text().splitlines()
    assert 'edi-gateway = "edi_gateway.cli.main:main"' in (root / "pyproject.toml").read_text().splitlines()


def test_units_keep_the_data_folder_to_themselves_and_where_they_may_write(root: Path) -> None:
    kept = dict(line.split("=", 1) for line in (root / "deploy/systemd/edi-gateway.env").read_text().splitlines() if "=" in line)
    for unit in units(root):
        said = dict(line.split("=", 1) for line in unit.read_text().splitlines() if "=" in line)
        assert kept["EDI_GATEWAY_DATA"] == f"/var/lib/{said['StateDirectory']}"
        assert said["StateDirectoryMode"] == "0700"
        assert said["EnvironmentFile"] == "/etc/edi-gateway.env"


def test_the_role_that_the_database_is_asked_for_over_its_socket_is_the_user_the_units_run_as(root: Path) -> None:
    """PostgreSQL's `peer`, which distributions set up, lets a user of the system in under its own name alone."""
    (said,) = re.findall(r"^EDI_GATEWAY_DATABASE=(.+)$", (root / "deploy/systemd/edi-gateway.env").read_text(), re.M)
    url = sa.make_url(said)
    assert url.query["host"] == "/run/postgresql"
    assert {url.username} == {re.findall(r"^User=(.+)$", unit.read_text(), re.M)[0] for unit in units(root)}
    set_up = (root / "docs/how-to/scale-out.md").read_text()
    assert f"createuser {url.username}\n" in set_up
    assert f"createdb --owner={url.username} {url.database}\n" in set_up


def test_where_the_machine_is_read_only_to_a_unit_its_file_and_the_how_tos_say_how_to_name_shared_folders(root: Path) -> None:
    for unit in units(root):
        text = unit.read_text()
        assert "ProtectSystem=strict\n" in text
        (named,) = re.findall(r"^# ReadWritePaths=(.+)$", text, re.M)
        for name, folder in (("connect-an-erp", "/srv/erp"), ("openssh-mailboxes", "/srv/edi")):
            page = (root / f"docs/how-to/{name}.md").read_text()
            assert f"`ReadWritePaths={folder}`" in page
            assert folder in named.split()


def test_commands_are_given_to_the_units_gateway_as_its_user_with_its_settings_and_by_name(root: Path, tmp_path: Path) -> None:
    asked = tmp_path / "systemd-run"
    asked.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    asked.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "SUDO_UID": "1007"}
    command = [root / "deploy/systemd/edi-gateway", "hold", "resume", "7", "--note", "asked, and ok"]
    given = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.splitlines()
    for unit in units(root):
        said = dict(line.split("=", 1) for line in unit.read_text().splitlines() if "=" in line)
        program = said["ExecStart"].split()[0]
        assert f"--uid={said['User']}" in given
        assert f"--working-directory={said['WorkingDirectory']}" in given
        assert f"--property=EnvironmentFile={said['EnvironmentFile']}" in given
        assert given[given.index(program) :] == [program, "hold", "resume", "7", "--note", "asked, and ok"]
    assert "--setenv=SUDO_UID=1007" in given
    assert "`install -m 755 deploy/systemd/edi-gateway /usr/local/bin/`" in (root / "docs/how-to/scale-out.md").read_text()
