"""The OpenAPI 3.1 document of the API, made of its models."""

from typing import Any

from pydantic.json_schema import models_json_schema

from bot import __version__
from bot.model.pictures import EXTENSIONS
from bot.web.api.models import Article, ChangedArticle, NewArticle, Uploaded
from bot.web.outgoing.messages import NAMES, Message

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "One sentence."},
        "errors": {"type": "object", "additionalProperties": {"type": "string"}, "description": "By field."},
    },
}
_REFUSALS = {
    "400": "This is no JSON, or no good Idempotency-Key",
    "401": "There is no good token",
    "403": "The token is not good for that",
    "404": "The token has brought no such article",
    "408": "This took too long",
    "409": "It was changed meanwhile, is there with other words, or the same request is being worked on",
    "413": "This is more than is taken at once",
    "415": "This is packed, or no picture that is taken",
    "422": "Something does not fit",
    "429": "That was too often; see Retry-After",
    "503": "Come again; see Retry-After",
}
_PROBLEM_CONTENT = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_KEY = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 255}}
_NUMBER = {"name": "number", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}


def document(server: str) -> dict[str, Any]:
    """Return the document; `server` is the address the API is reached at, "" where nobody knows it."""
    _, schemas = models_json_schema(
        [
            (NewArticle, "validation"),
            (ChangedArticle, "validation"),
            (Article, "serialization"),
            (Uploaded, "serialization"),
            (Message, "serialization"),
        ],
        ref_template="#/components/schemas/{model}",
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": "Visnyk", "version": __version__, "description": "Articles from a newsroom's own system."},
        "servers": [{"url": server or "/"}],
        "security": [{"token": []}],
        "paths": {
            "/api/articles": {"post": _submit()},
            "/api/media": {"post": _upload()},
            "/api/articles/{number}": {"parameters": [_NUMBER], "get": _get(), "put": _put(), "delete": _delete()},
        },
        "webhooks": {name: {"post": _told(name)} for name in NAMES.values()},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {**schemas["$defs"], "Problem": _PROBLEM},
        },
    }


def _submit() -> dict[str, Any]:
    answers = {"201": _article("It was taken in"), "200": _article("It was there")}
    return {**_operation("submit", "Bring an article", answers), "parameters": [_KEY], "requestBody": _of("NewArticle")}


def _upload() -> dict[str, Any]:
    answers = {
        "201": {"description": "It was taken", **_content("Uploaded")},
    }
    body = {"required": True, "content": {kind: {"schema": {}} for kind in EXTENSIONS}}
    return {**_operation("upload", "Upload a picture", answers), "parameters": [_KEY], "requestBody": body}


def _get() -> dict[str, Any]:
    return _operation("standing", "Ask how an article stands", {"200": _article("How it stands")})


def _put() -> dict[str, Any]:
    answers = {"200": _article("How it stands now")}
    return {**_operation("change", "Change or correct an article", answers), "requestBody": _of("ChangedArticle")}


def _delete() -> dict[str, Any]:
    why = {"name": "note", "in": "query", "schema": {"type": "string", "maxLength": 300}}
    answers = {"200": _article("It was retracted"), "204": {"description": "It was discarded"}}
    return {**_operation("withdraw", "Retract or discard an article", answers), "parameters": [why]}


def _told(name: str) -> dict[str, Any]:
    """Return what a listener is brought; its signature is that of Standard Webhooks."""
    heads = [
        {"name": f"webhook-{what}", "in": "header", "required": True, "schema": {"type": "string"}}
        for what in ("id", "timestamp", "signature")
    ]
    return {
        "operationId": name,
        "summary": "Something has happened",
        "security": [],
        "parameters": heads,
        "requestBody": _of("Message"),
        "responses": {"2XX": {"description": "It was taken"}},
    }


def _operation(name: str, summary: str, answers: dict[str, Any]) -> dict[str, Any]:
    refusals = {status: {"description": says, "content": _PROBLEM_CONTENT} for status, says in _REFUSALS.items()}
    return {"operationId": name, "summary": summary, "responses": {**answers, **refusals}}


def _article(says: str) -> dict[str, Any]:
    return {"description": says, **_content("Article")}


def _of(model: str) -> dict[str, Any]:
    return {"required": True, **_content(model)}


def _content(model: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{model}"}}}}
