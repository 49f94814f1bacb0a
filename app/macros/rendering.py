"""Filling in a macro: Liquid in a sandbox, with nothing to reach and little time to spend."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from liquid import BoundTemplate, Environment, Node, RenderContext, Undefined
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.exceptions import LiquidError
from liquid.expression import Expression

from app.macros.errors import BadMacro
from app.macros.models import Macro

VARIABLES = (
    "contact.name",
    "contact.first_name",
    "brand.name",
    "agent.name",
    "conversation.number",
    "order.number",
)
LONGEST_BODY = 20_000
_LONGEST_VALUE = 300
_UNFILLED = re.compile(r"\{\{ ([^{}]+) \}\}")


@dataclass(frozen=True, slots=True)
class Rendered:
    """The text to put into the composer; what nothing filled stands in it as `{{ name }}`."""

    text: str
    missing: list[str]


class _Gap(Undefined):
    """A variable without a value: left visible, so that nobody sends a sentence with a hole."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"{{{{ {self.name} }}}}"


class _Noun(dict[str, object]):
    """What the attributes belong to; alone it says nothing."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def __str__(self) -> str:
        return f"{{{{ {self.name} }}}}"


class _Sandbox(Environment):
    """Conditions and a few filters; no loop, no range to walk, no file, no other template.

    What is not needed in a letter is not there: a chain of `replace` alone can fill the memory.
    """

    block_nesting_limit = 10
    context_depth_limit = 10
    loop_iteration_limit = 1
    local_namespace_limit = 10_000
    output_stream_limit = 100_000


_TAGS = frozenset(
    {"#", "assign", "case", "comment", "content", "doc", "if", "illegal", "output", "unless"}
)
_FILTERS = frozenset({"capitalize", "default", "downcase", "strip", "upcase"})


def _fence() -> _Sandbox:
    fenced = _Sandbox(undefined=_Gap, strict_filters=True)
    fenced.tags = {name: tag for name, tag in fenced.tags.items() if name in _TAGS}
    fenced.filters = {name: call for name, call in fenced.filters.items() if name in _FILTERS}
    return fenced


_sandbox = _fence()


def render_macro(macro: Macro, context: Mapping[str, str]) -> Rendered:
    """The macro's text with the values of `context`, named as in VARIABLES. Raises: BadMacro."""
    return render_text(macro.body, context)


def render_text(body: str, context: Mapping[str, str]) -> Rendered:
    """The same for a text not yet saved. Raises: BadMacro."""
    if len(body) > LONGEST_BODY:
        raise BadMacro(f"A macro has at most {LONGEST_BODY:,} characters.", field="body")
    try:
        template = _sandbox.from_string(body)
        if _walks_a_range(template):
            raise BadMacro("A macro cannot use ranges such as (1..9).", field="body")
        text = template.render(**_named(context))
    except (LiquidError, ArithmeticError, RecursionError, TypeError, ValueError) as error:
        raise BadMacro(_sentence(error), field="body") from error
    return Rendered(text, list(dict.fromkeys(_UNFILLED.findall(text))))


def _walks_a_range(template: BoundTemplate) -> bool:
    """Whether `(1..9)` stands anywhere: looking something up in a range may walk all of it."""
    context = RenderContext(template)
    nodes: list[Node] = list(template.nodes)
    expressions: list[Expression] = []
    while nodes:
        node = nodes.pop()
        nodes.extend(node.children(context, include_partials=False))
        expressions.extend(node.expressions())
    while expressions:
        expression = expressions.pop()
        if isinstance(expression, RangeLiteral):
            return True
        expressions.extend(expression.children())
    return False


def _named(context: Mapping[str, str]) -> dict[str, _Noun]:
    """The values by noun and attribute, a gap for each that has none."""
    names: dict[str, _Noun] = {}
    for variable in VARIABLES:
        noun, _, attribute = variable.partition(".")
        value = _as_text(context.get(variable, ""))
        names.setdefault(noun, _Noun(noun))[attribute] = value or _Gap(variable)
    return names


def _as_text(value: str) -> str:
    """One line of plain text that cannot pass for Liquid."""
    printable = "".join(each if each.isprintable() else " " for each in value)
    return " ".join(printable.translate({ord("{"): None, ord("}"): None}).split())[:_LONGEST_VALUE]


def _sentence(error: Exception) -> str:
    reason = str(error.args[0]) if error.args else ""
    where = error.context() if isinstance(error, LiquidError) else None
    line = f" (line {where[0]})" if where else ""
    return f"This text cannot be filled in: {reason}{line}." if reason else BadMacro.message
