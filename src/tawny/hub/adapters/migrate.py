"""Bringing the hub's database to the schema of this version.

Nothing is done, and Alembic is not even loaded, where the database is there already: a start should be quick.
"""

import fcntl
import logging
import sqlite3
from pathlib import Path

HEAD = "0002"  # the newest step in `tawny.hub.migrations.versions`; held by a test
_STEPS = Path(__file__).parents[1] / "migrations"


def bring_up_to_date(database: Path) -> None:
    """Make the SQLite *database* what this version expects; ValueError where a newer version wrote it."""
    if _version(database) == HEAD:
        return
    with database.with_suffix(".migration").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # the verb `owner` may run beside the hub's first start
        if _version(database) != HEAD:
            database.touch(mode=0o600)
            _upgrade(database)


def _version(database: Path) -> str | None:
    if not database.exists():
        return None
    connection = sqlite3.connect(database)
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError:
        return None
    finally:
        connection.close()
    return None if row is None else str(row[0])


def _upgrade(database: Path) -> None:
    from alembic import command  # slow to load, rarely needed
    from alembic.config import Config
    from alembic.util import CommandError
    from sqlalchemy import create_engine

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    engine = create_engine(f"sqlite:///{database}")
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise ValueError(f"{database} was written by a newer Tawny: {error}") from error
    finally:
        engine.dispose()
