#include "blocks.h"

#include <string.h>

/* A free block keeps its neighbours in the list in its first entry. */
struct link {
    uint32_t previous, next;
};

static struct link link_of(struct pl_blocks blocks, uint32_t unit)
{
    struct link link;
    memcpy(&link, &blocks.entries[(uint64_t)unit * PL_BLOCK_ENTRIES], sizeof link);
    return link;
}

static void set_link(struct pl_blocks blocks, uint32_t unit, struct link link)
{
    memcpy(&blocks.entries[(uint64_t)unit * PL_BLOCK_ENTRIES], &link, sizeof link);
}

static void push(struct pl_blocks blocks, uint32_t unit, uint32_t class)
{
    const uint32_t next = blocks.heads[class];
    set_link(blocks, unit, (struct link){ PL_BLOCK_NONE, next });
    if (next != PL_BLOCK_NONE)
        set_link(blocks, next, (struct link){ unit, link_of(blocks, next).next });
    blocks.heads[class] = unit;
    blocks.tags[unit] = (uint8_t)(class + 1);
}

static void pull(struct pl_blocks blocks, uint32_t unit, uint32_t class)
{
    const struct link link = link_of(blocks, unit);
    if (link.previous == PL_BLOCK_NONE)
        blocks.heads[class] = link.next;
    else
        set_link(blocks, link.previous,
                 (struct link){ link_of(blocks, link.previous).previous, link.next });
    if (link.next != PL_BLOCK_NONE)
        set_link(blocks, link.next,
                 (struct link){ link.previous, link_of(blocks, link.next).next });
    blocks.tags[unit] = 0;
}

void pl_blocks_clear(struct pl_blocks blocks)
{
    memset(blocks.tags, 0, blocks.units);
    for (uint32_t class = 0; class < PL_BLOCK_CLASSES; class ++)
        blocks.heads[class] = PL_BLOCK_NONE;
    for (uint32_t unit = 0; unit < blocks.units;) {
        uint32_t class = PL_BLOCK_CLASSES - 1;
        while (unit % (1u << class) != 0 || blocks.units - unit < 1u << class)
            class --;
        push(blocks, unit, class);
        unit += 1u << class;
    }
}

uint32_t pl_blocks_take(struct pl_blocks blocks, uint32_t class)
{
    uint32_t from = class;
    while (from < PL_BLOCK_CLASSES && blocks.heads[from] == PL_BLOCK_NONE)
        from++;
    if (from >= PL_BLOCK_CLASSES)
        return PL_BLOCK_NONE;
    const uint32_t unit = blocks.heads[from];
    pull(blocks, unit, from);
    while (from > class) {
        from--;
        push(blocks, unit + (1u << from), from);
    }
    return unit;
}

void pl_blocks_give(struct pl_blocks blocks, uint32_t unit, uint32_t class)
{
    for (; class < PL_BLOCK_CLASSES - 1; class ++) {
        const uint32_t buddy = unit ^ 1u << class;
        if (buddy >= blocks.units || blocks.tags[buddy] != class + 1)
            break;
        pull(blocks, buddy, class);
        unit = unit < buddy ? unit : buddy;
    }
    push(blocks, unit, class);
}

uint32_t pl_blocks_free(struct pl_blocks blocks)
{
    uint32_t units = 0, blocks_tagged = 0, blocks_listed = 0;
    for (uint32_t unit = 0; unit < blocks.units; unit++)
        blocks_tagged += blocks.tags[unit] != 0;
    for (uint32_t class = 0; class < PL_BLOCK_CLASSES; class ++) {
        uint32_t previous = PL_BLOCK_NONE;
        for (uint32_t unit = blocks.heads[class]; unit != PL_BLOCK_NONE;
             unit = link_of(blocks, unit).next) {
            if (unit >= blocks.units || blocks.tags[unit] != class + 1 ||
                link_of(blocks, unit).previous != previous || ++blocks_listed > blocks_tagged)
                return PL_BLOCK_NONE;
            previous = unit;
            units += 1u << class;
        }
    }
    return blocks_listed == blocks_tagged ? units : PL_BLOCK_NONE;
}
