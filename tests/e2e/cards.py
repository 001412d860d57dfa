"""Cards on PCI that are files only: how they are listed, and what opening them says."""
import json
import os
import pathlib
import tempfile

from harness import TINY

CONTRACT = "1122334455667788"
PORT = {"max_link_speed": "8.0 GT/s PCIe", "max_link_width": "8"}
CARDS = {  # address: identity, driver, files
    "0000:3b:00.0": ("0x10ee", "0x504c", "plimsoll", {
        "numa_node": "1", "iommu_group": "17", "plimsoll/contract_hash": CONTRACT, "plimsoll/revision": "7",
        "current_link_speed": "8.0 GT/s PCIe", "current_link_width": "8", "max_link_speed": "8.0 GT/s PCIe", "max_link_width": "16",
        "hwmon/hwmon3/temp1_input": "61500"}),
    "0000:3b:00.1": ("0x1d0f", "0xf010", None, {
        "numa_node": "-1", "current_link_speed": "2.5 GT/s PCIe", "current_link_width": "8",
        "max_link_speed": "16.0 GT/s PCIe", "max_link_width": "8"}),
    "0000:3b:00.2": ("0x10ee", "0x504c", "vfio-pci", {"numa_node": "0"}),
    "0000:3b:00.3": ("0x10ee", "0x504c", "xdma", {"numa_node": "0"}),
    "0000:3b:00.4": ("0x8086", "0x1572", "i40e", {"numa_node": "0"}),
}


def link(path, target):
    (path.parent / target).mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def make(root, cards=None):
    """A tree like /sys/bus/pci."""
    devices = pathlib.Path(root) / "devices"
    devices.mkdir(parents=True)
    for address, (vendor, device, driver, files) in (cards or {}).items():
        folder = pathlib.Path(root) / "real" / "0000:3a:00.0" / address
        folder.mkdir(parents=True)
        common = {"vendor": vendor, "device": device, "class": "0x120000", "irq": "0",
                  "resource": "0x0000000000000000 0x0000000000000000 0x0000000000000000\n" * 7}
        for name, text in {**common, **files}.items():
            path = folder / name
            if name == "iommu_group":
                link(path, f"../groups/{text}")
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n")
        if driver:
            link(folder / "driver", f"../drivers/{driver}")
        (devices / address).symlink_to(folder)
    for name, text in PORT.items():
        if cards:
            (pathlib.Path(root) / "real" / "0000:3a:00.0" / name).write_text(text + "\n")


def test(t):
    before = os.environ["PLIMSOLL_SYSFS_PCI"]
    with tempfile.TemporaryDirectory() as root:
        os.environ["PLIMSOLL_SYSFS_PCI"] = root + "/pci"
        make(root + "/pci", CARDS)
        listed = t.run("devices", "--format", "json")
        cards = {c["device"]: c for c in json.loads(listed.stdout)["cards"]}
        t.equal("cards of the contract's boards are listed, others not", list(cards),
                [f"pci:0000:3b:00.{n}" for n in range(4)])
        t.equal("all of a card that its driver has", cards["pci:0000:3b:00.0"], {
            "device": "pci:0000:3b:00.0", "board": "u55c", "driver": "plimsoll", "contract": CONTRACT, "revision": "7",
            "link": "3.0 x8", "link_most": "3.0 x16", "slot_most": "3.0 x8", "limited_by": "slot", "numa_node": "1",
            "iommu_group": "17", "temperature": "61.5", "state": "host and device disagree on the contract"})
        other = cards["pci:0000:3b:00.1"]
        t.equal("a link that was trained below what slot and card have",
                (other["board"], other["link"], other["limited_by"], other["driver"], other["numa_node"]),
                ("f2", "1.0 x8", "training", None, None))
        t.equal("what keeps the others from being opened", [cards[f"pci:0000:3b:00.{n}"]["state"] for n in (1, 2, 3)],
                ["no driver", "no IOMMU", "no driver"])
        for words in ("0000:3b:00.1 has no driver", "0000:3b:00.2 is in no IOMMU group", "0000:3b:00.3 has the driver xdma"):
            t.check(f"the list says: {words}", words in listed.stderr, listed.stderr)
        table = t.run("devices").stdout
        t.check("the table has them below the others", "\nCards on PCI:\n" in table and " 3.0 x8 " in table, table)
        for status, words, address in (
            (12, ["0000:3b:00.1 has no driver", "modprobe vfio-pci", "driver_override", "modprobe plimsoll"], "0000:3b:00.1"),
            (15, ["0000:3b:00.2 is in no IOMMU group", "intel_iommu=on"], "0000:3b:00.2"),
            (12, ["0000:3b:00.3 has the driver xdma", "echo 0000:3b:00.3 >/sys/bus/pci/drivers/xdma/unbind"], "0000:3b:00.3"),
            (11, ["0000:3b:00.4 is 8086:1572, no Plimsoll card"], "0000:3b:00.4"),
            (1, ["/dev/plimsoll-0000:3b:00.0"], "0000:3b:00.0"),
            (10, ["nothing is at 0000:3c:00.0", "rescan"], "0000:3c:00.0"),
            (1, ["\"3b\" is no address", "0000:3b:00.0"], "3b"),
            (1, ["has no option \"colour\"", "irq"], "0000:3b:00.0,colour=red"),
            (1, ["wait_us=x is not a number"], "0000:3b:00.0,wait_us=x"),
            (1, ["irq is 0 or 1"], "0000:3b:00.0,irq=2"),
        ):
            t.refused(status, words, "check", TINY, "--device", f"pci:{address}")
        (pathlib.Path(root) / "pci/drivers/plimsoll").mkdir(parents=True)
        t.refused(12, ["plimsoll is loaded and did not take it", "dmesg"], "replay", TINY, "--device", "pci:0000:3b:00.1")
        (pathlib.Path(root) / "pci/devices/0000:3b:00.4/vendor").unlink()
        t.refused(1, ["the PCI bus cannot be read"], "devices")
        os.environ["PLIMSOLL_SYSFS_PCI"] = root + "/none"
        listed = json.loads(t.expect(0, "devices", "--format", "json"))
        t.equal("a machine without PCI or OpenCL has none", (listed["opencl"], listed["cards"]), ([], []))
    os.environ["PLIMSOLL_SYSFS_PCI"] = before
