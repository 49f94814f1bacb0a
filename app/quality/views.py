"""The quality desk: what waits for review, the workbench, and what was published."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.forms import form
from app.look import brand_themes
from app.navigation import nav_items
from app.quality.answers import NO_ANSWER, Answers, read_answers, standing_of
from app.quality.criteria import read_criteria
from app.quality.errors import BadAnswers
from app.quality.models import Review
from app.quality.operations.assigning import assign_reviewer
from app.quality.operations.drawing import draw_now
from app.quality.operations.reviewing import publish_review, save_draft
from app.quality.queries.evidence import get_evidence
from app.quality.queries.facts import list_brand_scores
from app.quality.queries.reviews import (
    find_next_to_review,
    get_review,
    get_sample,
    list_published_page,
    list_to_review,
    list_with_others,
    progress_of,
)
from app.quality.queries.scorecards import get_scorecard_version
from app.quality.schemas import ReviewForm, typed_values
from app.quality.screens import (
    CLOCKS,
    EXCLUSIONS,
    REASONS,
    ShownAnswer,
    ShownBrand,
    event_words,
    grouped,
    shown_brand,
    typed_quotes,
)
from app.quality.viewers import Viewer, viewer_of
from tenants.context import Actor
from tenants.db import db, utc_now
from tenants.members.session import current_access
from tenants.permissions import Permission, requires
from tenants.workspaces.queries import list_workspaces
from themes.forms import Form
from themes.page import render

bp = Blueprint("quality", __name__, template_folder="templates")

SCORE_DAYS = 90


@bp.get("/quality")
@requires(Permission.REVIEWS_READ)
def index() -> BaseResponse:
    """What waits for review, what it says about each brand, what was published."""
    viewer = _viewer()
    if not viewer.oversees:
        return redirect(url_for(".mine"), 303)
    now = utc_now()
    brands = _brands()
    return _page(
        "quality/index.html",
        to_review=list_to_review(viewer),
        with_others=list_with_others(viewer),
        mine=progress_of(viewer, now=now),
        published=list_published_page(viewer, after=request.args.get("after", type=UUID)),
        scores=list_brand_scores(
            [each for each in brands if each in viewer.oversees],
            starts_at=now - timedelta(days=SCORE_DAYS),
            ends_at=now,
        ),
        score_days=SCORE_DAYS,
        brands=brands,
        may_draw=current_access().may(Permission.SAMPLES_DRAW),
        may_score=bool(viewer.scores_in),
        now=now,
    )


@bp.get("/quality/mine")
@requires(Permission.REVIEWS_READ)
def mine() -> Response:
    """What was published about one's own conversations."""
    after = request.args.get("after", type=UUID)
    return _page(
        "quality/mine.html",
        published=list_published_page(_viewer(), after=after, only_own=True),
        brands=_brands(),
    )


@bp.post("/quality/samples")
@requires(Permission.SAMPLES_DRAW)
def create_samples() -> BaseResponse:
    """Draw what can be drawn now, for every brand."""
    now = utc_now()
    count = sum(draw_now(workspace_id=workspace.id, now=now) for workspace in list_workspaces())
    flash(
        f"{count} {'conversation' if count == 1 else 'conversations'} drawn for review."
        if count
        else "Nothing new to draw: everything closed so far has had its chance."
    )
    return redirect(url_for(".index"), 303)


@bp.get("/quality/reviews/<uuid:review_id>")
@requires(Permission.REVIEWS_READ)
def show(review_id: UUID, form: Form | None = None) -> Response:
    """The workbench while the review is open, its result once it is published."""
    viewer = _viewer()
    review = get_review(review_id, viewer)
    return _published(review) if review.is_published else _workbench(review, viewer, form)


@bp.post("/quality/reviews/<uuid:review_id>/assignment")
@requires(Permission.REVIEWS_SCORE)
def create_assignment(review_id: UUID) -> BaseResponse:
    """Take a review, also from somebody else."""
    assign_reviewer(get_review(review_id, _viewer()), to=_me(), now=utc_now())
    return redirect(url_for(".show", review_id=review_id), 303)


