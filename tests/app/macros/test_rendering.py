"""Macros are filled in, gaps stay visible, and a hostile text gets nowhere."""

import pytest

from app.macros.errors import BadMacro
from app.macros.rendering import render_text

SAM = {
    "contact.name": "Sam Shopper",
    "contact.first_name": "Sam",
    "brand.name": "Acme",
    "agent.name": "Leo",
    "conversation.number": "7",
}


def test_variables_are_filled_in():
    body = "Hi {{ contact.first_name }},\n\nyour no. {{conversation.number}}.\n\n{{ agent.name }}"
    rendered = render_text(body, SAM)
    assert rendered.text == "Hi Sam,\n\nyour no. 7.\n\nLeo"
    assert rendered.missing == []


def test_what_nothing_fills_stays_visible_and_is_reported_once():
    rendered = render_text("Order {{ order.number }}, yes: {{order.number}}.", SAM)
    assert rendered.text == "Order {{ order.number }}, yes: {{ order.number }}."
    assert rendered.missing == ["order.number"]


def test_a_default_or_a_condition_fills_a_gap():
    body = (
        "Hi {{ contact.first_name | default: 'there' }}."
        "{% if order.number %} Order {{ order.number }}.{% else %} Which order?{% endif %}"
    )
    rendered = render_text(body, {"brand.name": "Acme"})
    assert rendered.text == "Hi there. Which order?"
    assert rendered.missing == []


def test_values_are_text_and_never_liquid():
    evil = {"contact.first_name": "{{ brand.name }}\n{% include 'x' %}\x00<b>"}
    rendered = render_text("Hi {{ contact.first_name }}!", evil | {"brand.name": "Acme"})
    assert rendered.text == "Hi brand.name % include 'x' % <b>!"
    assert rendered.missing == []


@pytest.mark.parametrize(
    "body",
    [
        "{% if %}",
        "{% if contact.name %}never closed",
        "{{ contact.name ",
        "{% include 'secrets' %}",
        "{% render 'secrets' %}",
        "{% for i in (1..100000000) %}x{% endfor %}",
        "{% if (1..999999999999) contains 'a' %}x{% endif %}",
        "{{ (1..99999999999) | join: ',' }}",
        "{{ 'aaaa' " + "| replace: 'a', 'aaaaaaaa' " * 50 + "}}",
        "{{ 9 " + "| times: 99999999 " * 500 + "}}",
        "{{ contact.name | shout }}",
        "{% if contact.name < 5 %}x{% endif %}",
        "{% if contact.name %}" * 400,
        "x" * 20_001,
    ],
)
def test_a_text_that_is_wrong_or_asks_for_too_much_is_refused(body: str):
    with pytest.raises(BadMacro) as refusal:
        render_text(body, SAM)
    assert refusal.value.field == "body"
    assert refusal.value.message.endswith(".")


@pytest.mark.parametrize(
    "body",
    [
        "{{ contact.__class__ }}",
        "{{ contact.name.__class__.__mro__ }}",
        "{{ self }}",
        "{{ contact }}",
    ],
)
def test_nothing_but_the_named_values_can_be_reached(body: str):
    assert "class" not in render_text(body, SAM).text.replace(body, "")
    assert "Shopper" not in render_text(body, SAM).text
