"""Lines of gunicorn itself, like all others; requests are not among them: addresses hold tokens."""

from gunicorn.config import Config
from gunicorn.glogging import Logger

from smsconsole import environment
from smsconsole.watching.log_lines import LineFormatter


class GunicornLines(Logger):
    """Writes where gunicorn writes, in the format of settings.py."""

    def setup(self, cfg: Config) -> None:
        """Do what gunicorn does, then change the format only."""
        super().setup(cfg)
        production = environment.mode() == "production"
        form = LineFormatter(json=environment.log_format(production=production) == "json")
        for handler in self.error_log.handlers:
            handler.setFormatter(form)
