"""A server that imports what notebooks need once, and forks a kernel when asked.

Starting Python and importing pandas, scipy and seaborn takes longer than most notebooks compute.
The server starts while the driver still reads the study; each kernel is then a fork of it and an
ordinary ipykernel in every other way. Only the standard library is imported here, so that the
server can be the first thing a run starts.
"""

import logging
import multiprocessing
import os
import signal
import threading
from contextlib import contextmanager
from multiprocessing import forkserver

INLINE = "module://matplotlib_inline.backend_inline"
AVAILABLE = "forkserver" in multiprocessing.get_all_start_methods()


def warm(modules: list[str]) -> bool:
    """Start the server; it imports `modules` while the caller goes on.

    Parameters
    ----------
    modules : list of str
        Dotted names; one that does not exist is passed over.

    Returns
    -------
    bool
        False where the system cannot fork.
    """
    if AVAILABLE:
        with _inline_backend():
            multiprocessing.set_forkserver_preload([__name__, "ipykernel.kernelapp", *modules])
            forkserver.ensure_running()
    return AVAILABLE


@contextmanager
def _inline_backend():
    before = os.environ.get("MPLBACKEND")
    os.environ["MPLBACKEND"] = before or INLINE
    yield
    if before is None:
        del os.environ["MPLBACKEND"]


def _serve(connection_file: str, folder: str) -> None:
    os.setsid()
    os.chdir(folder)
    threading.Thread(target=_end_with_driver, daemon=True).start()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    from ipykernel.kernelapp import IPKernelApp

    argv = ["-f", connection_file]
    IPKernelApp.launch_instance(argv, parent_handle=os.getppid(), log_level=logging.ERROR)


def _end_with_driver() -> None:
    multiprocessing.parent_process().join()
    os._exit(1)


class Fork:
    """A forked kernel with those members of `subprocess.Popen` that `jupyter_client` uses.

    Parameters
    ----------
    connection_file, folder : str
        What the kernel reads its ports from, and where it runs.

    Raises
    ------
    OSError, EOFError
        When the server is not there.
    """

    stdin = stdout = stderr = None

    def __init__(self, connection_file: str, folder: str):
        context = multiprocessing.get_context("forkserver")
        self._process = context.Process(target=_serve, args=(connection_file, folder), daemon=True)
        self._process.start()
        self.pid = self._process.pid
        self.terminate = self._process.terminate
        self.kill = self._process.kill

    def poll(self) -> int | None:
        """Exit status, or None while it runs."""
        return self._process.exitcode

    def wait(self) -> int:
        """Wait for its end and return the exit status."""
        self._process.join()
        return self._process.exitcode

    def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel."""
        os.kill(self.pid, signum)
