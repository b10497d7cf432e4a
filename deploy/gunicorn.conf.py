"""The web server process: gunicorn behind nginx, on a socket that only nginx may open."""

import multiprocessing

bind = "unix:/run/portal/web.sock"
umask = 0o007
workers = min(2 * multiprocessing.cpu_count() + 1, 9)
threads = 4
timeout = 120  # the largest export takes seconds; what hangs longer is ended
graceful_timeout = 30
max_requests, max_requests_jitter = 5000, 500
control_socket_disable = True
accesslog = None  # one line per request is written by portal/request_trail.py, without addresses or words
forwarded_allow_ips = "*"  # the socket is nginx's alone, which sets these headers itself
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "portal.json_log.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
