"""The host's console: one assembly from its files to its bundle, one step after the other."""

from __future__ import annotations

import re

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from vote import resources
from vote.service import (
    closing,
    destruction,
    law,
    minutes,
    officers,
    opening,
    overview,
    prepare,
    privacy,
    successor,
    tally,
    turnout,
)
from vote.service.errors import DefinitionError, Refusal
from vote.service.folder import read_folder, write_zip
from vote.service.overview import View
from vote.web import tallying
from vote.web.context import house
from vote.web.errors import words
from vote.web.languages import gettext as _
from vote.web.officers import SignedInOfficer
from vote.web.pages import (
    again,
    comparing,
    concluding,
    faults,
    invitations,
    needed,
    people,
    public,
    recording,
    small_colleges,
    stages,
    steps,
    uploads,
    wording,
)
from vote.web.pages.forms import Confirmation, SignIn, Upload

_TICKET = re.compile(r"[0-9a-f-]{36}", re.ASCII)  # what the page made up to know its download by

blueprint = Blueprint("console", __name__, url_prefix="/console")
for _part in (recording, comparing, again, concluding):
    blueprint.register_blueprint(_part.blueprint)


@blueprint.before_request
def _officers_only() -> ResponseReturnValue | None:
    if request.endpoint == "console.sign_in" or current_user.is_authenticated:
        return None
    return redirect(url_for("console.sign_in", next=request.path))


@blueprint.after_request
def _same_origin_referrer(response: Response) -> Response:
    """Over https the forms' protection (CSRF) looks at the referrer of our own pages."""
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    form = SignIn()
    if current_user.is_authenticated:
        return redirect(url_for("console.index"))
    if form.validate_on_submit():
        try:
            found = officers.sign_in(
                house(),
                form.name.data or "",
                form.password.data or "",
                request.remote_addr or "",
            )
        except Refusal as refusal:
            said = render_template("console/sign_in.html", form=form, refusal=words(refusal))
            return said, refusal.status
        login_user(SignedInOfficer(found.name, found.sessions))
        return redirect(_next() or url_for("console.index"))
    return render_template("console/sign_in.html", form=form, refusal=None)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    officers.sign_out(house(), current_user.id)
    logout_user()
    flash(_("You have signed out."), "ok")
    return redirect(url_for("console.sign_in"))


@blueprint.get("/")
def index() -> str:
    views = overview.assemblies(house())
    return render_template(
        "console/index.html",
        assemblies=[(view, stages.stage(view)) for view in views],
        stages=stages,
    )


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    form = Upload()
    shown: list[faults.ShownFault] = []
    refusal = None
    if form.validate_on_submit():
        try:
            uploaded = uploads.collect(form)
            folder = uploaded.read()
            name = prepare.import_assembly(house(), folder, rehearsal=bool(form.rehearsal.data))
        except DefinitionError as error:
            shown = faults.show(error.faults, uploaded.toml())
        except Refusal as error:
            refusal = words(error)
        else:
            flash(
                _(
                    "The files are in order: %(members)s members, %(questions)s questions.",
                    members=len(folder.roll),
                    questions=len(folder.definition.questions),
                ),
                "ok",
            )
            for warning in faults.show(law.roll_warnings(folder.definition, folder.roll)):
                flash(warning.message, "warn")
            return redirect(url_for("console.assembly", assembly=name))
    status = 422 if shown or refusal else 200
    return (
        render_template(
            "console/new.html", form=form, faults=shown, refusal=refusal, samples=_samples()
        ),
        status,
    )


@blueprint.get("/samples/<name>.zip")
def sample(name: str) -> Response:
    """A sample assembly, to start one's own from."""
    if name not in _samples():
        raise Refusal("no-such-sample", "There is no such sample.", status=404)
    return steps.attachment(write_zip(read_folder(resources.samples() / name)), f"{name}.zip")


@blueprint.get("/<assembly>/")
def assembly(assembly: str) -> str:
    view = overview.view(house(), assembly)
    if view.state == "closed":
        tallying.go_on(house(), assembly)
    papers = steps.papers(view)
    draft, closed, decided = (view.state == each for each in ("draft", "closed", "decided"))
    advice = small_colleges.advice(house(), view) if closed else None
    progress = stages.tally(view, tally.progress(house(), assembly))
    return render_template(
        "console/assembly.html",
        view=view,
        stage=stages.stage(view),
        version=_version(view, progress),
        definition=view.definition,
        order=view.definition.assembly.languages,
        papers=papers,
        naming=prepare.naming(house(), view.id) if draft else "",
        weights=people.weights(view.definition, overview.power(house(), view.id)),
        needed=needed.needed(view.definition, papers),
        tally=progress,
        next_step=stages.next_step(view, progress),
        received=turnout.received(house(), assembly) if closed else {},
        nothing_noted=closed and recording.nothing_noted(assembly),
        results=public.decided(view),
        warnings=faults.show(law.warnings(view.definition)) if draft else [],
        advice=advice,
        findings=small_colleges.findings(view.definition, advice) if advice else [],
        small_colleges=small_colleges,
        minutes=minutes.languages(house(), view.id),
        bundle_public=privacy.is_public(house(), assembly),
        without_quorum=successor.is_possible(house(), assembly),
        destroyed=decided and destruction.recorded(house(), assembly) is not None,
        wording=wording,
        stages=stages,
    )


