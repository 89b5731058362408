"""Is there an organization that could send, with a text that was approved?"""

from collections.abc import Iterator

from accounts.models import ActivationState, Organization, ServiceActivation
from smsconsole.doctor.registry import Diagnosis, check, warning, well
from templates_app.models import Signature, TextTemplate
from templates_app.review import ReviewState


@check("organizations")
def organizations() -> Iterator[Diagnosis]:
    """Look for one that has all it takes."""
    own = set(Organization.objects.filter(is_system=False).values_list("pk", flat=True))
    if not own:
        yield warning(
            "organizations",
            "There is no organization yet.",
            "Run ./console manage bootstrap with --organization.",
        )
        return
    approved = {"deleted_at": None, "approved__state": ReviewState.APPROVED.value}
    # Any organization: the doctor asks whether there is one at all.
    active = ServiceActivation.objects.filter(state=ActivationState.APPROVED.value)
    able = own & set(active.values_list("organization_id", flat=True))
    if not able:
        yield warning(
            "organizations",
            "No organization's service activation is approved, so nobody can send.",
            "Its owner applies under Overview, and a reviewer approves at the review desk.",
        )
        return
    # Any organization: as above.
    signed = set(Signature.objects.filter(**approved).values_list("organization_id", flat=True))
    # Any organization: as above.
    worded = set(TextTemplate.objects.filter(**approved).values_list("organization_id", flat=True))
    ready = able & signed & worded
    if ready:
        yield well("organizations", f"{len(ready)} organizations can send.")
        return
    lacking = "text template" if able & signed else "signature"
    yield warning(
        "organizations",
        f"No active organization has an approved {lacking} yet, so nobody can send.",
        "A member submits it under Content, and a reviewer approves it at the review desk.",
    )
