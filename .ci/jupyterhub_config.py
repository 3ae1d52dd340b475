"""The book on a JupyterHub: what its configuration needs, tried with JupyterHub 6.1.

On the hub's machine: the book in a folder that everybody may read, `make book LOCKED=1`, `make read` once (Ctrl-C),
and `.venv/bin/python -m pip install jupyterhub` of the hub's own version. Then take these lines over, or try them as
they are:  jupyterhub --config .ci/jupyterhub_config.py

Each user reads the live book at /user/NAME/book/, and has the notebooks in JupyterLab at /user/NAME/lab.
"""

import os
import shutil
from pathlib import Path

BOOK = Path(os.environ.get("IO_BOOK") or Path(__file__).parents[1])


def bring_the_pages(spawner):
    """Give a user the notebooks, when there are none yet: a copy, for they change them."""
    home = Path(spawner.user_env({})["HOME"])    # of a spawner that starts local processes
    if not (home / "io-book/book").exists():
        home.mkdir(parents=True, exist_ok=True)
        shutil.copytree(BOOK / "book", home / "io-book/book", ignore=shutil.ignore_patterns("_build"))
        for path in (home / "io-book", *(home / "io-book").rglob("*")):
            os.chown(path, home.stat().st_uid, home.stat().st_gid)


# As the user, once: pictures of notebooks that are not trusted do not move
START = f"""[ -e ~/io-book/.trusted ] ||
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
c.Spawner.pre_spawn_hook = bring_the_pages
