"""Settings, all from the environment; docs/deploy.md lists them."""

import os
import re
from pathlib import Path

from smsconsole import environment
from smsconsole.environment import env
from smsconsole.translations import catalogues
from smsconsole.watching.log_settings import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
MODE = environment.mode()
PRODUCTION = MODE == "production"
TESTING = MODE == "test"

# Everything that is written lies under one folder: database, uploads, journals, broker, mail.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
# It is for the console's own user. Every process of ours reads these settings.
os.umask(0o077)

# 1 Who may ask -----------------------------------------------------------------------------------
DEBUG = False
SECRET_KEY = environment.secret_key(production=PRODUCTION, var=VAR_DIR)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = environment.allowed_hosts(production=PRODUCTION)
API_HOSTS = environment.api_hosts(ALLOWED_HOSTS)
PUBLIC_URL = environment.public_url(production=PRODUCTION)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PRODUCTION else []
HTTPS = PRODUCTION
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# Preloading binds the whole domain for years: only its owner can decide that.
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "smsconsole.views.csrf_failure"
# Browsers take a name with this prefix over TLS only, and from this very host: no neighbour
# under the same domain can plant one.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
DEVICE_COOKIE_NAME = f"{COOKIE_PREFIX}device"
# Seconds without a sign of life after which a session ends, and after which it ends anyway.
SESSION_COOKIE_AGE = 2 * 3600
SESSION_LIFETIME = 12 * 3600
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
TRUSTED_PROXIES = environment.trusted_proxies(behind_proxy=BEHIND_PROXY)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# 2 What is installed -----------------------------------------------------------------------------
INSTALLED_APPS = [
    "smsconsole.apps.SmsConsoleConfig",
    "sending.apps.SendingConfig",
    "templates_app.apps.TemplatesAppConfig",
    "accounts.apps.AccountsConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
]
MIDDLEWARE = [
    "smsconsole.watching.context.RequestIdMiddleware",
    "smsconsole.client_address.ClientAddressMiddleware",
    # Programs: nothing below is for them.
    "sending.api.tencent.middleware.TencentApiMiddleware",
    "sending.api.twilio.middleware.TwilioApiMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "smsconsole.middleware.NoStoreMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.languages.LanguageMiddleware",
    "accounts.sessions.SessionLifetimeMiddleware",
    # What somebody entered whose session has ended.
    "smsconsole.kept_forms.KeptFormMiddleware",
    # Who may not see a page sends it nothing; what is too large is not read for its token.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "smsconsole.uploads.BodyMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.RefusalLogMiddleware",
    "accounts.middleware.OrganizationMiddleware",
    "accounts.second_step.SecondStepMiddleware",
    "smsconsole.kept_forms.FormOriginMiddleware",
    "smsconsole.elsewhere.ElsewhereMiddleware",
]
ROOT_URLCONF = "smsconsole.urls"
WSGI_APPLICATION = "smsconsole.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "smsconsole" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "smsconsole.context.console",
            ],
            # Its csrf_token says where a form was made, too.
            "builtins": ["smsconsole.templatetags.form_origin"],
        },
    },
]
# A message to people may name a number: it stays here, and is in no cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# 3 Where things are kept -------------------------------------------------------------------------
DATABASES = {"default": environment.database(VAR_DIR)}
REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cache",
        # What counts requests counts for an hour at most (accounts/limits.py); the few hundred
        # entries of the default would push limits out of their own memory.
        "TIMEOUT": 3_600,
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
# How old may be what a process remembers of templates, prices, routes and limits when a program
# sends. Tests change them from one line to the next.
ACCEPTANCE_MEMORY_SECONDS = 0.0 if TESTING else 1.0
# How old may be what the guard knows of the past fourteen days.
GUARD_MEMORY_SECONDS = 0.0 if TESTING else 60.0
UPLOADS_DIR = VAR_DIR / "uploads"
JOURNAL_DIR = Path(env.str("JOURNAL_DIR", default=str(VAR_DIR / "journal")))
MEDIA_ROOT = UPLOADS_DIR
MEDIA_URL = "/uploads-are-never-served/"
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "smsconsole.uploads.BoundedFileUploadHandler",
]
# Of all fields of a request together, many times what the longest form holds; files are counted by
# UPLOAD_MAX_BYTES.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# A price list has a row of five fields for each of 250 countries.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000
DATA_UPLOAD_MAX_NUMBER_FILES = 2
# Django would open uploads to everybody on the machine, whatever the umask.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# Of all files of a request together.
UPLOAD_MAX_BYTES = 30 * 1024 * 1024
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# 4 Who people are --------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "accounts.passwords.MaximumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.GuessablePasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "overview:overview"
SIGNUP_OPEN = env.bool("SIGNUP_OPEN", default=False)
# Whether strangers may read what operators post about trouble.
STATUS_PAGE_PUBLIC = env.bool("STATUS_PAGE_PUBLIC", default=False)
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# Strangers prove that an address is theirs before they get in.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if SIGNUP_OPEN else "none"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_FORMS = {
    "login": "accounts.login_forms.LoginForm",
    "signup": "accounts.login_forms.SignupForm",
    "change_password": "accounts.login_forms.ChangePasswordForm",
    "set_password": "accounts.login_forms.SetPasswordForm",
    "reset_password": "accounts.login_forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.login_forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.login_forms.ReauthenticateForm",
    "add_email": "accounts.login_forms.ChangeEmailForm",
}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = {
    # Codes of the second step, by person; passwords are counted in accounts/throttle.py.
    "login_failed": "5/5m/key,50/d/key",
    # What hashing costs; a known browser must get in past a stranger at its own address.
    "login": "120/m/ip",
    "reset_password": "20/h/ip,3/h/key,10/d/key",
}
# Staff see what belongs to every organization. The demo lets them in without, and says so.
STAFF_NEED_SECOND_STEP = MODE != "demo"
USERSESSIONS_ADAPTER = "accounts.adapter.UserSessionsAdapter"
MFA_ADAPTER = "accounts.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# There is nothing to guess, and an office shares one address.
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_TOTP_ISSUER = "SMS console"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = not SIGNUP_OPEN
MFA_FORMS = {
    "authenticate": "accounts.login_forms.CodeForm",
    "reauthenticate": "accounts.login_forms.ReauthenticateCodeForm",
    "activate_totp": "accounts.login_forms.ActivateAppForm",
    "login_webauthn": "accounts.login_forms.PasskeyLoginForm",
    "authenticate_webauthn": "accounts.login_forms.PasskeyStepForm",
    "reauthenticate_webauthn": "accounts.login_forms.ReauthenticatePasskeyForm",
    "add_webauthn": "accounts.login_forms.AddPasskeyForm",
    "edit_webauthn": "accounts.login_forms.RenamePasskeyForm",
}

