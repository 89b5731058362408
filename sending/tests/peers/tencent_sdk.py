"""A program on the official SDK for Python: a call a line in, what the SDK makes of it a line out.

Run on its own, so that either package named `tencentcloud` can be the one on its path.
"""

import json
import sys
import warnings

from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.sms.v20210111 import models, sms_client

# It warns of fields that it does not know; users do not see that either.
warnings.simplefilter("ignore")


def call(wish: dict) -> dict:
    """Call the action as a user would; return the answer, or what was raised."""
    http = HttpProfile(protocol="http", endpoint=wish["endpoint"], reqMethod=wish["method"])
    profile = ClientProfile(httpProfile=http, signMethod=wish["sign"])
    keys = credential.Credential(wish["id"], wish["key"])
    client = sms_client.SmsClient(keys, "ap-singapore", profile)
    request = getattr(models, f"{wish['action']}Request")()
    request.from_json_string(json.dumps(wish["parameters"]))
    request.headers = wish["headers"]
    try:
        answer = getattr(client, wish["action"])(request)
    except TencentCloudSDKException as error:
        return {"code": error.get_code(), "message": error.get_message()}
    return json.loads(answer.to_json_string())


for line in sys.stdin:
    sys.stdout.write(json.dumps(call(json.loads(line))) + "\n")
    sys.stdout.flush()
