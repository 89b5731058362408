"""A backup is whole, and comes back held; what cannot be restored is refused with a sentence."""

import json
import os
import sqlite3
from contextlib import closing

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Standing
from accounts.tests.factories import make_organization
from sending.delivery.sender.journal import FROM_BACKUP, Journal
from smsconsole.backup.making import back_up

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def console(settings, tmp_path):
    """A console with an organization, an upload and a journal."""
    for name, folder in (("UPLOADS_DIR", "uploads"), ("JOURNAL_DIR", "journal")):
        setattr(settings, name, tmp_path / "old" / folder)
        (tmp_path / "old" / folder).mkdir(parents=True)
    settings.VAR_DIR = tmp_path / "old"
    make_organization(name="Harbourline")
    Standing.current()
    (settings.UPLOADS_DIR / "1").mkdir()
    (settings.UPLOADS_DIR / "1" / "numbers.csv").write_text("+85251234567\n")
    Journal.create(settings.JOURNAL_DIR, gateway_id=1, slot=1).close()
    return tmp_path


@pytest.fixture
def backup(console):
    call_command("backup", str(console / "backup"), verbosity=0)
    return console / "backup"


@pytest.fixture
def new_machine(backup, settings, tmp_path, monkeypatch):
    """Another folder and an empty database; gives what asks that database."""
    settings.VAR_DIR = tmp_path / "new"
    settings.UPLOADS_DIR = tmp_path / "new" / "uploads"
    settings.JOURNAL_DIR = tmp_path / "new" / "journal"
    if connection.vendor == "sqlite":
        path = tmp_path / "new" / "console.sqlite3"
        monkeypatch.setitem(connection.settings_dict, "NAME", str(path))
        connection.close()

        def ask(sql):
            with closing(sqlite3.connect(path)) as there:
                return there.execute(sql).fetchall()

        yield ask
        connection.close()
        return
    import psycopg

    name = f"restore_{os.getpid()}"
    here = {**connection.get_connection_params(), "autocommit": True}
    with psycopg.connect(**here) as session:
        session.execute(f"CREATE DATABASE {name}")
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "NAME", name)

    def ask(sql):
        with psycopg.connect(**{**here, "dbname": name}) as session:
            return session.execute(sql).fetchall()

    yield ask
    connection.close()
    with psycopg.connect(**here) as session:
        session.execute(f"DROP DATABASE {name} WITH (FORCE)")


def restore(backup, *arguments):
    call_command("restore", str(backup), *arguments, verbosity=0)


def edited(backup, **changes):
    manifest = json.loads((backup / "manifest.json").read_text())
    (backup / "manifest.json").write_text(json.dumps({**manifest, **changes}))


def test_it_comes_back_with_everything_and_held(backup, new_machine, settings, capsys):
    manifest = json.loads((backup / "manifest.json").read_text())
    assert manifest["rows"]["accounts_organization"] == 1
    assert (manifest["uploads"], manifest["journals"]) == (1, 1)
    restore(backup)
    assert "The console is held" in capsys.readouterr().out
    assert new_machine("SELECT name FROM accounts_organization") == [("Harbourline",)]
    ((because, since),) = new_machine("SELECT held_because, held_since FROM accounts_standing")
    assert (because, bool(since)) == ("restored", True)
    assert (settings.UPLOADS_DIR / "1" / "numbers.csv").read_text() == "+85251234567\n"
    assert len(list((settings.JOURNAL_DIR / FROM_BACKUP).glob("*.journal"))) == 1


def test_no_key_is_in_it_and_the_file_of_keys_is_apart(console, settings):
    settings.SECRET_KEY = "a key that would be recognised in any file of the backup"
    folder = console / "backup"
    with pytest.raises(CommandError, match="lies in the backup"):
        call_command("backup", str(folder), "--keys", str(folder / "keys"), verbosity=0)
    call_command("backup", str(folder), "--keys", str(console / "keys"), verbosity=0)
    for path in folder.iterdir():
        assert settings.SECRET_KEY.encode() not in path.read_bytes()
    assert f"SECRET_KEY={settings.SECRET_KEY}\n" in (console / "keys").read_text()
    assert (console / "keys").stat().st_mode & 0o077 == 0


def test_another_key_is_refused_and_the_file_of_keys_helps(backup, new_machine, settings, tmp_path):
    (tmp_path / "keys").write_text(f"SECRET_KEY={settings.SECRET_KEY}\n")
    settings.SECRET_KEY = "another one"
    with pytest.raises(CommandError, match="SECRET_KEY is not the one of this backup"):
        restore(backup)
    settings.VAR_DIR.mkdir()
    restore(backup, "--keys", str(tmp_path / "keys"))
    assert (settings.VAR_DIR / "secret-key").read_text() == settings.SECRET_KEY


def test_a_database_that_is_there_is_replaced_only_when_told_so(backup, new_machine, settings):
    restore(backup)
    with pytest.raises(CommandError, match="uploads already"):
        restore(backup)
    (settings.UPLOADS_DIR / "1" / "numbers.csv").unlink()
    with pytest.raises(CommandError, match="--replace"):
        restore(backup)
    restore(backup, "--replace")
    assert new_machine("SELECT count(*) FROM accounts_organization") == [(1,)]


def test_what_cannot_be_restored_is_refused_before_anything_is_touched(
    backup, new_machine, settings
):
    migrations = json.loads((backup / "manifest.json").read_text())["migrations"]
    edited(backup, migrations={**migrations, "sending": ["9999_of_next_year"]})
    with pytest.raises(CommandError, match=r"newer release \(it has sending.9999_of_next_year\)"):
        restore(backup)
    edited(backup, migrations=migrations, engine="another")
    with pytest.raises(CommandError, match="The backup is of another"):
        restore(backup)
    edited(backup, engine=connection.vendor)
    with (backup / "uploads.tar").open("ab") as file:
        file.write(b"more")
    with pytest.raises(CommandError, match=r"uploads.tar is missing or was changed"):
        restore(backup)
    with pytest.raises(CommandError, match="is no backup of SMS Console"):
        restore(settings.VAR_DIR)
    assert not settings.VAR_DIR.exists()


def test_a_folder_that_is_not_empty_is_left_alone(console):
    with pytest.raises(CommandError, match="is not empty"):
        call_command("backup", str(console / "old"), verbosity=0)
    assert not list(console.glob("*.partial"))


def test_a_backup_that_fails_is_not_called_one(console, monkeypatch):
    from smsconsole.backup import archives

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archives, "pack", full)
    with pytest.raises(CommandError, match="No space left on device"):
        call_command("backup", str(console / "backup"), verbosity=0)
    assert not (console / "backup").exists()
    monkeypatch.undo()
    assert back_up(console / "backup").rows["accounts_organization"] == 1
