"""Is there an organization that could send, with a text that was approved?"""

from collections.abc import Iterator

from accounts.models import ActivationState, Organization, ServiceActivation
from smsconsole.doctor.registry import Diagnosis, check, warning, well
from templates_app.models import TextTemplate
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
    worded = TextTemplate.objects.filter(
        deleted_at=None, approved__state=ReviewState.APPROVED.value
    )
    ready = able & set(worded.values_list("organization_id", flat=True))
    if ready:
        yield well("organizations", f"{len(ready)} organizations can send.")
    else:
        yield warning(
            "organizations",
            "No active organization has an approved text template yet, so nobody can send.",
            "A member submits one under Content, and a reviewer approves it at the review desk.",
        )
