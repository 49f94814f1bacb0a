"""How gunicorn serves `wsgi:app`: read by it as `--config python:app.runtime.web_server`."""

from gunicorn.http import wsgi

from app.config import Settings

_settings = Settings.from_environment()

bind = f"{_settings.web_host}:{_settings.web_port}"
workers = _settings.web_processes
threads = _settings.web_threads
worker_class = "gthread"
# Without it gunicorn opens a socket in the home folder through which it can be steered.
control_socket_disable = True
# A worker that answers nothing for this long is replaced.
timeout = 60
graceful_timeout = 8
keepalive = 5
loglevel = "warning"
# Behind a proxy the scheme is the proxy's to say; app/assembly.py decides whom to believe.
forwarded_allow_ips = ""

# Nobody needs to know what serves the page.
wsgi.SERVER = "web"
