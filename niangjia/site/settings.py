"""All settings, in one place; each comes from the environment or has a safe default."""

from __future__ import annotations

import secrets
from pathlib import Path

from niangjia.site import environment, logs

ROOT = Path(__file__).resolve().parent.parent.parent
HOME = Path(environment.text("NIANGJIA_HOME", str(ROOT / "var")))
HOME.mkdir(parents=True, exist_ok=True)

DEBUG = environment.yes("NIANGJIA_DEBUG")
DEMO_NOW = environment.instant("NIANGJIA_DEMO_NOW")
KEY_FILE = environment.text("NIANGJIA_KEY_FILE", str(HOME / "keys.json"))
# Identity, phone and credit numbers that can belong to nobody are accepted on a demo stage, or with this.
DEMO_NUMBERS = environment.yes("NIANGJIA_DEMO_NUMBERS")
# A file out of reach of the server's administrators, such as an auditor's disk: the audit chain's head is added to it.
AUDIT_HEADS_FILE = environment.text("NIANGJIA_AUDIT_HEADS")
PROGRAMMES_DIR = environment.text("NIANGJIA_PROGRAMMES", str(ROOT / "programmes"))


def _secret_key() -> str:
    given = environment.text("NIANGJIA_SECRET_KEY")
    if given:
        return given
    path = HOME / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = environment.hosts()
INTERNAL_IPS: list[str] = []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "niangjia.core",
    "niangjia.accounts",
    "niangjia.federation",
    "niangjia.files",
    "niangjia.people",
    "niangjia.policy",
    "niangjia.providers",
    "niangjia.cases",
    "niangjia.visits",
    "niangjia.benefits",
    "niangjia.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "niangjia.site.middleware.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "niangjia.site.middleware.LanguageMiddleware",
    "niangjia.site.middleware.SizeMiddleware",
    "niangjia.site.middleware.LettersMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "niangjia.site.middleware.FormAddressMiddleware",
    "niangjia.site.middleware.FrameMiddleware",
    "niangjia.accounts.middleware.IdleMiddleware",
    "niangjia.federation.middleware.RightsMiddleware",
    "niangjia.site.middleware.TooLongMiddleware",
]

ROOT_URLCONF = "niangjia.site.urls"
WSGI_APPLICATION = "niangjia.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "niangjia.site.context.shell",
            ],
            "builtins": [
                "niangjia.core.templatetags.steady",
                "niangjia.site.templatetags.niangjia",
                "django.templatetags.i18n",
            ],
        },
    }
]

# How long one statement may take on PostgreSQL, in seconds: the door for the web server sets it, so that no page
# holds the database up; the ticker, commands and migrations take as long as they need.
STATEMENT_SECONDS = int(environment.text("NIANGJIA_STATEMENT_SECONDS", "0"))
DATABASES = {
    "default": environment.database(environment.text("DATABASE_URL"), str(HOME / "niangjia.sqlite3"), STATEMENT_SECONDS)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["niangjia.accounts.backend.AccountBackend"]
SESSION_ENGINE = "niangjia.accounts.sessionstore"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Text messages: there is no vendor yet. "file" appends to TEXTS_FILE, "off" drops.
TEXTS_ADAPTER = environment.text("NIANGJIA_TEXTS", "file")
TEXTS_FILE = environment.text("NIANGJIA_TEXTS_FILE", str(HOME / "outbox" / "texts.log"))
TEXTS_SIGNATURE = environment.text("NIANGJIA_TEXTS_SIGNATURE", "娘家")
TEXTS_PER_DAY = int(environment.text("NIANGJIA_TEXTS_PER_DAY", "5000"))
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/home/"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = environment.yes("NIANGJIA_TLS")
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
# Behind TLS the proxy says so in this header (and takes it away from what strangers send): without it
# every form would be refused, because its origin is https and the request seems to be http.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 30 if SESSION_COOKIE_SECURE else 0
CSRF_FAILURE_VIEW = "niangjia.site.views.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "files"
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
# Nothing is cached: what lies in a cache is neither sealed, nor audited, nor deleted with its person.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
WHITENOISE_MAX_AGE = 3600
# How long the frame of a page may leave out what others did (numbers in the menu, the post); 0 reads it each time.
FRAME_KEPT_SECONDS = 20
LOGGING = logs.LOGGING
SILENCED_SYSTEM_CHECKS: list[str] = []
