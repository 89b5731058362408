"""Images in base64, as files that the same action takes from a form."""

import base64
import binascii

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from sending.dialects.tencent.fields import TencentError

_NAME = "proof"


def image(encoded: str) -> SimpleUploadedFile | None:
    """Return the image, None for an empty text; raise TencentError.

    Whether it is a JPG or PNG, and how large it may be, the action looks at.
    """
    if not encoded:
        return None
    try:
        content = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise TencentError(
            "InvalidParameterValue.ImageInvalid",
            _("The image is not base64. Encode the whole file, without “data:image/…;base64,”."),
        ) from error
    return SimpleUploadedFile(_NAME, content)
