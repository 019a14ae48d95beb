"""The PostgreSQL and Redis that run when nobody names other ones.

Some functions only answer, and start nothing: `database_url()`, `redis_url()`, `secret_key()`,
`running_address()`.
Everything hangs on one directory, `data_dir()`: the cluster, the key, the locks, and by its hash
the short directory of the sockets. So every process of one data directory means the same servers.

`ensure_running()` starts what does not run. **The last one out stops the servers**: each process
that asked for them holds a shared lock until it ends, however it ends, and the one that finds
itself alone on leaving stops them. `manage.py` beside a running `bin/run` therefore shares its
servers, and alone starts and stops its own. Servers left behind by a killed process are simply
found again.
"""

from config.embedded.lease import ensure_running, release
from config.embedded.places import (
    EngineError,
    data_dir,
    database_url,
    redis_url,
    running_address,
    secret_key,
)

__all__ = [
    "EngineError",
    "data_dir",
    "database_url",
    "ensure_running",
    "redis_url",
    "release",
    "running_address",
    "secret_key",
]
