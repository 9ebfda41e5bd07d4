"""A small volume that fills up, and a limit of memory for one process."""

import contextlib
import os
import resource
import subprocess
import tempfile

CGROUPS = "/sys/fs/cgroup/memory"


@contextlib.contextmanager
def volume(mib):
    """Yields a folder on a file system of this size, and what kind it is."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        image, mount = os.path.join(folder, "image"), os.path.join(folder, "mount")
        os.mkdir(mount)
        with open(image, "wb") as file:
            file.truncate(mib << 20)
        for kind, command in [
            ("ext4 on a loop device", f"mkfs.ext4 -q {image} && mount -o loop {image} {mount}"),
            ("tmpfs", f"mount -t tmpfs -o size={mib}m soak {mount}"),
        ]:
            if subprocess.run(command, shell=True, capture_output=True, check=False).returncode == 0:
                try:
                    yield mount, kind
                finally:
                    subprocess.run(["umount", "-l", mount], check=False)
                return
        yield mount, "the volume of this machine: nothing can be mounted, so it does not fill up"


class MemoryLimit:
    """Ends a process that takes more memory than this: by a cgroup, or, without one, by a limit of its data."""

    def __init__(self, mib):
        self.bytes = mib << 20
        self.folder = os.path.join(CGROUPS, f"traced-soak-{os.getpid()}")
        try:
            os.mkdir(self.folder)
            self._write("memory.limit_in_bytes", self.bytes)
            self.kind = "a cgroup"
        except OSError:
            self.folder, self.kind = None, "RLIMIT_DATA"

    def _write(self, name, value):
        with open(os.path.join(self.folder, name), "w", encoding="ascii") as file:
            file.write(str(value))

    def enter(self):
        """Puts the calling process under the limit; runs in the child before the server."""
        if self.folder:
            self._write("cgroup.procs", os.getpid())
        else:
            resource.setrlimit(resource.RLIMIT_DATA, (self.bytes, self.bytes))

    def close(self):
        if self.folder:
            with contextlib.suppress(OSError):
                os.rmdir(self.folder)
