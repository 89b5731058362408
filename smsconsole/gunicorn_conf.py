"""How gunicorn serves the console, on one machine and in containers alike."""

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
