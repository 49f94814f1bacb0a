"""Mails: inlined, safe on dark screens, with a plain twin."""

import re

import pytest

from themes.mail import render_mail
from themes.tokens import Theme

pytestmark = pytest.mark.usefixtures("gallery_mails_and_reports")
BIRCH = Theme(name="Birch & Sons", primary="#ffd400", signature="Your Birch team")


def test_both_bodies_say_the_same():
    mail = render_mail("gallery/mail", BIRCH, subject="Your report for March is ready")
    for words in ("Your report for March is ready", "94.2%", "Hello Cleo"):
        assert words in mail.html
        assert words in mail.text
    assert "https://portal.northwind.example/reports/1" in mail.text


def test_styles_stand_on_the_elements_and_only_screens_rules_remain():
    html = render_mail("gallery/mail", BIRCH, subject="x").html
    button = re.search(r'<a href="https://portal[^>]*>', html)
    assert button is not None
    assert "padding: 12px 20px" in button.group()
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    assert style.group(1).strip().startswith("@media (prefers-color-scheme: dark)")
    assert "max-width: 480px" in style.group(1)


def test_colours_are_plain_values_and_nothing_is_loaded():
    html = render_mail("gallery/mail", BIRCH, subject="x").html
    assert "#ffd400" in html
    for trace in ("var(", "light-dark(", "url(", "<script", "src="):
        assert trace not in html


def test_a_name_is_escaped_in_html_and_plain_in_text():
    mail = render_mail("gallery/mail", BIRCH, subject="x")
    assert "Birch &amp; Sons" in mail.html
    hostile = render_mail("gallery/mail", Theme(name="<img src=x>", primary="#000000"), subject="x")
    assert "<img src=x>" not in hostile.html


def test_a_logo_has_the_brands_name_for_who_does_not_see_it():
    html = render_mail("gallery/mail", BIRCH, subject="x", logo_src="cid:logo").html
    logo = re.search(r"<img [^>]*>", html)
    assert logo is not None
    assert 'src="cid:logo"' in logo.group()
    assert 'alt="Birch &amp; Sons"' in logo.group()


def test_the_plain_twin_is_tidy():
    text = render_mail("gallery/mail", BIRCH, subject="x").text
    assert text.endswith("--\nYour Birch team\n")
    assert "\n\n\n" not in text
    assert not any(line != line.rstrip() for line in text.splitlines())
