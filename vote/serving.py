"""How gunicorn serves us: `gunicorn --config python:vote.serving`.

A process for each processor, as proofs keep it busy; threads, as the database and clients are
waited for. What gunicorn's command line and WEB_CONCURRENCY say goes first.

It stands apart from the service: gunicorn reads it once, the service anew at each reload.
"""

from __future__ import annotations

import gc
import os

MOST = 8  # processes; on PostgreSQL each may hold as many connections as it has threads

wsgi_app = "vote.web:create_app()"
if "WEB_CONCURRENCY" not in os.environ:
    workers = min(len(os.sched_getaffinity(0)), MOST)
threads = 8
worker_tmp_dir = "/dev/shm"  # noqa: S108 -- heartbeat files, so that a slow disk kills nobody
control_socket_disable = True


def post_worker_init(_worker: object) -> None:
    """Look for garbage less often, and not in what was loaded to stay."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
