"""The web service; `vote.serving` says how gunicorn runs it."""

from __future__ import annotations

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from werkzeug.middleware.proxy_fix import ProxyFix

from vote import resources
from vote.service.house import LOCAL, House, Settings
from vote.web import api, board, booth, check, errors, languages, log, officers, proxies, security
from vote.web.pages import audit, console, public, screen


class _Sessions(SecureCookieSessionInterface):
    """Cookies that never travel unencrypted once the page itself did not."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return security.is_https()


def create_app(house: House | None = None) -> Flask:
    """The application. Without a house, the environment says where it is (see Settings)."""
    house = house or House(Settings.from_environment())
    house.migrate()
    app = Flask(
        __name__,
        template_folder=str(resources.templates()),
        static_folder=str(resources.static()),
        static_url_path="/static",  # whatever the folder is called inside a wheel
    )
    app.extensions["house"] = house
    app.secret_key = house.vault.session_key()
    app.session_interface = _Sessions()
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=64 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
    )
    if house.settings.origin != LOCAL:
        app.config["TRUSTED_HOSTS"] = [house.settings.origin, LOCAL, "127.0.0.1"]
    if house.settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    for part in (languages, officers, security, errors):
        part.init_app(app)
    for blueprint in (
        api.blueprint,
        proxies.blueprint,
        log.blueprint,
        booth.blueprint,
        public.blueprint,
        board.blueprint,
        check.blueprint,
        screen.blueprint,
        audit.blueprint,
        console.blueprint,
    ):
        app.register_blueprint(blueprint)
    return app
