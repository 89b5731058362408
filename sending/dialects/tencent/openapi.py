"""The OpenAPI document of the actions, made from their declarations."""

from collections.abc import Iterable
from typing import Any

from sending.dialects.tencent.actions import ACTIONS, VERSION, Action
from sending.dialects.tencent.declaring import COMMON_CODES
from sending.dialects.tencent.error_codes import ERROR_CODES
from sending.dialects.tencent.fields import INTEGER_MAX, ApiField, JsonKind

Schema = dict[str, Any]


def document() -> Schema:
    """Return the document (OpenAPI 3.1). One address serves all: a path is told by its fragment."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "SMS Console: Tencent Cloud SMS API",
            "version": VERSION,
            "description": (
                "Every request goes to the root of the site; X-TC-Action says which action it is. "
                "Every answer has the HTTP status 200. See docs/api.md for signing."
            ),
        },
        "paths": {f"/#{name}": {"post": _operation(action)} for name, action in ACTIONS.items()},
        "components": {
            "securitySchemes": {
                "tc3": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "TC3-HMAC-SHA256 over method, content type, host and body.",
                }
            },
            "schemas": {
                "Error": {
                    "type": "object",
                    "required": ["Code", "Message"],
                    "properties": {
                        "Code": {"type": "string", "enum": list(ERROR_CODES)},
                        "Message": {"type": "string"},
                    },
                }
            },
        },
        "security": [{"tc3": []}],
    }


def _operation(action: Action) -> Schema:
    return {
        "operationId": action.name,
        "summary": str(action.doc),
        "description": _limits(action),
        "parameters": [*_headers(action)],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": _object(action.parameters, is_closed=True),
                    "example": example(action),
                }
            },
        },
        "responses": {
            "200": {
                "description": "The answer, or the error of the whole request.",
                "content": {"application/json": {"schema": _envelope(action)}},
            }
        },
    }


def _limits(action: Action) -> str:
    return f"At most {action.per_second} times a second for each API key."


def _headers(action: Action) -> Iterable[Schema]:
    yield _header("X-TC-Action", {"const": action.name}, is_required=True)
    yield _header("X-TC-Version", {"const": VERSION}, is_required=True)
    yield _header("X-TC-Timestamp", {"type": "integer"}, is_required=True)
    if action.is_repeatable:
        yield _header("Idempotency-Key", {"type": "string", "maxLength": 255})
    if action.has_dry_run:
        yield _header("X-Dry-Run", {"enum": ["true", "false"]})


def _header(name: str, schema: Schema, *, is_required: bool = False) -> Schema:
    return {"name": name, "in": "header", "required": is_required, "schema": schema}


def _envelope(action: Action) -> Schema:
    request_id = {"RequestId": {"type": "string", "format": "uuid"}}
    answer = {
        **{field.name: _value(field) for field in action.answer},
        **request_id,
    }
    codes = list(dict.fromkeys([*COMMON_CODES, *action.codes]))
    refused = {
        "type": "object",
        "required": ["Error", "RequestId"],
        "properties": {
            "Error": {
                "allOf": [
                    {"$ref": "#/components/schemas/Error"},
                    {"properties": {"Code": {"enum": codes}}},
                ]
            },
            **request_id,
        },
    }
    answered = {"type": "object", "required": list(answer), "properties": answer}
    return {
        "type": "object",
        "required": ["Response"],
        "properties": {"Response": {"oneOf": [answered, refused]}},
    }


def _object(fields: tuple[ApiField, ...], *, is_closed: bool) -> Schema:
    schema: Schema = {
        "type": "object",
        "properties": {field.name: _value(field) for field in fields},
    }
    if required := [field.name for field in fields if field.is_required]:
        schema["required"] = required
    if is_closed:
        schema["additionalProperties"] = False
    return schema


def _value(field: ApiField) -> Schema:
    schema = _one(field)
    if field.is_list:
        schema = {"type": "array", "items": schema}
        if field.most_items:
            schema["maxItems"] = field.most_items
        if field.is_required:
            schema["minItems"] = 1
    return {**schema, "description": str(field.doc)}


def _one(field: ApiField) -> Schema:
    if field.kind is JsonKind.OBJECT:
        return _object(field.fields, is_closed=bool(field.most_items))
    if field.kind is JsonKind.INTEGER:
        if field.choices:
            return {"type": "integer", "enum": list(field.choices)}
        most = {} if field.most == INTEGER_MAX else {"maximum": field.most}
        return {"type": "integer", "minimum": field.least, **most}
    kinds: Any = ["string", "null"] if field.is_null else "string"
    least = {"minLength": field.least} if field.least else {}
    return {"type": kinds, **least, "maxLength": field.most}


def example(action: Action) -> dict[str, Any]:
    """Return parameters as somebody may send them."""
    return _example(action.parameters)


def _example(fields: tuple[ApiField, ...]) -> dict[str, Any]:
    return {
        field.name: [_example(field.fields)] if field.kind is JsonKind.OBJECT else field.example
        for field in fields
        if field.kind is JsonKind.OBJECT or field.example is not None
    }
