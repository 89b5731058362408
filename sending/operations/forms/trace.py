"""What operators enter."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from sending.number_form import NumberForm


class TraceForm(NumberForm):
    """A number to look for in all organizations."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say that the search leaves a trace."""
        super().__init__(*args, **kwargs)
        self.fields["number"].help_text = _(
            "With its country code, such as 852 5123 0001. Searches are recorded."
        )