# 5 What the product does -------------------------------------------------------------------------
AUTO_APPROVE_ACTIVATION = env.bool("AUTO_APPROVE_ACTIVATION", default=False)
# None: on exactly while one organization exists.
REVIEW_BY_OWN_ORGANIZATION = env("REVIEW_BY_OWN_ORGANIZATION", cast=bool, default=None)
# Reviews: when reviewers work, until when a decision can be taken back, what two must approve.
REVIEW_CALENDAR = environment.review_calendar()
REVIEW_UNDO_SECONDS = 0 if TESTING else env.int("REVIEW_UNDO_SECONDS", default=30)
REVIEW_FOUR_EYES = environment.review_kinds()
REVIEW_SAMPLE_PERCENT = env.int("REVIEW_SAMPLE_PERCENT", default=0)
SIMULATOR_HOST = env.str("SIMULATOR_HOST", default="127.0.0.1")
SIMULATOR_PORT = env.int("SIMULATOR_PORT", default=2775)
# Gateways connect to public addresses, and to these (sending/gateways/addresses.py).
GATEWAY_NETWORKS = environment.gateway_networks(production=PRODUCTION)
SMPP_NETWORKS = environment.smpp_networks()
# Organizations name where they are called back: public addresses only, and these.
CALLBACK_NETWORKS = environment.callback_networks(production=PRODUCTION)
SMPP_SERVER_BIND, SMPP_SERVER_PORT, SMPP_SERVER_TLS_PORT = environment.smpp_server_places()
SMPP_SERVER_PROXIES = environment.smpp_server_proxies()
SMPP_SERVER_TLS_CLIENT_CA = env.str("SMPP_SERVER_TLS_CLIENT_CA", default="")
SMPP_SERVER_TLS_CERT, SMPP_SERVER_TLS_KEY, SMPP_SERVER_CONNECTIONS = environment.smpp_server()
# A send worker asks the database in so many threads, however many bind slots it holds.
SEND_CONNECTIONS = environment.one_or_more(SEND_CONNECTIONS=env.int("SEND_CONNECTIONS", default=8))
# With less room on a disk that the console writes to, somebody must make some.
DISK_LOW_MEGABYTES = env.int("DISK_LOW_MEGABYTES", default=500)
READY_BATCH_SECONDS = env.int("READY_BATCH_SECONDS", default=300)
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
RECEIPT_WAIT_HOURS = env.int("RECEIPT_WAIT_HOURS", default=72)
# So far ahead a task can be scheduled; one that the console comes to later is not sent any more.
SCHEDULE_MOST_DAYS = env.int("SCHEDULE_MOST_DAYS", default=30)
SCHEDULE_GRACE_MINUTES = env.int("SCHEDULE_GRACE_MINUTES", default=60)
# How many days what is known about people is kept.
KEEP_MESSAGES_DAYS = env.int("KEEP_MESSAGES_DAYS", default=90)
# What is left of messages then: states, times, costs, answers of gateways. 0 is for ever.
KEEP_MESSAGE_ROWS_DAYS = env.int("KEEP_MESSAGE_ROWS_DAYS", default=max(400, KEEP_MESSAGES_DAYS))
KEEP_UPLOADS_DAYS = env.int("KEEP_UPLOADS_DAYS", default=30)
KEEP_DRAFTS_DAYS = env.int("KEEP_DRAFTS_DAYS", default=30)
KEEP_INBOUND_DAYS = env.int("KEEP_INBOUND_DAYS", default=90)
KEEP_FILES_DAYS = env.int("KEEP_FILES_DAYS", default=30)
KEEP_API_REQUESTS_DAYS = env.int("KEEP_API_REQUESTS_DAYS", default=30)
KEEP_EXPORTS_DAYS = env.int("KEEP_EXPORTS_DAYS", default=7)
KEEP_DESK_DAYS = env.int("KEEP_DESK_DAYS", default=400)
# Journals prove what was sent since a backup was made: keep them longer than backups are restored.
KEEP_JOURNALS_DAYS = env.int("KEEP_JOURNALS_DAYS", default=14)
environment.refuse_less_than_a_day(
    **{name: days for name, days in vars().items() if re.fullmatch("KEEP_(?!MESSAGE_ROWS).+", name)}
)
environment.refuse_to_delete_what_is_kept(KEEP_MESSAGE_ROWS_DAYS, KEEP_MESSAGES_DAYS)

