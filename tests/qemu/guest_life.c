/* In the guest: the life of a card and its driver, over and over. Every choice comes from a seed.
 *
 *     guest_life cycles DRIVER COUNT SEED   load and unload, bind and unbind, open and close
 *     guest_life kills DRIVER COUNT SEED    SIGKILL at a line of a program's DMA; the next run
 * right guest_life faults DRIVER COUNT SEED   each fault COUNT times; the next run right
 *
 * DRIVER is plimsoll or vfio-pci, bound to the card. What a run must print is what model: prints.
 */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../sim/qemu/faults.h"
#include "guest_open.h"

#define BOOK "tests/data/books/tiny"
#define MODEL "tests/data/models/span16.json"
#define OUTPUT "/tmp/life.out"
#define ERRORS "/tmp/life.err"
#define MODULE "/modules/plimsoll.ko"
#define WAIT_US "20000000"      /* the card is simulated, the guest's clock is not */
#define WAIT_FAULT_US "3000000" /* where the card is not expected to answer */
#define BOUND_S 120             /* of any run */
#define LOOK_US 300
#define BUS_RESET_US 200000
#define TEXT_BYTES 4096

static const char *driver;
static uint64_t seed, iteration, wanted_hash;
static int wanted_status;
static char port[256]; /* what the card is plugged into */

static bool is_module(void)
{
    return strcmp(driver, "plimsoll") == 0;
}

