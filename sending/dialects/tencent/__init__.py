"""The Tencent Cloud SMS API, version 2021-01-11: one declaration of its words.

What validates requests, the OpenAPI document, docs/api.md and the developers' pages are all made
from `actions.ACTIONS` and `error_codes.ERROR_CODES`.
"""
