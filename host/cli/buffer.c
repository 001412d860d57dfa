#include "buffer.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FIRST_BYTES 4096
#define US_PER_S 1000000

static bool reserve(struct pl_buffer *buffer, size_t more)
{
    if (buffer->failed)
        return false;
    size_t needed = buffer->used + more + 1;
    if (needed <= buffer->capacity)
        return true;
    size_t capacity = buffer->capacity == 0 ? FIRST_BYTES : buffer->capacity;
    while (capacity < needed)
        capacity *= 2;
    char *data = realloc(buffer->data, capacity);
    if (data == NULL) {
        buffer->failed = true;
        return false;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

void pl_buffer_add_bytes(struct pl_buffer *buffer, const char *bytes, size_t count)
{
    if (!reserve(buffer, count))
        return;
    memcpy(buffer->data + buffer->used, bytes, count);
    buffer->used += count;
    buffer->data[buffer->used] = '\0';
}

void pl_buffer_fill(struct pl_buffer *buffer, char byte, size_t count)
{
    if (!reserve(buffer, count))
        return;
    memset(buffer->data + buffer->used, byte, count);
    buffer->used += count;
    buffer->data[buffer->used] = '\0';
}

void pl_buffer_add(struct pl_buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    assert(length >= 0);
    if (reserve(buffer, (size_t)length)) {
        vsnprintf(buffer->data + buffer->used, (size_t)length + 1, format, again);
        buffer->used += (size_t)length;
    }
    va_end(again);
}

void pl_buffer_free(struct pl_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct pl_buffer){ 0 };
}

size_t pl_utf8_length(const unsigned char *text)
{
    unsigned char first = text[0];
    if (first < 0x80)
        return 1;
    size_t length = 0;
    if (first >= 0xC2 && first <= 0xF4)
        length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0; /* a final zero stops here too */
    bool overlong = (first == 0xE0 && text[1] < 0xA0) || (first == 0xF0 && text[1] < 0x90);
    bool outside = (first == 0xED && text[1] > 0x9F) || (first == 0xF4 && text[1] > 0x8F);
    return length == 0 || overlong || outside ? 0 : length;
}

void pl_buffer_add_json(struct pl_buffer *buffer, const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    pl_buffer_add_bytes(buffer, "\"", 1);
    while (*at != '\0') {
        size_t length = pl_utf8_length(at);
        if (length == 0)
            pl_buffer_add_bytes(buffer, "\xEF\xBF\xBD", 3);
        else if (*at == '"' || *at == '\\')
            pl_buffer_add(buffer, "\\%c", *at);
        else if (*at < 0x20 || *at == 0x7F)
            pl_buffer_add(buffer, "\\u%04x", *at);
        else
            pl_buffer_add_bytes(buffer, (const char *)at, length);
        at += length == 0 ? 1 : length;
    }
    pl_buffer_add_bytes(buffer, "\"", 1);
}

void pl_buffer_add_csv(struct pl_buffer *buffer, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        pl_buffer_add_bytes(buffer, text, strlen(text));
        return;
    }
    pl_buffer_add_bytes(buffer, "\"", 1);
    for (; *text != '\0'; text++)
        pl_buffer_add_bytes(buffer, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
    pl_buffer_add_bytes(buffer, "\"", 1);
}

void pl_buffer_add_plain(struct pl_buffer *buffer, const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        pl_buffer_add_bytes(buffer, byte < 0x20 || byte == 0x7F ? "?" : text, 1);
    }
}

void pl_money_text(char out[PL_MONEY_TEXT_BYTES], pl_i128 value_e8, int digits)
{
    assert(digits > 0 && digits <= PL_MONEY_DIGITS_EXACT);
    pl_i128 unit = 1;
    for (int i = digits; i < PL_MONEY_DIGITS_EXACT; i++)
        unit *= 10;
    pl_i128 value = value_e8 / unit - (value_e8 % unit < 0 ? 1 : 0);
    bool negative = value < 0;
    char reversed[PL_MONEY_TEXT_BYTES];
    size_t length = 0;
    for (int i = 0; i <= digits || value != 0; i++) {
        int digit = (int)(value % 10);
        reversed[length++] = (char)('0' + (digit < 0 ? -digit : digit));
        if (i + 1 == digits)
            reversed[length++] = '.';
        value /= 10;
        assert(length < PL_MONEY_TEXT_BYTES - 2);
    }
    if (negative)
        reversed[length++] = '-';
    for (size_t i = 0; i < length; i++)
        out[i] = reversed[length - 1 - i];
    out[length] = '\0';
}

void pl_time_text(char out[PL_TIME_TEXT_BYTES], int64_t time_us)
{
    time_t seconds = (time_t)(time_us / US_PER_S);
    int us = (int)(time_us % US_PER_S);
    struct tm tm;
    if (time_us < 0 || gmtime_r(&seconds, &tm) == NULL) {
        snprintf(out, PL_TIME_TEXT_BYTES, "?");
        return;
    }
    size_t used = strftime(out, PL_TIME_TEXT_BYTES, "%Y-%m-%dT%H:%M:%S", &tm);
    assert(used > 0);
    if (us == 0)
        snprintf(out + used, PL_TIME_TEXT_BYTES - used, "Z");
    else if (us % 1000 == 0)
        snprintf(out + used, PL_TIME_TEXT_BYTES - used, ".%03dZ", us / 1000);
    else
        snprintf(out + used, PL_TIME_TEXT_BYTES - used, ".%06dZ", us);
}

void pl_complain(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("plimsoll: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

void pl_complain_lines(const char *text)
{
    size_t length = strlen(text);
    fputs("plimsoll: ", stderr);
    fputs(text, stderr);
    if (length == 0 || text[length - 1] != '\n')
        fputc('\n', stderr);
}

int pl_stdout_write(const struct pl_buffer *buffer)
{
    if (buffer->failed) {
        pl_complain("out of memory while the output was made; nothing was written");
        return -ENOMEM;
    }
    size_t done = 0;
    while (done < buffer->used) {
        ssize_t written = write(STDOUT_FILENO, buffer->data + done, buffer->used - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            int error = written < 0 ? errno : EIO;
            pl_complain(
                "standard output: %s after %zu of %zu bytes; what stands there is not complete",
                strerror(error), done, buffer->used);
            return -error;
        }
        done += (size_t)written;
    }
    return 0;
}
