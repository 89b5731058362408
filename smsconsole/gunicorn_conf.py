"""How gunicorn serves the console, on one machine and in containers alike."""

import sys
from typing import Any

# By it gunicorn knows that starting again is no use.
_CANNOT_START = 3

worker_class = "smsconsole.web_worker.WholeRequestWorker"
workers = 1
threads = 8
# Sockets that may be open at once; each takes up to two file descriptors.
worker_connections = 400
# A program may have its parameters in the address, up to 32 KB. The worker takes heads of 64 KB at
# most (web_connections): a limit of the line itself would only refuse what the API answers.
limit_request_line = 0
# Seconds in which a worker's main loop must show that it lives; no request counts here.
timeout = 120
graceful_timeout = 10
# Seconds for which a browser's connection is kept for its next request.
keepalive = 5
control_socket_disable = True
# The console is never mounted below a path, and no client may claim that it is.
forwarder_headers = ""
# The main loop sends, so that a slow client holds no thread.
sendfile = False
logger_class = "smsconsole.watching.gunicorn_lines.GunicornLines"


def post_worker_init(worker: Any) -> None:
    """End gunicorn on a host whose clock is wrong, with the reason in its log.

    What was loaded is kept out of garbage collection.
    """
    from django.db import connection

    from accounts import shared_time
    from accounts.garbage import leave_out_what_is_loaded

    problem = shared_time.wrong_clock()
    connection.close()
    if problem:
        worker.log.critical(problem)
        sys.exit(_CANNOT_START)
    leave_out_what_is_loaded()
