"""A brand's look as typed tokens: the only thing a tenant may choose about how pages look."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

from themes.errors import BadTheme

VERSION = 1
MAX_RADIUS = 12
MAX_LOGO_SIDE = 4096
MAX_NAME = 80
MAX_WORDS = 200

_HEX = re.compile(r"#[0-9a-f]{6}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class FontPairing(StrEnum):
    """The type a brand may choose from; all of it is served by us."""

    INTER = "inter"
    EDITORIAL = "editorial"
    SYSTEM = "system"


class SchemeChoice(StrEnum):
    """Whether the brand's public pages follow the reader's device or stay light or dark."""

    DEVICE = "device"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class Logo:
    """Blob digests of a cleaned logo; `dark` is the variant for dark surfaces, if there is one."""

    page: str
    mail: str
    icon: str
    width: int
    height: int
    dark: str | None = None

    def __post_init__(self) -> None:
        for digest in (self.page, self.mail, self.icon, self.dark or self.page):
            if not _DIGEST.fullmatch(str(digest)):
                raise BadTheme("The logo is not one of the uploaded files.", field="logo")
        for side in (self.width, self.height):
            _whole_number(side, "logo", lowest=1, highest=MAX_LOGO_SIDE)


@dataclass(frozen=True, kw_only=True)
class Theme:
    """One version of a brand's look. Colours are '#rrggbb' and are never altered."""

    name: str
    primary: str
    secondary: str | None = None
    radius: int = 8
    fonts: FontPairing = FontPairing.INTER
    scheme: SchemeChoice = SchemeChoice.DEVICE
    logo: Logo | None = None
    monogram: str = ""
    greeting: str = "Hello"
    signature: str = ""

    def __post_init__(self) -> None:
        """Normalise what a person typed; refuse what no page could show.

        Raises: BadTheme, with the field.
        """
        self._set("name", _words(self.name, "name", longest=MAX_NAME))
        if not self.name:
            raise BadTheme("Give the brand a name.", field="name")
        self._set("primary", parse_colour(self.primary, field="primary"))
        if self.secondary is not None:
            self._set("secondary", parse_colour(self.secondary, field="secondary"))
        _whole_number(self.radius, "radius", lowest=0, highest=MAX_RADIUS)
        self._set("fonts", _choice(FontPairing, self.fonts, "fonts"))
        self._set("scheme", _choice(SchemeChoice, self.scheme, "scheme"))
        monogram = _words(self.monogram, "monogram", longest=2) or monogram_of(self.name)
        self._set("monogram", monogram)
        self._set("greeting", _words(self.greeting, "greeting", longest=MAX_WORDS) or "Hello")
        signature = _words(self.signature, "signature", longest=MAX_WORDS)
        self._set("signature", signature or f"Your {self.name} team")

    def _set(self, field: str, value: object) -> None:
        object.__setattr__(self, field, value)

    def to_json(self) -> dict[str, Any]:
        """What a theme version stores."""
        return {"version": VERSION, **asdict(self)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """A theme from what was stored or sent.

        Raises: BadTheme for another version, an unknown key or a wrong value.
        """
        values = dict(stored)
        if values.pop("version", None) != VERSION:
            raise BadTheme("This theme was written by another version.", field="version")
        unknown = values.keys() - {field.name for field in fields(cls)}
        if unknown:
            raise BadTheme(f"A theme has no “{min(unknown)}”.", field=min(unknown))
        if not {"name", "primary"} <= values.keys():
            raise BadTheme("A theme needs a name and a colour.", field="name")
        logo = values.get("logo")
        if logo is not None:
            if not isinstance(logo, Mapping) or logo.keys() != {f.name for f in fields(Logo)}:
                raise BadTheme("The logo is not one of the uploaded files.", field="logo")
            values["logo"] = Logo(**logo)
        return cls(**values)

    @cached_property
    def digest(self) -> str:
        """Twelve hex digits that change when anything about the look does."""
        text = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def parse_colour(text: object, *, field: str) -> str:
    """'#rrggbb' in lower case, from '#RGB', 'rrggbb' or the same with spaces around.

    Raises: BadTheme for anything else; a colour is never a piece of CSS.
    """
    value = text.strip().lower() if isinstance(text, str) else ""
    value = value if value.startswith("#") else f"#{value}"
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        value = "#" + "".join(digit * 2 for digit in value[1:])
    if not _HEX.fullmatch(value):
        raise BadTheme("A colour is written like #0f6b5c.", field=field)
    return value


def monogram_of(name: str) -> str:
    """One or two letters that stand for a brand without a logo: 'Acme Outdoor' -> 'AO'."""
    initials = [word[0] for word in re.split(r"[\s\-_.&/]+", name) if word and word[0].isalnum()]
    return "".join(initials[:2]).upper() or name[:1].upper()


def _words(text: object, field: str, *, longest: int) -> str:
    if not isinstance(text, str):
        raise BadTheme("This is not a text.", field=field)
    words = " ".join(text.split())
    if any(ord(character) < ord(" ") or character == "\x7f" for character in words):
        raise BadTheme("This holds a control character.", field=field)
    if len(words) > longest:
        raise BadTheme(f"Please use at most {longest} characters.", field=field)
    return words


def _whole_number(value: object, field: str, *, lowest: int, highest: int) -> None:
    if type(value) is not int or not lowest <= value <= highest:
        raise BadTheme(f"This is a whole number from {lowest} to {highest}.", field=field)


def _choice(choices: type[StrEnum], value: object, field: str) -> StrEnum:
    if value not in list(choices):
        raise BadTheme(f"Choose one of: {', '.join(choices)}.", field=field)
    return choices(str(value))
