"""Somebody who visits the console."""

from __future__ import annotations

import re

import httpx
from fastapi import FastAPI
from fastapi.testclient import TestClient

PASSWORD = "correct horse battery staple"
ROLES = ("viewer", "analyst", "operator", "admin")


class Visitor:
    """A browser without its eyes: keeps cookies, and sends forms as the pages it has been given would."""

    def __init__(self, app: FastAPI) -> None:
        self._client = TestClient(app, base_url="https://console.test", follow_redirects=False)

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return self._client.get(path, headers=headers)

    def post(self, path: str, *, proof: str | None = None, **fields: str) -> httpx.Response:
        """Sends a form with the token of this visitor's pages, or with the one given."""
        return self._client.post(path, data={"csrf": self.csrf() if proof is None else proof, **fields})

    def upload(self, path: str, files: dict[str, tuple[str, bytes]], **fields: str) -> httpx.Response:
        """Sends a form with files, as multipart/form-data."""
        return self._client.post(path, data={"csrf": self.csrf(), **fields}, files=files)

    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.get("/sign-in").text)
        assert found
        return found[1]

    def sign_in(self, name: str, password: str = PASSWORD, **more: str) -> httpx.Response:
        return self.post("/sign-in", name=name, password=password, **more)

    @property
    def cookies(self) -> httpx.Cookies:
        return self._client.cookies
