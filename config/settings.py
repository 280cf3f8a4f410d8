"""Entente's settings. What an installation may change is read through `config.environment` and named in
`docs/reference/settings.md`; everything else is a decision of the house."""

import zoneinfo
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.utils.translation import gettext_lazy as _

from config import environment as env

BASE_DIR = env.BASE_DIR
DATA_DIR = Path(env.text("ENTENTE_DATA_DIR", str(BASE_DIR / "var")))
SITE_URL = env.text("ENTENTE_URL", "http://localhost:8000").rstrip("/")
_SITE = urlsplit(SITE_URL)

DEBUG = env.flag("ENTENTE_DEBUG")
SECRET_KEY = env.secret_key(DATA_DIR)
ALLOWED_HOSTS = env.hosts(_SITE.hostname)
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "cms.apps.CmsConfig",
    "events.apps.EventsConfig",
    "legal.apps.LegalConfig",
    "contacts.apps.ContactsConfig",
    "network.apps.NetworkConfig",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "contacts.apps.UsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "anymail",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "config.apps.ConfigConfig",  # last, so that its roles find every app's permissions after a migration
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.page_cache.PageCacheMiddleware",
    "config.csp.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # widgets of ours have templates beside all others
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
        },
    },
]

# -- Data ---------------------------------------------------------------------------------------------------------

DATABASES = {
    "default": dj_database_url.parse(
        env.text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'entente.sqlite3'}"), conn_max_age=60, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Immediate transactions: a writer waits for its turn at BEGIN instead of failing in the middle.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # A file, because several processes and threads of a test meet in it; memory would be one connection's alone.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}

REDIS_URL = env.text("REDIS_URL")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        # Web and worker are two processes on one machine: a cache of files is the one they share.
        else {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": DATA_DIR / "cache"}
    )
}

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": env.text("ENTENTE_FILE_STORAGE", "django.core.files.storage.FileSystemStorage")},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# -- Work in the background ---------------------------------------------------------------------------------------

TASKS = {
    "default": {"BACKEND": env.text("ENTENTE_TASKS_BACKEND", "django_tasks_db.DatabaseBackend"), "QUEUES": []},
}

