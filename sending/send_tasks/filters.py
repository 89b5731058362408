"""Which tasks a reader looks for, as the address of the list says it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Member, Organization
from accounts.requests import whole_number
from sending.models import SendTask
from sending.models.choices import TASK_STATE_LABELS
from sending.models.send_task import SOURCE_LABELS
from sending.send_tasks.queries.task_list import TaskFilter
from templates_app.models import TextTemplate

# A longer list of templates is searched by the name of the task.
_MOST_TEMPLATES = 500
_SELECT = forms.Select(attrs={"class": "form-select"})


class TaskFilterForm(forms.Form):
    """State, days of sending, template, person, source and name; each may be missing."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, widget=_SELECT)
    first = forms.DateField(label=gettext_lazy("Sent from"), required=False)
    last = forms.DateField(label=gettext_lazy("Sent until"), required=False)
    template = forms.ChoiceField(
        label=gettext_lazy("Text template"), required=False, widget=_SELECT
    )
    person = forms.ChoiceField(label=gettext_lazy("Person"), required=False, widget=_SELECT)
    source = forms.ChoiceField(label=gettext_lazy("Recipients"), required=False, widget=_SELECT)
    application = forms.IntegerField(required=False, widget=forms.HiddenInput)
    signature = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "last"):
            self.fields[name].widget = forms.DateInput(
                {"type": "date", "class": "form-control"}, format="%Y-%m-%d"
            )
        # A task is of the first language of a text; the others have its name.
        templates = TextTemplate.objects.for_organization(organization).filter(variant_of=None)
        templates = templates.order_by("name")
        members = Member.objects.for_organization(organization).select_related("user")
        people = {str(member.user_id): str(member.user) for member in members}
        people |= self._who_left(organization)
        named = {
            str(pk): name for pk, name in templates.values_list("pk", "name")[:_MOST_TEMPLATES]
        }
        if further := templates.filter(pk=_number(self.data.get("template"))).first():
            named[str(further.pk)] = further.name
        self._offer("state", _("Any state"), [(s.value, t) for s, t in TASK_STATE_LABELS.items()])
        self._offer("source", _("Any"), [(s.value, t) for s, t in SOURCE_LABELS.items()])
        by_name = sorted(people.items(), key=lambda pair: pair[1])
        self._offer("person", _("Anyone"), by_name)
        self._offer("template", _("Any template"), list(named.items()))

    def _offer(self, name: str, nothing: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", nothing), *choices]

    def _who_left(self, organization: Organization) -> dict[str, str]:
        """Return the person who is asked for, as far as tasks of the organization know them."""
        asked = _number(self.data.get("person"))
        tasks = SendTask.objects.for_organization(organization)
        found = tasks.filter(sent_by_id=asked).select_related("sent_by").first()
        return {str(asked): str(found.sent_by)} if found else {}

    def asked(self) -> TaskFilter:
        """Return what is asked for; what makes no sense is as if it was not there."""
        self.full_clean()
        data = self.cleaned_data
        return TaskFilter(
            state=data.get("state") or "",
            first=data.get("first"),
            last=data.get("last"),
            template=int(data.get("template") or 0),
            person=int(data.get("person") or 0),
            source=data.get("source") or "",
            application=_id(data.get("application")),
            signature=_id(data.get("signature")),
            name=(data.get("name") or "").replace("\0", ""),
        )


def _number(text: Any) -> int:
    """Return the id that an address names, or 0."""
    return _id(whole_number(text))


def _id(number: int | None) -> int:
    """Return an id that a database can hold."""
    return number if number and 0 < number < 1 << 63 else 0
