"""Settings, read top to bottom. Machines differ by environment variables alone; docs/operating.md lists them."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from operations.logs import FORMATS, logging_config

from .env import Settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = Settings()

# What the machine decides --------------------------------------------------------------------------------------------
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.secret("SECRET_KEY", VAR_DIR / "secret-key")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS", [])
SECURITY_CONTACT = env.contacts("SECURITY_CONTACT")
# Who stands behind the site, and where readers reach them: the page How we work says it.
SITE_EDITORS = env.line("SITE_EDITORS")
SITE_CONTACT = env.contacts("SITE_CONTACT")
HTTPS = env.flag("HTTPS", default=False)
# The beginning of the addresses by which records are cited; empty: scheme and host that a reader asked for.
CANONICAL_ORIGIN = env.origin("CANONICAL_ORIGIN")
# Who gives out the permanent ids in feeds, calendars and annotations (RFC 4151): a domain, and a year in which it was ours.
ID_AUTHORITY = env.authority("ID_AUTHORITY", CANONICAL_ORIGIN, ALLOWED_HOSTS)
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'on-the-record.sqlite3'}")}
if _replica := env.replica("REPLICA_DATABASE_URL", primary=DATABASES["default"]):
    DATABASES["replica"] = {**_replica, "TEST": {"MIRROR": "default"}}

# What it is made of --------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "base",
    "operations",
    "reports",
    "desk",
    "review",
    "events",
    "directory",
    "config.apps.RecordAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "corsheaders",
    "csp",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "simple_history",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "accounts",  # last: after `migrate` it gives the ready groups the permissions that all others have made
]
MIDDLEWARE = [
    "django_permissions_policy.PermissionsPolicyMiddleware",  # first: every answer says it
    "operations.requests.RequestLogMiddleware",
    "operations.health.HealthMiddleware",
    "operations.metrics.MetricsMiddleware",
    "config.methods.MethodsMiddleware",
    "config.compression.CompressionMiddleware",
    "config.caching.CachingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.caching.StaticFilesMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "config.limits.FairUseMiddleware",
    "config.limits.OverloadMiddleware",
    "config.bodies.FormBodyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.languages.AddressLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
    "config.replica.ReadReplicaMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.languages.languages",
                "config.menu.menu",
            ],
        },
    },
]

# Databases -----------------------------------------------------------------------------------------------------------
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CONN_MAX_AGE = env.number("CONN_MAX_AGE", 60)
# Whether a pooler such as PgBouncer lends each connection for one transaction only. Whatever outlives a transaction, such as a
# server-side cursor, a prepared query or a session setting, would then reach another client.
DB_POOLER = env.flag("DB_POOLER", default=False)
# Parameters of libpq. A server that was switched off does not close its connections: without these a request would hang for
# minutes.
POSTGRESQL_TIMEOUTS = {
    "connect_timeout": env.number("DB_CONNECT_TIMEOUT", 3),  # seconds, like all others but `tcp_user_timeout`
    "tcp_user_timeout": 10_000,  # milliseconds until data sent has to be acknowledged
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
# Queries whose SQL is compiled once (base/sql/prepared.py) are prepared from their third run on, with one generic plan: to plan
# such a query for its values takes longer than to run it. The server's default for random_page_cost suits spinning disks and
# makes it scan whole tables where it should look up a few rows: docs/operating.md.
PLANNER_OPTIONS = "-c plan_cache_mode=force_generic_plan -c random_page_cost=1.1"
for _database in DATABASES.values():
    _database["CONN_MAX_AGE"] = CONN_MAX_AGE
    _database["CONN_HEALTH_CHECKS"] = True
    if "sqlite" in str(_database["ENGINE"]):
        env.folder("VAR_DIR", VAR_DIR)
        # IMMEDIATE takes the write lock at the start, so that two curators wait for each other instead of failing.
        _database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # One list of a large site reads more pages than SQLite keeps by itself (2 MB): docs/operating.md.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA cache_size=-8192;",
        }
    else:
        # A pooler would lose prepared queries and session settings alike.
        prepared = {"prepare_threshold": 2, "options": PLANNER_OPTIONS}
        unprepared = {"prepare_threshold": None}
        _database["OPTIONS"] = {
            **POSTGRESQL_TIMEOUTS,
            **(unprepared if DB_POOLER else prepared),
            **_database.get("OPTIONS", {}),
        }
        _database["DISABLE_SERVER_SIDE_CURSORS"] = DB_POOLER
# Timeouts in seconds, for web processes alone (config/wsgi.py); 0 means no limit. SQLite has only a timeout for locks. Behind a
# pooler, set the timeouts on the database role instead.
DATABASE_LIMITS = {
    "statement": env.number("DB_STATEMENT_TIMEOUT", 15),
    "lock": env.number("DB_LOCK_TIMEOUT", 5),
    "idle": env.number("DB_IDLE_TIMEOUT", 30),
}
# How many seconds the replica may lag behind; a replica that lags more is not read (config/replica.py).
REPLICA_MAX_LAG = env.number("REPLICA_MAX_LAG", 10)

# Records -------------------------------------------------------------------------------------------------------------
PASSAGE_MODEL = "directory.Passage"  # the model that facts cite as their evidence: base/records/provenance.py
# Whether two people are needed to make something public: who changed or submitted it may not publish it.
REVIEW_BY_TWO = env.flag("REVIEW_BY_TWO", default=False)
# For how many days the secret address of a preview answers.
PREVIEW_DAYS = env.number("PREVIEW_DAYS", 14, least=1)

# Caches --------------------------------------------------------------------------------------------------------------
# Values that stay valid until the next write (base/changes/cache.py), cached in each process. The number of entries bounds the
# memory: a page takes 20 to 200 kB, the counts of facets a few kB, a single count next to nothing. The keys contain the content
# version, so entries need no timeout.


def _in_process(name: str, entries: int) -> dict[str, object]:
    backend = "base.changes.backends.ObjectCache"
    return {"BACKEND": backend, "LOCATION": name, "TIMEOUT": None, "OPTIONS": {"MAX_ENTRIES": entries}}


CACHES = {
    "default": _in_process("counts", 2000),
    "facets": _in_process("facets", 300),
    "pages": _in_process("pages", 100),
    "pictures": _in_process("pictures", 100),  # share images, some 50 kB each: they push no page out
}
if "replica" in DATABASES:
    DATABASE_ROUTERS = ["config.replica.ReplicaRouter"]
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
SERIALIZATION_MODULES = {"json": "base.records.fixture_json"}

# Language and time ---------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("th", _("Thai")), ("vi", _("Vietnamese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = "UTC"
USE_TZ = True

# Static files --------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
_storage = "operations.static_files.HashedStaticStorage"
if not env.flag("HASHED_STATIC", default=not DEBUG):
    _storage = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _storage},
}

# Signing in ----------------------------------------------------------------------------------------------------------
# docs/decisions/023-sign-in.md says why these limits and times.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["accounts.hashers.OneAtATimeHasher"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, object]] = [
    {"NAME": "accounts.passwords.NameNotInside"},
    {"NAME": "accounts.passwords.EnoughCharacters"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_HANDLER = "accounts.throttle.SignInThrottle"
AXES_CLIENT_IP_CALLABLE = "accounts.throttle.address_of"
AXES_LOCKOUT_CALLABLE = "accounts.throttle.too_many_attempts"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # of the failures that a success forgets
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
# Who has to have a second factor: nobody (optional), all who may publish, withdraw or look after accounts (editors), or all.
SECOND_FACTOR = env.choice("SECOND_FACTOR", ["optional", "editors", "all"])
OTP_TOTP_ISSUER = "On the Record"
# A session ends this many minutes after the last request, and with the browser.
SESSION_COOKIE_AGE = 60 * env.number("SESSION_IDLE_MINUTES", 60, least=1)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# Safety --------------------------------------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
CSRF_COOKIE_AGE = None  # the cookie ends with the browser's session
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 1 if BEHIND_PROXY else 0)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# The site uses none of what a browser asks its user about, and nobody may use it in a frame of the site. Pages copy to the
# clipboard where somebody asks them to.
PERMISSIONS_POLICY = dict.fromkeys(
    (
        *(
            "accelerometer",
            "autoplay",
            "browsing-topics",
            "camera",
            "clipboard-read",
        ),
        *("display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid"),
        *(
            "identity-credentials-get",
            "idle-detection",
            "local-fonts",
            "local-network-access",
            "magnetometer",
            "microphone",
        ),
        *("midi", "otp-credentials", "payment", "picture-in-picture", "publickey-credentials-create"),
        *("publickey-credentials-get", "screen-wake-lock", "serial", "storage-access", "usb"),
        *("window-management", "xr-spatial-tracking"),
    ),
    (),
)
# The API is public and read-only, and sets no cookies: scripts of any site may read it.
CORS_ALLOW_ALL_ORIGINS = True
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS", "POST"]  # POST: queries to the reconciliation service
CORS_EXPOSE_HEADERS = ["Change-Cursor", "ETag", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After"]
# How many requests one client may send in a minute; 0 means no limit. Heavy: exports, reconciliation, the network. Pages: search
# and lists, whose filters make more addresses than there are records. Passwords and codes are counted for one client, and for all
# strangers together.
RATE_LIMITS = {
    "reading": env.number("RATE_LIMIT", 600),
    "heavy": env.number("RATE_LIMIT_HEAVY", 60),
    "pages": env.number("RATE_LIMIT_PAGES", 600),
    "sign-in": env.number("RATE_LIMIT_SIGN_IN", 20),
    "strangers": env.number("RATE_LIMIT_STRANGERS", 60),
}
LIMITS_FILE = VAR_DIR / "limits.sqlite3"

# Operations ----------------------------------------------------------------------------------------------------------
# Logs go to standard error, like those of gunicorn (config/gunicorn.py); so does the traceback of a page that fails.
LOGGING = logging_config(env.choice("LOG_FORMAT", FORMATS), access=env.flag("ACCESS_LOG", default=True))
READY_MIN_FREE_MB = env.number("READY_MIN_FREE_MB", 100)
METRICS_TOKEN = env.token("METRICS_TOKEN")
SENTRY_DSN = env.sentry_dsn("SENTRY_DSN")
# For how many days personal data is kept that nobody needs any more (manage.py clear_expired); 0 means for ever.
KEEP_CONTACT_DAYS = env.number("KEEP_CONTACT_DAYS", 90)
KEEP_SIGN_IN_DAYS = env.number("KEEP_SIGN_IN_DAYS", 90)
KEEP_CARD_DRAFT_DAYS = env.number("KEEP_CARD_DRAFT_DAYS", 90)
KEEP_TEXT_DRAFT_DAYS = env.number("KEEP_TEXT_DRAFT_DAYS", 60)

# API -----------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "base.api.openapi.PublicSchema",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "base.api.negotiation.AcceptNegotiation",
    "EXCEPTION_HANDLER": "base.api.errors.answer",
    "URL_FORMAT_OVERRIDE": None,  # no ?format=: JSON is the only format
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "On the Record",
    "VERSION": "1.0",
    "DESCRIPTION": (
        "Who said what, where, on whose behalf, and the passage that proves it. Read-only, open to all, no key, no "
        "cookies.\n\nEvery fact carries `certainty`, a `note` and its `passages`. Only a wording of nature `verbatim` is "
        "a quotation. Errors are `application/problem+json`; a parameter that is not understood is refused, never ignored."
    ),
    "LICENSE": {"name": "MIT", "identifier": "MIT"},
    "CONTACT": {"name": "The editors of On the Record"},
    "SERVERS": [{"url": "/", "description": "This server"}],
    "TAGS": [  # config.api.describe_kinds puts those of the kinds of record before them
        {"name": "changes", "description": "What happened to records, in one order: for mirrors."},
        {"name": "redirects", "description": "Former ids and the present ones."},
        {"name": "export", "description": "Everything that the filters leave, in one file."},
    ],
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "config.api.describe_kinds"],
    "SCHEMA_PATH_PREFIX": "/api/v[0-9]+",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_SUFFIX": "",
    "ENUM_NAME_OVERRIDES": {
        "Attribution": "events.models.statements.Attribution",
        "Certainty": "base.records.provenance.Certainty",
        "Check": "directory.models.sources.PassageCheck",
        "EventInitiativeRole": "events.models.links.EventInitiativeRole",
        "EventKind": "events.models.events.EventKind",
        "EventOrganizationRole": "events.models.links.EventOrganizationRole",
        "InitiativeRole": "directory.models.initiatives.InitiativeRole",
        "NameKind": "base.records.names.NameKind",
        "Nature": "events.models.statements.Nature",
        "OrganizationKind": "directory.models.organizations.OrganizationKind",
        "OrganizationRelation": "directory.models.links.OrganizationRelation",
        "ParticipationRole": "events.models.links.ParticipationRole",
        "SourceKind": "directory.models.sources.SourceKind",
        "StatementKind": "events.models.statements.StatementKind",
    },
    "SORT_OPERATIONS": False,
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "defaultModelsExpandDepth": 0, "validatorUrl": None},
}