# -- People and access --------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "contacts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "config.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are opened by an administrator, never by a stranger
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _SITE.scheme
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no letter goes to an address that somebody else typed
# Partners sign in by a code that comes to their address; mail may take its time.
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""  # a name in brackets is how letters begin that want to be believed
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
# Who likes signs in by a passkey instead: it is one more way in, never a second question.
MFA_ADAPTER = "config.passkeys.PasskeyAdapter"
MFA_SUPPORTED_TYPES = ["webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "login_webauthn": "config.passkeys.SignInForm",
    "reauthenticate_webauthn": "config.passkeys.AskAgainForm",
    "add_webauthn": "config.passkeys.AddForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator has written the address
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# -- Languages ----------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = WAGTAILADMIN_PERMITTED_LANGUAGES = [
    ("en", "English"),
    ("fr", "Français"),
    ("es", "Español"),
    ("ar", "العربية"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = WAGTAIL_I18N_ENABLED = True
USE_TZ = True
zoneinfo.reset_tzpath(to=())  # the tzdata package of the lock everywhere, so that pages and calendars agree
TIME_ZONE = "UTC"
LANGUAGE_COOKIE_HTTPONLY = True

# -- Wagtail ------------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Entente"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = True
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILEMBEDS_FINDERS = []  # an editor's embed would send our readers to strangers
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
TAGGIT_CASE_INSENSITIVE = True

# -- Mail and calendars -------------------------------------------------------------------------------------------

EMAIL_BACKEND = env.text("ENTENTE_MAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = DATA_DIR / "mail"
_SMTP = urlsplit(env.text("ENTENTE_SMTP_URL", "smtp://localhost:25"))
EMAIL_HOST, EMAIL_PORT = _SMTP.hostname or "localhost", _SMTP.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _SMTP.username or "", _SMTP.password or ""
EMAIL_USE_SSL = _SMTP.scheme == "smtps"
EMAIL_USE_TLS = _SMTP.scheme == "smtp+tls"
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("ENTENTE_MAIL_FROM", "Entente <no-reply@localhost>")
# Of anymail's providers only some pass a calendar part, so letters with a calendar may go another way (calendar.md).
CALENDAR_EMAIL_BACKEND = env.text("ENTENTE_CALENDAR_MAIL_BACKEND", EMAIL_BACKEND)
RSVP_DOMAIN = env.text("ENTENTE_RSVP_DOMAIN", "rsvp.localhost")
CALENDAR_NAMESPACE = env.text("ENTENTE_CALENDAR_NAMESPACE", "entente.invalid")
# Seals the UIDs of invitations; answers to letters already sent are known by it, so it outlives a new SECRET_KEY.
CALENDAR_KEY = env.text("ENTENTE_CALENDAR_KEY", SECRET_KEY)
# Seals the addresses to which letters must not go; it outlives a new SECRET_KEY, or they would be written to again.
SUPPRESSION_KEY = env.text("ENTENTE_SUPPRESSION_KEY", SECRET_KEY)
# The mailbox to which mail servers give letters back, each to an address of its own below it; none: to the sender.
RETURN_ADDRESS = env.text("ENTENTE_RETURN_ADDRESS")
# What comes in by mail: how large a message may be, and how many from one address are kept in a day.
RECEIVED_MOST_BYTES = env.number("ENTENTE_RECEIVED_MOST_BYTES", 15_000_000)
RECEIVED_MOST_A_DAY = env.number("ENTENTE_RECEIVED_MOST_A_DAY", 200)
# The mailbox that the worker empties, as imaps://user:password@host/folder, and how often.
IMAP_URL = env.text("ENTENTE_IMAP_URL")
IMAP_SECONDS = env.number("ENTENTE_IMAP_SECONDS", 60)
# The name under which our own mail server says whether a sender is proven (authserv-id); none: nobody is.
MAIL_SERVER_NAME = env.text("ENTENTE_MAIL_SERVER_NAME")
# What a provider must say to be believed, as user:password; without it there are no addresses for providers.
ANYMAIL = {"WEBHOOK_SECRET": env.text("ENTENTE_WEBHOOK_SECRET")}
# Whether we learn that a reader's program has shown a letter: asked of the provider, and believed, only where it is on.
TRACKS_OPENING = env.flag("ENTENTE_TRACK_OPENING")
if TRACKS_OPENING:
    ANYMAIL["SEND_DEFAULTS"] = {"track_opens": True}
# A change of date goes out after this pause, so that two corrections in a row make one letter.
CALENDAR_UPDATE_DELAY = timedelta(seconds=env.number("ENTENTE_CALENDAR_UPDATE_DELAY", 600))
# Travel and passport data that people gave for an event vanish so many days after its last day.
TRAVEL_DATA_DAYS = env.number("ENTENTE_TRAVEL_DATA_DAYS", 30)
# So many letters a worker hands over side by side; so many at most are uncertain when it is killed.
MAIL_CONNECTIONS = max(1, env.number("ENTENTE_MAIL_CONNECTIONS", 4))
# A letter claimed longer ago than this was cut off at hand-over: it is marked uncertain and shown to a person.
MAIL_LEASE = timedelta(seconds=env.number("ENTENTE_MAIL_LEASE", 300))

# -- The wire -----------------------------------------------------------------------------------------------------

PAGE_CACHE_SECONDS = env.number("ENTENTE_PAGE_CACHE_SECONDS", 300)
_HTTPS = _SITE.scheme == "https"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 60 * 60 * 12
X_FRAME_OPTIONS = "SAMEORIGIN"  # the admin shows letters and previews in frames of its own
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # which asks for DENY; nobody else may frame us all the same
if env.flag("ENTENTE_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
}
# Wagtail's admin and wagtail-localize still write a few scripts and styles into their pages.
ADMIN_CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **CONTENT_SECURITY_POLICY["DIRECTIVES"],
        "script-src": ["'self'", "'unsafe-inline'", "'unsafe-eval'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "frame-src": ["'self'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"scrub": {"()": "config.logs.ScrubTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["scrub"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "propagate": True, "level": "WARNING"}},
}

SITE_NAME = _("Entente")
