"""The desk's blueprint; its views register themselves on it."""

from flask import Blueprint

bp = Blueprint("desk", __name__, template_folder="templates")
