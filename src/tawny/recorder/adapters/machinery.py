"""The machine's disks by its own programs and files, all behind the ports of storage."""

from tawny.recorder.adapters.block_devices import LinuxBlockDevices
from tawny.recorder.adapters.drive_sensors import DriveSensors
from tawny.recorder.adapters.file_systems import LinuxFileSystems
from tawny.recorder.adapters.places import DirectoryPlaces
from tawny.recorder.adapters.programs import Programs
from tawny.recorder.adapters.smart_disks import SmartDisks
from tawny.recorder.storage.service import Machinery


def machinery() -> Machinery:
    """The disks of this machine."""
    programs = Programs()
    return Machinery(
        devices=LinuxBlockDevices(programs),
        health=SmartDisks(programs),
        temperatures=DriveSensors(),
        file_systems=LinuxFileSystems(programs),
        places=DirectoryPlaces(),
    )