# Lines of the request log are written together, so often at most. Tests look at once.
API_REQUEST_LOG_SECONDS = 0.0 if TESTING else 1.0
# For so long senders are not woken again by programs that send.
API_WAKE_UP_SECONDS = 0.0 if TESTING else 0.05

# 6 Celery: wake-ups only, the database is the truth ----------------------------------------------
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
if not REDIS_URL:
    CELERY_BROKER_TRANSPORT = "smsconsole.broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR_DIR / "broker"),
        "data_folder_out": str(VAR_DIR / "broker"),
        "control_folder": str(VAR_DIR / "broker-control"),
        "store_processed": False,
        "polling_interval": 0.1,
    }
else:
    CELERY_BROKER_TRANSPORT = "smsconsole.redis_broker:RedisTransport"
    # A broker that takes connections and says nothing must not hold who enqueues for ever.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 30.0, "socket_connect_timeout": 10.0}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "work"
# Senders live in the `send` worker, and files are read in `check`: however long they take, mail
# and the sweep are on time. Everything else is work.
CELERY_TASK_ROUTES = {
    "sending.read_file": {"queue": "check"},
    "sending.submit": {"queue": "send"},
    # It waits for programs of other people, good and bad.
    "sending.deliver_callbacks": {"queue": "callbacks"},
    # Carriers know the addresses of send workers only.
    "sending.test_connection": {"queue": "send"},
}
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# However long a broker is away: after a hundred tries beat would end, and no worker tells.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TIMEZONE = "UTC"

# 7 Mail ------------------------------------------------------------------------------------------
MAILS_IN_FILES = not (email_url := env.str("EMAIL_URL", default=""))
if email_url:
    vars().update(env.email_url_config(email_url))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
# A mail server that does not answer holds up other mail, and the sweep, no longer than this.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="SMS Console <console@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Whom people ask, for example about a suspension.
SUPPORT_EMAIL = env.str("SUPPORT_EMAIL", default="")

# 8 Words and times -------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
# Each by its own name: who looks for a language cannot read the others.
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
# Numbers have commas at every thousand, in Chinese too.
FORMAT_MODULE_PATH = ["smsconsole.formats"]
LOCALE_PATHS = [catalogues.compiled(VAR_DIR)]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# 9 What a page may load --------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# 10 What is written down -------------------------------------------------------------------------
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
# Services write to standard output; on one machine the supervisor keeps no lines of it for long.
SECURITY_LOG = environment.security_log(VAR_DIR)
LOGGING = logging_settings(
    level=LOG_LEVEL,
    security_log=SECURITY_LOG,
    json=environment.log_format(production=PRODUCTION) == "json",
)
# Both are off, and their libraries are not loaded, unless somebody names a place.
OTEL_EXPORTER_OTLP_ENDPOINT = env.str("OTEL_EXPORTER_OTLP_ENDPOINT", default="")
SENTRY_DSN = env.str("SENTRY_DSN", default="")
