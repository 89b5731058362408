"""Every code the API answers: what it means, why it came, what to do. Only codes that can occur."""

from collections.abc import Mapping

from sending.dialects.tencent.error_code import ErrorCode
from sending.dialects.tencent.message_codes import MESSAGE_CODES
from sending.dialects.tencent.request_codes import REQUEST_CODES

__all__ = ["ERROR_CODES", "OK", "ErrorCode"]

OK = "Ok"
ERROR_CODES: Mapping[str, ErrorCode] = {
    line.code: line for line in (*REQUEST_CODES, *MESSAGE_CODES)
}
