"""A host's officer at the console, without a browser."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.small import Opened
from vote.service import officers
from vote.web import create_app

HOST, PASSWORD = "host", "correct horse battery"
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


class Console:
    """An officer who is signed in, without a browser; every form carries its token."""

    def __init__(self, opened: Opened, name: str = HOST) -> None:
        self.opened = opened
        officers.add(opened.house, name, PASSWORD)
        self.client: FlaskClient = create_app(opened.house).test_client()
        self.token = TOKEN.findall(self.client.get("/console/sign-in").text)[0]
        self.post("/console/sign-in", name=name, password=PASSWORD)
        self.token = TOKEN.findall(self.get("/console/new").text)[0]

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, **form: Any) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token, **form})

    def words(self, path: str) -> str:
        """What stands on a page, without its markup."""
        return words(self.get(path))


def words(answer: TestResponse) -> str:
    main = answer.text.partition("<main")[2]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def words_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html.partition(">")[2])).split())
