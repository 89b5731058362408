"""Codes of whole requests: who asks, and what is asked."""

from django.utils.translation import gettext_lazy as _

from sending.dialects.tencent.error_code import ErrorCode

REQUEST_CODES = (
    # --- Who asks
    ErrorCode(
        "AuthFailure.InvalidAuthorization",
        _("The Authorization header is missing, malformed, or of another signature method."),
        _("Sign with TC3-HMAC-SHA256, as the official SDKs do by default."),
    ),
    ErrorCode(
        "AuthFailure.SecretIdNotFound",
        _("No API key has this SecretId."),
        _("Copy the SecretId again, without blanks, from the page of the application."),
    ),
    ErrorCode(
        "AuthFailure.InvalidSecretId",
        _("The API key was revoked, or it was replaced and its time is over."),
        _("Use the new key, or make one on the page of the application."),
    ),
    ErrorCode(
        "AuthFailure.SignatureFailure",
        _(
            "The signature does not fit the request: usually a wrong SecretKey, or a body, host or"
            " content type that was changed after it was signed."
        ),
        _("Copy the SecretKey again. Check that no proxy changes the body or the Host header."),
    ),
    ErrorCode(
        "AuthFailure.SignatureExpire",
        _("X-TC-Timestamp is more than five minutes away from the time of the server."),
        _("Set the clock of the calling machine, for example by NTP, and sign anew."),
    ),
    ErrorCode(
        "AuthFailure.TokenFailure",
        _("The request has an X-TC-Token. There are no temporary keys here."),
        _("Use a SecretId and SecretKey without a token."),
    ),
    ErrorCode(
        "UnauthorizedOperation.RequestIpNotInWhitelist",
        _("The API key may not be used from this address."),
        _("Add the address to the allowed addresses of the key, or call from one of them."),
    ),
    ErrorCode(
        "UnauthorizedOperation.SdkAppIdIsDisabled",
        _("The application is switched off, or an operator has suspended it."),
        _("Switch it on under Applications, or ask support about the suspension."),
    ),
    ErrorCode(
        "UnauthorizedOperation.RequestPermissionDeny",
        _("The organization may not send: its service is not activated, or it is suspended."),
        _("Apply for the service, or ask support about the suspension."),
    ),
    ErrorCode(
        "UnauthorizedOperation.SmsSdkAppIdVerifyFail",
        _("SmsSdkAppId is another application than the one that the API key belongs to."),
        _("Use a key of that application, or send the SdkAppId of the key."),
    ),
    ErrorCode(
        "InvalidParameterValue.SdkAppIdNotExist",
        _("There is no application with this SmsSdkAppId in your organization."),
        _("Copy the SdkAppId from the page of the application."),
    ),
    # --- The request
    ErrorCode(
        "InvalidAction",
        _("There is no such action."),
        _("Check the spelling of X-TC-Action."),
    ),
    ErrorCode(
        "UnsupportedOperation",
        _("The action or option exists in the original API and not here."),
        _("Use one of the actions of the reference."),
    ),
    ErrorCode(
        "NoSuchVersion",
        _("X-TC-Version is missing, or another one than 2021-01-11."),
        _("Use the client for version 2021-01-11 (v20210111 in the SDKs)."),
    ),
    ErrorCode(
        "InvalidRequest",
        _("The request is no POST or GET, broke off, or asks for a host that is not served here."),
        _("Check the endpoint: host and port alone, without a path."),
    ),
    ErrorCode(
        "UnsupportedProtocol",
        _("The request came over HTTP, and only HTTPS is served."),
        _("Set the protocol of the client to https."),
    ),
    ErrorCode(
        "RequestSizeLimitExceeded",
        _("The body is larger than 10 MB, or the address longer than 32 KB."),
        _("Send less at a time."),
    ),
    ErrorCode(
        "RequestLimitExceeded",
        _(
            "The API key has asked for this action too often within a second, or many messages at"
            " the same moment took the last of a limit."
        ),
        _("Wait a second, then send the same request again. Put more numbers into one request."),
        is_retryable=True,
    ),
    ErrorCode(
        "FailedOperation.JsonParseFail",
        _("The body is no JSON object."),
        _("Send one JSON object in UTF-8, as the SDKs do."),
    ),
    ErrorCode(
        "InvalidParameter",
        _("A parameter has the wrong type."),
        _("Send strings, integers and lists exactly as the action names them."),
    ),
    ErrorCode(
        "InvalidParameterValue",
        _("A parameter, or an option in a header, has a value that is not allowed."),
        _("Read the message: it names the parameter and what is allowed."),
    ),
    ErrorCode(
        "MissingParameter",
        _("A parameter that the action needs is missing."),
        _("Add the parameter that the message names."),
    ),
    ErrorCode(
        "UnknownParameter",
        _("The action has no such parameter."),
        _("Remove it, or check its spelling and case."),
    ),
    ErrorCode(
        "InvalidParameterValue.IdempotencyKeyUsed",
        _("The Idempotency-Key was used within 24 hours for another request."),
        _("Use a new key for each request, and the same only to repeat the very same one."),
    ),
    ErrorCode(
        "ResourceInUse",
        _("A request with this Idempotency-Key is still being handled."),
        _("Send the same request again in a few seconds."),
        is_retryable=True,
    ),
    ErrorCode(
        "ServiceUnavailable",
        _("The database cannot be reached. Nothing was accepted."),
        _("Send the same request again in a few seconds, with an Idempotency-Key."),
        is_retryable=True,
    ),
    ErrorCode(
        "InternalError",
        _("Something went wrong here; the operators can find it by the RequestId."),
        _(
            "Send the request again with an Idempotency-Key. If it fails again, tell support the"
            " RequestId."
        ),
        is_retryable=True,
    ),
)
