"""The book on a JupyterHub: what its configuration needs, tried with JupyterHub 6.1.

On the hub's machine: the book in a folder that everybody may read, `make book LOCKED=1`, `make read` once (Ctrl-C),
and `.venv/bin/python -m pip install jupyterhub` of the hub's own version. Then take these lines over, or try them as
they are:  jupyterhub --config .ci/jupyterhub_config.py

Each user reads the live book at /user/NAME/book/, and has the notebooks in JupyterLab at /user/NAME/lab.
"""

import os
from pathlib import Path

BOOK = Path(os.environ.get("IO_BOOK") or Path(__file__).parents[1])

# As the user, never as the hub (root must not write where a user may have laid a link): bring the notebooks, when there
# are none yet, for they are changed there; trust them once, or their pictures would not move.
START = f"""[ -e ~/io-book/book ] ||
{{ mkdir -p ~/io-book && tar -C '{BOOK}' --exclude=_build -c book | tar -C ~/io-book -x; }}
[ -e ~/io-book/.trusted ] ||
find ~/io-book/book -name '*.ipynb' -exec '{BOOK}/.venv/bin/jupyter' trust {{}} + && touch ~/io-book/.trusted
exec '{BOOK}/.venv/bin/jupyterhub-singleuser' "$@" """

c = get_config()  # noqa: F821  (jupyterhub's configuration object)
c.Spawner.cmd = ["sh", "-c", START, "jupyterhub-singleuser"]
c.Spawner.args = [f"--config={BOOK}/.ci/jupyter_server_config.py",
                  "--ServerApp.jpserver_extensions={'iolab.live.extension': True, 'jupyterlab': True}",
                  f"--LabServerApp.extra_labextensions_path={BOOK}/code/iolab/labextensions",
                  "--MappingKernelManager.cull_idle_timeout=3600", "--MappingKernelManager.cull_interval=300"]
c.Spawner.notebook_dir = "~/io-book"
c.Spawner.default_url = "/book/index.html"
