#include "vfio.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vfio_state.h"

#define CONTAINER "/dev/vfio/vfio"

static int open_container(struct pl_vfio *v)
{
    v->container = v->mapped.calls->open(CONTAINER, O_RDWR | O_CLOEXEC);
    if (v->container < 0 && (errno == ENOENT || errno == ENODEV))
        return pl_driver_fail(v->message, -ENOPKG,
                              CONTAINER " is not there: load VFIO with `modprobe vfio-pci`");
    if (v->container < 0)
        return pl_driver_fail(v->message, -errno, CONTAINER ": %s; `chmod 666 " CONTAINER "`",
                              strerror(errno));
    int version = v->mapped.calls->ioctl(v->container, VFIO_GET_API_VERSION, NULL);
    if (version != VFIO_API_VERSION)
        return pl_driver_fail(v->message, -ENOSYS,
                              "VFIO of this kernel has version %d, this program knows %d", version,
                              VFIO_API_VERSION);
    if (v->mapped.calls->ioctl(v->container, VFIO_CHECK_EXTENSION, (void *)VFIO_TYPE1v2_IOMMU) != 1)
        return pl_driver_fail(v->message, -ENOPKG,
                              "VFIO has no IOMMU of type 1: `modprobe vfio_iommu_type1`");
    return 0;
}

static int open_group(struct pl_vfio *v, int number)
{
    char path[64];
    snprintf(path, sizeof path, "/dev/vfio/%d", number);
    v->group = v->mapped.calls->open(path, O_RDWR | O_CLOEXEC);
    if (v->group < 0 && errno == EBUSY)
        return pl_driver_fail(v->message, -EBUSY,
                              "%s: another process has the card; `fuser -v %s` names it", path,
                              path);
    if (v->group < 0 && (errno == EACCES || errno == EPERM))
        return pl_driver_fail(v->message, -EACCES,
                              "%s: no permission; `sudo chown $USER %s`, or a udev rule for "
                              "SUBSYSTEM==\"vfio\"",
                              path, path);
    if (v->group < 0)
        return pl_driver_fail(v->message, -errno,
                              "%s: %s; a container must be given this device file", path,
                              strerror(errno));
    struct vfio_group_status status = { .argsz = sizeof status };
    if (v->mapped.calls->ioctl(v->group, VFIO_GROUP_GET_STATUS, &status) != 0)
        return pl_driver_fail(v->message, -errno, "%s: status of the group: %s", path,
                              strerror(errno));
    if ((status.flags & VFIO_GROUP_FLAGS_VIABLE) == 0)
        return pl_driver_fail(v->message, -EBUSY,
                              "IOMMU group %d also has devices that the kernel uses: bind all of "
                              "/sys/kernel/iommu_groups/%d/devices to vfio-pci, or move the card "
                              "to another slot",
                              number, number);
    return 0;
}

static int attach(struct pl_vfio *v)
{
    if (v->mapped.calls->ioctl(v->group, VFIO_GROUP_SET_CONTAINER, &v->container) != 0)
        return pl_driver_fail(v->message, errno == EBUSY ? -EBUSY : -EOPNOTSUPP,
                              "%s: its group does not go into a VFIO container: %s", v->address,
                              strerror(errno));
    v->attached = true;
    if (v->mapped.calls->ioctl(v->container, VFIO_SET_IOMMU, (void *)VFIO_TYPE1v2_IOMMU) == 0)
        return 0;
    if (errno == EPERM)
        return pl_driver_fail(v->message, -EOPNOTSUPP,
                              "this machine does not remap interrupts: enable that in its "
                              "firmware, or, where every device is trusted, `modprobe "
                              "vfio_iommu_type1 allow_unsafe_interrupts=1`");
    return pl_driver_fail(v->message, -EOPNOTSUPP,
                          "%s: the IOMMU refuses it (%s): boot with intel_iommu=on or "
                          "amd_iommu=on, and enable VT-d or AMD-Vi in the firmware",
                          v->address, strerror(errno));
}

static int open_device(struct pl_vfio *v)
{
    v->device = v->mapped.calls->ioctl(v->group, VFIO_GROUP_GET_DEVICE_FD, v->address);
    if (v->device >= 0)
        return 0;
    if (errno == EBUSY)
        return pl_driver_fail(v->message, -EBUSY, "%s: another process has the card", v->address);
    return pl_driver_fail(v->message, -errno,
                          "%s: vfio-pci does not hand it out: %s; `dmesg` says why", v->address,
                          strerror(errno));
}

/* Mirrors the opening, whatever of it was done. */
static void close_all(void *context)
{
    struct pl_vfio *v = context;
    const struct pl_calls *calls = v->mapped.calls;
    if (v->device >= 0) {
        pl_vfio_stop_device(v);
        pl_vfio_take_back_all(v);
        pl_vfio_unmap_device(v);
        calls->close(v->device);
    }
    if (v->attached)
        calls->ioctl(v->group, VFIO_GROUP_UNSET_CONTAINER, NULL);
    if (v->group >= 0)
        calls->close(v->group);
    if (v->container >= 0)
        calls->close(v->container);
    free(v);
}

int pl_vfio_open(const struct pl_vfio_options *options, const struct pl_calls *calls,
                 struct pl_bus *out, char *message)
{
    struct pl_vfio *v = calloc(1, sizeof *v);
    if (v == NULL)
        return -ENOMEM;
    v->mapped = (struct pl_mapped){ .calls = calls, .request = -1 };
    v->message = message;
    v->container = v->group = v->device = -1;
    snprintf(v->address, sizeof v->address, "%s", options->address);
    int error = open_container(v);
    error = error != 0 ? error : open_group(v, options->group);
    error = error != 0 ? error : attach(v);
    error = error != 0 ? error : pl_vfio_read_space(v);
    error = error != 0 ? error : open_device(v);
    error = error != 0 ? error : pl_vfio_map_device(v, options);
    if (error != 0) {
        close_all(v);
        return error;
    }
    *out = (struct pl_bus){
        .wait_ns = options->wait_ns,
        .allocate = pl_vfio_lend,
        .refusal = pl_vfio_refusal,
        .release = pl_vfio_take_back,
        .close = close_all,
    };
    pl_mapped_bus(&v->mapped, out);
    return 0;
}
