# One image for every process; docker-compose.yml says which command each one runs.
# Pin it by digest: docs/deploy.md says how.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm
FROM ${PYTHON_IMAGE}

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PATH="/opt/venv/bin:$PATH" \
    SMSCONSOLE_MODE=production \
    VAR_DIR=/var/lib/smsconsole

# What backups of the database are made with; of the server's version or newer.
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/venv \
    && useradd --system --home-dir /srv/smsconsole --uid 10001 smsconsole \
    && install -d -o smsconsole -g smsconsole /var/lib/smsconsole \
        /var/lib/smsconsole/uploads /var/lib/smsconsole/journal \
        /var/lib/smsconsole/static /var/lib/smsconsole/simulator \
    && chmod 700 /var/lib/smsconsole

WORKDIR /srv/smsconsole
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.txt

COPY . .
# A checkout made under a strict umask is not readable to the console's user.
RUN chmod -R a+rX .
# Translations are compiled once, here, where the console's user cannot write.
RUN python -c 'import os, pathlib; from smsconsole.translations import catalogues; catalogues.compiled(pathlib.Path(os.environ["VAR_DIR"]))' \
    && chmod -R a+rX "$VAR_DIR/locale"
USER smsconsole
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "smsconsole.wsgi", "--config", "python:smsconsole.gunicorn_conf", "--bind", "0.0.0.0:8000"]
