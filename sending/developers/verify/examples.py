"""Programs that check a number with a Verify service, its SID filled in."""

from sending.developers.endpoint import Endpoint
from sending.developers.examples import Example, programs
from sending.models import VerifyService

# (name of the file, what people call the language)
_LANGUAGES = (("verify.py", "Python"), ("verify.mjs", "Node.js"), ("verify.sh", "curl"))


def verify_examples(service: VerifyService, endpoint: Endpoint, number: str) -> list[Example]:
    """Return the program in every language; it asks for the code that `number` gets."""
    base = f"{endpoint.scheme}://{endpoint.host}"
    context = {"base": base, "sid": service.sid, "number": number}
    return programs("verify/", _LANGUAGES, context)