@bp.post("/quality/reviews/<uuid:review_id>/draft")
@requires(Permission.REVIEWS_SCORE)
@form(ReviewForm, again=show)
def update_draft(review_id: UUID, answers: Answers, comment: str) -> BaseResponse:
    """Keep what was said so far; scripts get the score as it stands."""
    viewer = _viewer()
    review = get_review(review_id, viewer)
    with _messages_at_fields():
        save_draft(review, answers=answers, comment=comment, by=_me(), now=utc_now())
    if "HX-Request" in request.headers:
        return _workbench(review, viewer, None)
    flash("Draft saved.")
    return redirect(url_for(".show", review_id=review_id), 303)


@bp.post("/quality/reviews/<uuid:review_id>/publication")
@requires(Permission.REVIEWS_SCORE)
@form(ReviewForm, again=show)
def create_publication(review_id: UUID, answers: Answers, comment: str) -> BaseResponse:
    """Make the score final, and go on to the next one."""
    viewer = _viewer()
    review = get_review(review_id, viewer)
    with _messages_at_fields():
        publish_review(review, answers=answers, comment=comment, by=_me(), now=utc_now())
    score = "without a score" if review.score is None else f"with {review.score:.0f} points"
    flash(f"Published {score}.")
    following = find_next_to_review(viewer)
    if following is None:
        return redirect(url_for(".index"), 303)
    return redirect(url_for(".show", review_id=following), 303)


def _workbench(review: Review, viewer: Viewer, form: Form | None) -> Response:
    now = utc_now()
    version = get_scorecard_version(review.scorecard_version_id)
    criteria = read_criteria(version.criteria)
    answers = read_answers(review.answers)
    return _page(
        "quality/workbench.html",
        fragment="standing",
        review=review,
        sample=get_sample(review.sample_id),
        brand=_brands()[review.workspace_id],
        evidence=get_evidence(review, now=now),
        version=version,
        groups=grouped(criteria),
        cause_options=[(cause, cause) for cause in version.root_causes],
        standing=standing_of(criteria, answers),
        form=form or Form(values=typed_values(answers, review.comment)),
        mine=progress_of(viewer, now=now),
        is_mine=review.reviewer_id == viewer.member_id,
        may_score=review.workspace_id in viewer.scores_in,
    )


def _published(review: Review) -> Response:
    now = utc_now()
    version = get_scorecard_version(review.scorecard_version_id)
    answers = read_answers(review.answers)
    scores = list_brand_scores(
        [review.workspace_id], starts_at=now - timedelta(days=SCORE_DAYS), ends_at=now
    )
    return _page(
        "quality/published.html",
        review=review,
        sample=get_sample(review.sample_id),
        brand=_brands()[review.workspace_id],
        evidence=get_evidence(review, now=now),
        version=version,
        answers=[
            ShownAnswer(each, answers.get(each.code, NO_ANSWER))
            for each in read_criteria(version.criteria)
        ],
        brand_score=scores[0].score,
        score_days=SCORE_DAYS,
    )


def _page(template: str, *, fragment: str | None = None, **context: Any) -> Response:  # noqa: ANN401 - what it reads
    return render(
        template,
        fragment=fragment,
        nav=nav_items("quality"),
        member=current_access(),
        pane="main",
        clock_names=CLOCKS,
        reasons=REASONS,
        exclusions=EXCLUSIONS,
        event_words=event_words,
        quotes_of=typed_quotes,
        **context,
    )


def _brands() -> dict[UUID, ShownBrand]:
    themes = brand_themes()
    return {
        each.id: shown_brand(each.id, each.name, each.time_zone, themes.get(each.id))
        for each in list_workspaces()
    }


def _viewer() -> Viewer:
    return viewer_of(current_access())


def _me() -> Actor:
    actor = db.scope.actor
    return Actor(actor.kind, actor.id, current_access().name)


@contextmanager
def _messages_at_fields() -> Iterator[None]:
    """Show what does not fit at its field, on the same page."""
    try:
        yield
    except BadAnswers as refusal:
        raise ma.ValidationError({"form": refusal.messages}) from refusal
