"""The kernel managers that papermill is given: kernels started as ever, or forked."""

from pathlib import Path

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

from ppp.run.forks import Fork

RUNNING: set[LocalProvisioner] = set()


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
