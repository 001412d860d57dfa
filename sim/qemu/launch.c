#include "launch.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DEVICE_FD 3
#define QTEST_FD 4
#define TEXT_BYTES 96
#define PATIENCE_MS 5000 /* of QEMU's end */
#define NO_PROGRAM 127

static void run_child(const char *program, unsigned memory_mib, char **more, int device, int qtest,
                      pid_t parent)
{
    char memory[TEXT_BYTES], backend[TEXT_BYTES], port[TEXT_BYTES];
    snprintf(memory, sizeof memory, "%u", memory_mib);
    snprintf(backend, sizeof backend, "memory-backend-memfd,id=ram,size=%uM,share=on", memory_mib);
    snprintf(port, sizeof port, "pcie-root-port,id=rp0,addr=%#x", LAUNCH_PORT);
    const char *fixed[] = {
        program,
        "-accel",
        "tcg,thread=single",
        "-M",
        "q35",
        "-m",
        memory,
        "-object",
        backend,
        "-machine",
        "memory-backend=ram",
        "-nodefaults",
        "-display",
        "none",
        "-serial",
        "stdio",
        "-no-reboot",
        "-chardev",
        "socket,id=qtest,fd=4",
        "-object",
        "qtest,id=qtest0,chardev=qtest,log=/dev/null",
        "-device",
        "intel-iommu,intremap=off",
        "-device",
        port,
        "-device",
        "x-pci-proxy-dev,bus=rp0,fd=3",
    };
    size_t fixed_count = sizeof fixed / sizeof fixed[0], count = 0;
    while (more[count] != NULL)
        count++;
    const char **arguments = calloc(fixed_count + count + 1, sizeof *arguments);
    if (arguments == NULL)
        _exit(NO_PROGRAM);
    memcpy(arguments, fixed, sizeof fixed);
    memcpy(arguments + fixed_count, more, count * sizeof *more);
    /* Above both numbers first: each may be the other's. */
    int high_device = dup(device), high_qtest = dup(qtest);
    while (high_device >= 0 && high_device <= QTEST_FD)
        high_device = dup(device);
    while (high_qtest >= 0 && high_qtest <= QTEST_FD)
        high_qtest = dup(qtest);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent || dup2(high_device, DEVICE_FD) < 0 || dup2(high_qtest, QTEST_FD) < 0)
        _exit(NO_PROGRAM);
    close(high_device);
    close(high_qtest);
    execvp(program, (char **)(uintptr_t)arguments);
    fprintf(stderr, "plimsoll-qemu: cannot start %s: %s (Debian: package qemu-system-x86)\n",
            program, strerror(errno));
    _exit(NO_PROGRAM);
}

int launch_qemu(struct launch *launch, const char *program, unsigned memory_mib, char **more)
{
    int device[2] = { -1, -1 }, qtest[2] = { -1, -1 };
    pid_t parent = getpid();
    int error = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, device) != 0 ||
                        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, qtest) != 0
                    ? -errno
                    : 0;
    if (error == 0) {
        launch->pid = fork();
        error = launch->pid < 0 ? -errno : 0;
    }
    if (error == 0 && launch->pid == 0)
        run_child(program, memory_mib, more, device[1], qtest[1], parent);
    if (device[1] >= 0)
        close(device[1]);
    if (qtest[1] >= 0)
        close(qtest[1]);
    launch->device = device[0];
    launch->qtest = qtest[0];
    if (error != 0) {
        if (device[0] >= 0)
            close(device[0]);
        if (qtest[0] >= 0)
            close(qtest[0]);
    }
    return error;
}

int launch_end(struct launch *launch)
{
    const struct timespec pause = { 0, 10 * 1000 * 1000 };
    int status = 0;
    close(launch->device);
    close(launch->qtest);
    for (int waited = 0; waitpid(launch->pid, &status, WNOHANG) == 0; waited += 10) {
        if (waited >= PATIENCE_MS)
            kill(launch->pid, SIGKILL);
        nanosleep(&pause, NULL);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
