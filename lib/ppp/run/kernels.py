"""The kernel managers that papermill is given: kernels started as ever, or forked.

Starting Python and importing pandas, scipy and seaborn takes longer than most notebooks compute.
A server imports them once, while the driver still reads the study; each kernel is then a fork of
it and an ordinary ipykernel in every other way.
"""

import logging
import multiprocessing
import os
import signal
import threading
from contextlib import contextmanager
from multiprocessing import forkserver
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

INLINE = "module://matplotlib_inline.backend_inline"
AVAILABLE = "forkserver" in multiprocessing.get_all_start_methods()
RUNNING: set[LocalProvisioner] = set()


def warm(modules: list[str]) -> bool:
    """Start the server, which imports `modules` that exist; False where the system cannot fork."""
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

    Raises OSError or EOFError when the server is not there.
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


class Started(LocalProvisioner):
    """Starts a kernel in a new Python, and can be found while it runs."""

    async def launch_kernel(self, cmd, **kwargs):
        """Start the kernel and return how to connect to it."""
        RUNNING.add(self)
        return await super().launch_kernel(cmd, **kwargs)

    async def cleanup(self, restart=False):
        """Forget the kernel."""
        RUNNING.discard(self)
        await super().cleanup(restart=restart)


class Forked(Started):
    """Forks a kernel; if the fork server has died, starts one."""

    async def launch_kernel(self, cmd, **kwargs):
        """Fork the kernel and return how to connect to it."""
        folder = str(kwargs.get("cwd") or Path.cwd())
        try:
            self.process = Fork(self.parent.connection_file, folder)
        except (OSError, EOFError):
            return await super().launch_kernel(cmd, **kwargs)
        RUNNING.add(self)
        self.pid, self.cwd = self.process.pid, folder
        return self.connection_info


class StartedKernels(AsyncKernelManager):
    """Manager of kernels that are started."""

    kind = Started

    async def _async_pre_start_kernel(self, **kwargs):
        self.provisioner = self.provisioner or self.kind(
            kernel_id=self.kernel_id or "", kernel_spec=self.kernel_spec, parent=self
        )
        return await super()._async_pre_start_kernel(**kwargs)


class ForkedKernels(StartedKernels):
    """Manager of kernels that are forked."""

    kind = Forked


def stop_all() -> None:
    """Kill every kernel that still runs, so that an interrupted run ends at once."""
    for provisioner in list(RUNNING):
        if provisioner.process and provisioner.process.poll() is None:
            provisioner.process.kill()