/* splitmix64 */
static uint64_t random_u64(void)
{
    uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint64_t random_below(uint64_t limit)
{
    return random_u64() % limit;
}

static uint64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void read_text(const char *path, char text[TEXT_BYTES])
{
    int file = open(path, O_RDONLY);
    ssize_t length = read(file, text, TEXT_BYTES - 1);
    text[length > 0 ? length : 0] = '\0';
    close(file);
}

static int write_text(const char *path, const char *text)
{
    int file = open(path, O_WRONLY);
    int error = file < 0 || write(file, text, strlen(text)) != (ssize_t)strlen(text) ? errno : 0;
    close(file);
    return error;
}

static void done_right(int error, const char *what)
{
    if (error != 0)
        printf("FAILED: %s: %s (%s, number %" PRIu64 ")\n", what, strerror(error), driver,
               iteration);
    error == 0 ? passed++ : failed++;
}

static uint32_t config_word(uint32_t at)
{
    uint32_t word = UINT32_MAX;
    int file = open(CARD_PATH "/config", O_RDONLY);
    if (pread(file, &word, sizeof word, at) != sizeof word)
        word = UINT32_MAX;
    close(file);
    return word;
}

static void arm(enum fault fault, uint32_t line)
{
    uint32_t word = (uint32_t)fault << FAULTS_ARM_SHIFT | line;
    int file = open(CARD_PATH "/config", O_WRONLY);
    check(pwrite(file, &word, sizeof word, FAULTS_ARM) == sizeof word, "a fault is armed",
          (uint64_t)errno);
    close(file);
}

/* Nothing is left of a process: no memory, no mapping, no bus mastering. */
static void nothing_is_left(const char *after)
{
    char text[TEXT_BYTES];
    bool clean = (config_word(PCI_COMMAND) & PCI_COMMAND_MASTER) == 0;
    if (is_module()) {
        read_text("/sys/bus/pci/drivers/plimsoll/live", text);
        clean = clean && strcmp(text, "cards 1 files 0 buffers 0 bytes 0 mappings 0\n") == 0;
    } else {
        snprintf(text, sizeof text, "command %x\n", config_word(PCI_COMMAND) & UINT16_MAX);
    }
    if (!clean)
        printf("FAILED: after %s something is left: %s (%s, number %" PRIu64 ")\n", after, text,
               driver, iteration);
    clean ? passed++ : failed++;
}

static pid_t start(const char *device)
{
    pid_t child = fork();
    if (child == 0) {
        dup2(open(OUTPUT, O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
        dup2(open(ERRORS, O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
        execl("/bin/plimsoll", "plimsoll", "replay", BOOK, "--model", MODEL, "--format", "json",
              "--device", device, NULL);
        _exit(127);
    }
    return child;
}

/* The exit status, 256 + a signal, or -1 after killing what did not end in time. */
static int finish(pid_t child)
{
    uint64_t end = now_ms() + BOUND_S * 1000;
    int status;
    while (waitpid(child, &status, WNOHANG) == 0) {
        if (now_ms() > end) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            return -1;
        }
        usleep(LOOK_US);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

/* Of what was printed, but for the device's name. */
static uint64_t output_hash(void)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    char line[TEXT_BYTES];
    FILE *file = fopen(OUTPUT, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strstr(line, "\"device\"") != NULL)
            continue;
        for (const char *at = line; *at != '\0'; at++)
            hash = (hash ^ (uint8_t)*at) * UINT64_C(0x100000001b3);
    }
    if (file != NULL)
        fclose(file);
    return hash;
}

static const char *uri(bool interrupts, const char *wait_us)
{
    static char text[128];
    snprintf(text, sizeof text, "pci:" CARD ",wait_us=%s%s", wait_us, interrupts ? ",irq=1" : "");
    return text;
}

static bool is_right(int status)
{
    return status == wanted_status && output_hash() == wanted_hash;
}

static void next_run_is_right(const char *after)
{
    char text[TEXT_BYTES];
    int status = finish(start(uri(random_below(2) == 0, WAIT_US)));
    bool right = is_right(status);
    read_text(ERRORS, text);
    if (!right)
        printf("FAILED: the run after %s: exit %d (%s, number %" PRIu64 "): %s\n", after, status,
               driver, iteration, text);
    right ? passed++ : failed++;
    nothing_is_left("a run");
}

/* Waits until the card has transferred so many lines more, or the child ends: whether it lives. */
static bool wait_for_line(pid_t child, uint32_t from, uint32_t lines)
{
    while (config_word(FAULTS_LINES) - from < lines) {
        siginfo_t info = { 0 };
        if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
            info.si_pid == child)
            return false;
        usleep(LOOK_US);
    }
    return true;
}

/* What model: prints, and the lines of DMA that a run takes. */
static uint32_t learn(void)
{
    wanted_status = finish(start("model:profile=small"));
    wanted_hash = output_hash();
    check(wanted_status == 0 || wanted_status == 3, "a run of model:", (uint64_t)wanted_status);
    uint32_t before = config_word(FAULTS_LINES);
    next_run_is_right("nothing");
    uint32_t lines = config_word(FAULTS_LINES) - before;
    check(lines > 0, "lines of DMA are counted: --faults 1", lines);
    return lines > 0 ? lines : 1;
}

static int bind_to(bool bound)
{
    char path[128];
    if (bound && !is_module())
        write_text(CARD_PATH "/driver_override", driver);
    snprintf(path, sizeof path, "/sys/bus/pci/drivers/%s/%s", driver, bound ? "bind" : "unbind");
    return write_text(path, CARD);
}

static void reload(void)
{
    done_right(syscall(SYS_delete_module, "plimsoll", 0) == 0 ? 0 : errno, "rmmod");
    int file = open(MODULE, O_RDONLY);
    done_right(syscall(SYS_finit_module, file, "", 0) == 0 ? 0 : errno, "insmod");
    close(file);
}

/* Opens the card as the host program does, has it do something, and closes it, or dies first. */
static void open_and_close(bool dies)
{
    char message[PL_MESSAGE_BYTES] = "";
    pid_t child = dies ? fork() : 0;
    if (child == 0) {
        struct pl_ring ring;
        int error = guest_open(driver, random_below(2) == 0, &ring, message);
        error = error != 0 ? error : guest_nop(&ring);
        if (dies)
            raise(SIGKILL);
        check(error == 0, message[0] != '\0' ? message : "a NOP", (uint64_t)-error);
        if (error == 0)
            pl_ring_close(&ring);
    } else {
        waitpid(child, NULL, 0);
    }
}

static void cycles(uint64_t count)
{
    for (iteration = 1; iteration <= count; iteration++) {
        uint64_t choice = random_below(4);
        if (choice == 0 && is_module()) {
            reload();
        } else if (choice <= 1) {
            done_right(bind_to(false), "unbind");
            done_right(bind_to(true), "bind");
        } else {
            open_and_close(choice == 2);
        }
        nothing_is_left("a cycle");
    }
    printf("%" PRIu64 " cycles\n", count);
}

static void kills(uint64_t count)
{
    uint32_t lines = learn();
    uint64_t in_time = 0;
    for (iteration = 1; iteration <= count; iteration++) {
        uint32_t before = config_word(FAULTS_LINES), at = 1 + (uint32_t)random_below(lines);
        pid_t child = start(uri(random_below(2) == 0, WAIT_US));
        in_time += wait_for_line(child, before, at);
        kill(child, SIGKILL);
        finish(child);
        nothing_is_left("a kill");
        next_run_is_right("a kill");
    }
    printf("%" PRIu64 " kills within %" PRIu32 " lines of DMA, %" PRIu64 " before the end\n", count,
           lines, in_time);
}

/* What strikes, and what the program may say of it. A line whose fault harms nothing may leave the
 * run right; nothing may print other bytes than the model's and end well. */
enum stroke { BY_CARD, BY_RESET, BY_REMOVAL, BY_UNBIND };

static const struct kind {
    const char *name;
    enum fault fault;
    enum stroke stroke;
    bool interrupts, must_be_right;
    const char *says[4];
} kinds[] = {
    { "an error completion", FAULT_ERROR, BY_CARD, false, false, { "answered with an error" } },
    { "an address that the IOMMU refuses",
      FAULT_ADDRESS,
      BY_CARD,
      false,
      false,
      { "answered with an error", "in time", "lines of the card are missing" } },
    { "a dead link", FAULT_LINK, BY_CARD, false, false, { "does not answer", "the link is down" } },
    { "a timeout", FAULT_STUCK, BY_CARD, false, false, { "in time" } },
    { "a lost interrupt", FAULT_INTERRUPT, BY_CARD, true, true, { NULL } },
    { "a reset by somebody else", FAULT_NONE, BY_RESET, false, false, { "was reset" } },
    { "a surprise removal",
      FAULT_LINK,
      BY_REMOVAL,
      false,
      false,
      { "does not answer", "the link is down", "wants the card back", "answered with an error" } },
    { "unbinding",
      FAULT_NONE,
      BY_UNBIND,
      false,
      false,
      { "does not answer", "the link is down", "wants the card back", "was reset" } },
};

/* Writing these files waits for whoever has the card. */
static pid_t write_apart(const char *path, const char *text)
{
    pid_t writer = fork();
    if (writer == 0)
        _exit(write_text(path, text));
    return writer;
}

static pid_t strike(enum stroke stroke)
{
    switch (stroke) {
    case BY_RESET: return write_apart(CARD_PATH "/reset", "1");
    case BY_REMOVAL: return write_apart(CARD_PATH "/remove", "1");
    case BY_UNBIND:
        return write_apart(is_module() ? "/sys/bus/pci/drivers/plimsoll/unbind"
                                       : "/sys/bus/pci/drivers/vfio-pci/unbind",
                           CARD);
    default: return -1;
    }
}

/* Waits until the program has said what is wrong, or ended: the time since `from_ms`. */
static uint64_t wait_for_words(pid_t child, uint64_t from_ms)
{
    char text[TEXT_BYTES] = "";
    siginfo_t info = { 0 };
    while (text[0] == '\0' && info.si_pid != child && now_ms() - from_ms < BOUND_S * 1000) {
        usleep(LOOK_US);
        read_text(ERRORS, text);
        waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT);
    }
    return now_ms() - from_ms;
}

/* As the slot does when a card is put into it. */
static void reset_bus(void)
{
    uint16_t control = 0;
    char path[300];
    snprintf(path, sizeof path, "%s/config", port);
    int file = open(path, O_RDWR);
    bool good = pread(file, &control, sizeof control, PCI_BRIDGE_CONTROL) == sizeof control;
    for (int on = 1; on >= 0; on--) {
        control = (uint16_t)((control & ~PCI_BRIDGE_CTL_BUS_RESET) |
                             (on != 0 ? PCI_BRIDGE_CTL_BUS_RESET : 0));
        good &= pwrite(file, &control, sizeof control, PCI_BRIDGE_CONTROL) == sizeof control;
        usleep(BUS_RESET_US);
    }
    close(file);
    done_right(good ? 0 : EIO, "a reset of the bus");
}

static void recover(const struct kind *kind)
{
    if (kind->fault == FAULT_LINK) {
        if (kind->stroke != BY_REMOVAL)
            done_right(write_text(CARD_PATH "/remove", "1"), "remove");
        done_right(write_text("/sys/bus/pci/rescan", "1"), "rescan");
    }
    if (kind->stroke == BY_UNBIND || (kind->fault == FAULT_LINK && !is_module()))
        done_right(bind_to(true), "bind again");
}

static bool says_one_of(const struct kind *kind, const char *text)
{
    for (int i = 0; i < 4 && kind->says[i] != NULL; i++) {
        if (strstr(text, kind->says[i]) != NULL)
            return true;
    }
    return false;
}

/* True: the program noticed, after *told_ms. The bus is reset only then: vfio-pci waits a minute
 * for a card that does not answer. */
static bool one_fault(const struct kind *kind, uint32_t lines, uint64_t *told_ms)
{
    uint64_t from_ms = now_ms();
    char text[TEXT_BYTES];
    uint32_t before = config_word(FAULTS_LINES), at = 1 + (uint32_t)random_below(lines);
    bool interrupts = kind->interrupts || random_below(2) == 0;
    const char *wait_us = kind->must_be_right ? WAIT_US : WAIT_FAULT_US;
    if (kind->fault != FAULT_NONE)
        arm(kind->fault, at);
    pid_t child = start(uri(interrupts, wait_us)), writer = -1;
    if (kind->stroke != BY_CARD) {
        wait_for_line(child, before, at);
        writer = strike(kind->stroke);
    }
    *told_ms = wait_for_words(child, from_ms);
    if (kind->fault == FAULT_LINK)
        reset_bus();
    int status = finish(child);
    if (writer > 0)
        done_right(finish(writer), "what was asked of the kernel");
    bool right = is_right(status);
    read_text(ERRORS, text);
    bool told = (status == 1 || status >= 10) && says_one_of(kind, text);
    bool good = right || (told && !kind->must_be_right);
    if (!good)
        printf("FAILED: %s at line %" PRIu32 " of %" PRIu32 ": exit %d (%s, number %" PRIu64
               "): %s\n",
               kind->name, at, lines, status, driver, iteration, text);
    good ? passed++ : failed++;
    return told;
}

static void faults(uint64_t count)
{
    uint32_t lines = learn();
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        uint64_t told = 0, start_ms = now_ms(), longest_ms = 0;
        for (iteration = 1; iteration <= count; iteration++) {
            uint64_t took_ms;
            told += one_fault(&kinds[k], lines, &took_ms);
            longest_ms = took_ms > longest_ms ? took_ms : longest_ms;
            recover(&kinds[k]);
            arm(FAULT_NONE, 0);
            nothing_is_left(kinds[k].name);
            next_run_is_right(kinds[k].name);
        }
        printf("%s: %" PRIu64 " times, told %" PRIu64 ", within %" PRIu64 " ms, %" PRIu64
               " ms in all\n",
               kinds[k].name, count, told, longest_ms, now_ms() - start_ms);
    }
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc != 5)
        return 2;
    driver = argv[2];
    uint64_t count = strtoull(argv[3], NULL, 10);
    seed = strtoull(argv[4], NULL, 10);
    printf("%s, %s, seed %" PRIu64 "\n", argv[1], driver, seed);
    if (realpath(CARD_PATH "/..", port) == NULL)
        return 2;
    if (strcmp(argv[1], "cycles") == 0)
        cycles(count);
    else if (strcmp(argv[1], "kills") == 0)
        kills(count);
    else
        faults(count);
    return done();
}
