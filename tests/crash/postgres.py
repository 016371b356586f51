"""PostgreSQL in the campaign: a server that drops every connection to it."""

from __future__ import annotations

import os

import psycopg
from crash.points import DATABASE, Plan, Point
from sqlalchemy.engine import make_url

FULL = psycopg.errors.DiskFull  # what it answers then
SERVER = os.environ.get("EDI_GATEWAY_TEST_POSTGRES", "")


class Drops(Plan):
    """At the first word to the database from a point on, the server drops every connection."""

    def __init__(self, url: str, number: int) -> None:
        self._url, self._number = url, number
        self.where = ""

    def before(self, point: Point) -> None:
        if self.where or point.number < self._number or point.kind not in DATABASE:
            return
        self.where = str(point)
        with psycopg.connect(_plain(SERVER), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [make_url(self._url).database]
            )


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
