#include "faults.h"

bool faults_has(const struct faults *f, uint32_t address)
{
    return f->allowed && (address == FAULTS_ARM || address == FAULTS_LINES);
}

uint32_t faults_read(const struct faults *f, uint32_t address)
{
    return address == FAULTS_ARM ? (uint32_t)f->armed : (uint32_t)f->lines;
}

void faults_write(struct faults *f, uint32_t address, uint32_t value)
{
    uint32_t wanted = value >> FAULTS_ARM_SHIFT;
    if (address != FAULTS_ARM || wanted >= FAULT_COUNT)
        return;
    f->armed = (enum fault)wanted;
    f->at_line = f->lines + (value & ((1u << FAULTS_ARM_SHIFT) - 1));
}

enum fault faults_line(struct faults *f)
{
    f->lines++;
    if (f->link_down)
        return FAULT_ERROR;
    if (f->armed == FAULT_NONE || f->lines < f->at_line)
        return FAULT_NONE;
    enum fault now = f->armed;
    f->armed = FAULT_NONE;
    f->struck++;
    f->link_down = now == FAULT_LINK;
    f->stuck |= now == FAULT_STUCK;
    f->lose_message |= now == FAULT_INTERRUPT;
    return now == FAULT_LINK ? FAULT_ERROR : now;
}

void faults_reset(struct faults *f)
{
    f->link_down = f->stuck = f->lose_message = false;
}
