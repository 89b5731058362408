"""Send one message to the demo by the official SDK: pip install tencentcloud-sdk-python-sms."""

import secrets
import sys

from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.sms.v20210111.models import SendSmsRequest
from tencentcloud.sms.v20210111.sms_client import SmsClient

# The demo's own key, which works on this machine only; yours is made under Developers.
key = Credential("AKIDdemoKeyOnlyForThisMachine0000000", "demoSecretOnlyForThisMachine0000")
[endpoint] = sys.argv[1:] or ["127.0.0.1:8000"]
http = HttpProfile(protocol="http", endpoint=endpoint)
client = SmsClient(key, "ap-singapore", ClientProfile(httpProfile=http))
request = SendSmsRequest()
request.SmsSdkAppId, request.TemplateId, request.SignName = "2400000001", "1", "Harbourline"
request.PhoneNumberSet = ["+85251234567"]
request.TemplateParamSet = [f"{secrets.randbelow(10**6):06d}", "5"]
print(client.SendSms(request).to_json_string(indent=2))