@blueprint.get("/<assembly>/state")
def state(assembly: str) -> Response:
    """What the checklist looks at: its version, to be loaded again, and the turnout as it is."""
    view = overview.view(house(), assembly)
    progress = stages.tally(view, tally.progress(house(), assembly))
    if view.state == "closed" and progress.step != 2:
        tallying.go_on(house(), assembly)
    papers = steps.papers(view) if view.state == "open" else []
    return jsonify(
        version=_version(view, progress),
        turnout={
            paper.ballot: render_template("console/turnout.html", paper=paper) for paper in papers
        },
    )


@blueprint.post("/<assembly>/trustees")
def trustees(assembly: str) -> ResponseReturnValue:
    """Name the trustees; their links are shown this once, and a page that is loaded again does not
    replace them."""
    names = [name.strip() for name in request.form.getlist("trustee")]
    if not all(names):
        flash(_("Give every trustee a name."), "error")
        return steps.back(assembly)
    if request.form.get("naming", "") != prepare.naming(house(), assembly):
        raise Refusal(
            "already-named",
            "The trustees have been named, and their links were shown once. Nothing was changed. "
            "If a link is lost, name the trustees again: that makes new links for all.",
            status=409,
        )
    links = prepare.invite_trustees(house(), assembly, names)
    return render_template(
        "console/trustees.html",
        view=overview.view(house(), assembly),
        order=overview.view(house(), assembly).definition.assembly.languages,
        links=[
            (link, url_for("booth.trustee", assembly=assembly, _external=True) + f"#{link.token}")
            for link in links
        ],
    )


@blueprint.post("/<assembly>/codes")
def codes(assembly: str) -> Response:
    """Make every member's code; the list is given out this once and kept nowhere."""
    booth = url_for("booth.vote", assembly=assembly, _external=True)
    issued = prepare.issue_codes(house(), assembly)
    response = steps.attachment(
        invitations.sheet(issued, booth), f"{assembly}-codes.csv", "text/csv"
    )
    ticket = request.form.get("ticket", "")
    if _TICKET.fullmatch(ticket):
        response.set_cookie("codes-made", ticket, max_age=60, samesite="Strict", path="/console/")
    return response


@blueprint.route("/<assembly>/open", methods=["GET", "POST"])
def open_voting(assembly: str) -> ResponseReturnValue:
    form = Confirmation()
    if form.validate_on_submit():
        opening.open_voting(house(), assembly)
        flash(_("The ballot box is open and sealed to everyone, this console included."), "ok")
        return steps.back(assembly)
    return _confirm("console/open.html", assembly, form)


@blueprint.route("/<assembly>/close", methods=["GET", "POST"])
def close(assembly: str) -> ResponseReturnValue:
    form = Confirmation()
    if form.validate_on_submit():
        closing.close(house(), assembly, request.args.get("ballot"))
        tallying.start(house(), assembly)
        flash(_("Voting is closed. The encrypted ballots are being added up."), "ok")
        return steps.back(assembly)
    return _confirm("console/close.html", assembly, form)


@blueprint.post("/<assembly>/tally")
def go_on(assembly: str) -> ResponseReturnValue:
    """Set the tally going again; harmless while it is going."""
    overview.view(house(), assembly)
    tallying.start(house(), assembly)
    return steps.back(assembly)


@blueprint.errorhandler(Refusal)
def _refused(refusal: Refusal) -> ResponseReturnValue:
    """A step that was refused leads back to the checklist, where it says what to do."""
    name = (request.view_args or {}).get("assembly")
    if request.method == "POST" and name and refusal.code != "unknown-assembly":
        flash(words(refusal), "error")
        return steps.back(name)
    return (
        render_template(
            "error.html", status=refusal.status, code=refusal.code, message=words(refusal)
        ),
        refusal.status,
    )


def _confirm(template: str, assembly: str, form: Confirmation) -> str:
    view = overview.view(house(), assembly)
    advice = small_colleges.advice(house(), view)
    papers = steps.papers(view)
    return steps.show(
        template,
        view,
        papers=papers,
        needed=needed.needed(view.definition, papers),
        form=form,
        advice=advice,
        findings=small_colleges.findings(view.definition, advice) if advice else [],
        small_colleges=small_colleges,
        nothing_noted=recording.nothing_noted(assembly),
    )


def _version(view: View, progress: stages.Tally) -> str:
    """Changes when something on the checklist does, turnout apart."""
    keys = sum(trustee.has_key for trustee in view.trustees)
    done = "".join(election.stage[0] for election in view.elections)
    papers = "".join(paper.state[0] for paper in view.papers)
    decrypted = sum(trustee.done for trustee in progress.trustees)
    return f"{view.state}-{len(view.trustees)}-{keys}-{done}-{papers}-{decrypted}"


def _next() -> str | None:
    """Where the officer wanted to go, if that is a page of this console."""
    wanted = request.args.get("next", "")
    return wanted if wanted.startswith("/console/") else None


def _samples() -> list[str]:
    return sorted(path.name for path in resources.samples().iterdir() if path.is_dir())
