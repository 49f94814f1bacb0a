"""Frames and components as pages: whole, in the brand's look, with nobody else's name."""

import re

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from tenants.permissions import Permission, requires
from tests.themes.gallery.app import ACME, PAGES, create_gallery
from themes import page


@pytest.fixture
def gallery() -> FlaskClient:
    return create_gallery().test_client()


def test_each_gallery_page_is_whole(gallery: FlaskClient):
    for name in PAGES:
        answer = gallery.get(f"/{name}")
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert text.rstrip().endswith("</html>")
        assert "Northwind</title>" in text
        assert "livery" not in text.lower()


def test_labels_hints_and_errors_belong_to_their_fields(gallery: FlaskClient):
    text = gallery.get("/components").get_data(as_text=True)
    ids = re.findall(r'\sid="([^"]+)"', text)
    for attribute in ("for", "aria-describedby", "commandfor", "popovertarget"):
        for names in re.findall(rf'\s{attribute}="([^"]+)"', text):
            assert set(names.split()) <= set(ids), (attribute, names)
    assert 'value="sam@"' in text
    assert "the part after @ is missing" in text


def test_our_files_are_kept_for_ever_under_their_digest_and_not_under_another(gallery: FlaskClient):
    text = gallery.get("/console").get_data(as_text=True)
    addresses = re.findall(r'(?:href|src)="(/(?:assets|theme)/[^"#]+)', text)
    assert len(addresses) >= 5
    for address in addresses:
        answer = gallery.get(address, buffered=True)
        assert answer.status_code == 200, address
        kept = "no-cache" if address.endswith("accents.css") else "immutable"
        assert kept in answer.headers["Cache-Control"]
    stale = re.sub(r"/assets/\w{12}/", "/assets/000000000000/", addresses[0])
    assert gallery.get(stale, buffered=True).headers["Cache-Control"] == "no-cache"
    assert gallery.get("/theme/000000000000.css").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/x/../pages.py",
        "/assets/x/js/../../page.py",
        "/assets/x/css/app.css",
        "/assets/vendor/nothing.js",
        "/theme/logo/aa.png",
    ],
)
def test_nothing_else_of_the_folder_is_served(gallery: FlaskClient, path: str):
    assert gallery.get(path, buffered=True).status_code == 404


def test_accents_colour_each_brand_and_are_asked_for_again(gallery: FlaskClient):
    answer = gallery.get("/theme/accents.css")
    assert f'[data-brand="{ACME}"]{{--brand:#d9480f' in answer.get_data(as_text=True)
    again = gallery.get("/theme/accents.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.fixture
def app() -> Flask:
    gallery = create_gallery()

    @gallery.get("/list")
    @requires(Permission.PUBLIC)
    def list_page() -> Response:
        return page.render("gallery/portal.html", fragment="title", client={"name": "Acme"})

    return gallery


def test_htmx_gets_the_block_and_everybody_else_the_page(app: Flask):
    client = app.test_client()
    assert client.get("/list", headers={"HX-Request": "true"}).get_data(as_text=True) == "March"
    assert "<!doctype html>" in client.get("/list").get_data(as_text=True)
