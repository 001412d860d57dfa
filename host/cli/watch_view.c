#include "watch_view.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "states.h"

#define BAR_CELLS 10
#define TITLE_BYTES 192
#define DEFAULT_WIDTH 80 /* where the terminal does not say */
#define DEFAULT_HEIGHT 24
#define PERCENT_E8 INT64_C(10000000000)
#define ROOM_MAX (PL_COEFFICIENT_ONE / 4) /* of pl_budget_room(), what it says for certain */
#define LINES_ABOVE 4                     /* the rows: book, blank, title, names of the columns */

/* Hidden cursor, no wrapping of wide characters that were counted as one column, home. */
#define FRAME_START "\033[?25l\033[?7l\033[H"
#define FRAME_END "\033[J\033[?7h\033[?25h"
#define LINE_END "\033[K\n"

static const struct pl_column columns[PL_WATCH_COLUMNS] = {
    { "account", "account", PL_COLUMN_TEXT },
    { "state", "state", PL_COLUMN_TEXT },
    { "was", "was", PL_COLUMN_TEXT },
    { "distance", "distance %", PL_COLUMN_MONEY },
    { "bar", "to the line", PL_COLUMN_TEXT },
    { "maintenance_excess", "maintenance excess", PL_COLUMN_MONEY },
    { "change", "change", PL_COLUMN_MONEY },
    { "equity", "equity", PL_COLUMN_MONEY },
    { "worst_scenario", "worst scenario", PL_COLUMN_TEXT },
    { "room", "room %", PL_COLUMN_MONEY },
};

void pl_watch_view_open(struct pl_watch_view *view, bool plain)
{
    const char *terminal = getenv("TERM"), *no_color = getenv("NO_COLOR");
    bool able = terminal != NULL && terminal[0] != '\0' && strcmp(terminal, "dumb") != 0;
    *view = (struct pl_watch_view){
        .live = !plain && able && isatty(STDOUT_FILENO) == 1,
        .colour = no_color == NULL || no_color[0] == '\0',
    };
}

static void measure(size_t *width, size_t *height)
{
    struct winsize size;
    bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
    *width = known && size.ws_col > 0 ? size.ws_col : DEFAULT_WIDTH;
    *height = known && size.ws_row > 0 ? size.ws_row : DEFAULT_HEIGHT;
}

/* Full at the line and beyond it, and only there; empty where the excess is the requirement. */
static void bar_text(char out[BAR_CELLS + 1], const struct pl_verdict *v)
{
    pl_i128 requirement = pl_maintenance_requirement(v);
    pl_i128 near = requirement - v->maintenance_excess;
    int filled = 0;
    if (v->maintenance_excess < 0)
        filled = BAR_CELLS;
    else if (near > 0)
        filled = (int)(BAR_CELLS * near / requirement);
    for (int i = 0; i < BAR_CELLS; i++)
        out[i] = v->state == PL_STATE_INDETERMINATE ? '?' : i < filled ? '#' : '.';
    out[BAR_CELLS] = '\0';
}

/* Q.40 as per cent; more than is said for certain stays what is. */
static void list_room(struct pl_listing *listing, int64_t room)
{
    int64_t said = room < ROOM_MAX ? room : ROOM_MAX;
    pl_listing_money(listing, ((pl_i128)said * PERCENT_E8) >> PL_COEFFICIENT_BITS);
}

static void list_row(struct pl_listing *listing, const struct pl_watch_set *set,
                     const struct pl_watch_row *row, bool first_frame)
{
    const struct pl_session *session = set->session;
    char bar[BAR_CELLS + 1], scenario[PL_SCENARIO_TEXT_BYTES];
    const struct pl_verdict *v = &row->now;
    pl_i128 distance_e8;
    pl_listing_text(listing, session->book->accounts[v->account].name);
    pl_listing_state(listing, v->state);
    if (row->known && row->before.state != v->state)
        pl_listing_state(listing, row->before.state);
    else
        pl_listing_text(listing, row->known || first_frame ? NULL : "new here");
    if (pl_watch_distance(v, &distance_e8))
        pl_listing_money(listing, distance_e8);
    else
        pl_listing_text(listing, NULL);
    bar_text(bar, v);
    pl_listing_text(listing, bar);
    pl_listing_money(listing, v->maintenance_excess);
    if (row->known)
        pl_listing_money(listing, (pl_i128)v->maintenance_excess - row->before.maintenance_excess);
    else
        pl_listing_text(listing, NULL);
    pl_listing_money(listing, v->equity);
    pl_session_scenario(session, v, scenario);
    pl_listing_text(listing, scenario);
    if (set->rooms != NULL && v->state != PL_STATE_INDETERMINATE)
        list_room(listing, set->rooms[v->account]);
    else if (set->rooms != NULL)
        pl_listing_text(listing, NULL);
}

static void list_rows(struct pl_watch_view *view, const struct pl_watch_frame *frame, size_t rows,
                      struct pl_output *output)
{
    const struct pl_session *session = frame->set->session;
    const struct pl_book *book = session->book;
    struct pl_listing listing;
    char title[TITLE_BYTES], time[PL_TIME_TEXT_BYTES];
    pl_time_text(time, session->time_us);
    snprintf(title, sizeof title,
             "tick %" PRIu64 " of %u, %s: %zu of %u account%s%s, evaluation %" PRIu64 ":",
             session->tick, book->tick_count, time, frame->set->count, book->account_count,
             book->account_count == 1 ? "" : "s", frame->chosen ? ", chosen now" : "",
             frame->evaluations);
    pl_listing_start(&listing, output, columns,
                     frame->set->rooms != NULL ? PL_WATCH_COLUMNS : PL_WATCH_COLUMNS - 1);
    listing.widths = view->live ? view->widths : NULL;
    for (size_t i = 0; i < rows; i++)
        list_row(&listing, frame->set, &frame->set->rows[i], !view->started);
    pl_output_listing(output, "watched", title, &listing, true);
    if (rows < frame->set->count)
        pl_output_note(output, "... %zu more, further from the line", frame->set->count - rows);
    if (frame->set->left_out > 0)
        pl_output_note(output,
                       "%zu more were chosen, but a device watches at most %" PRIu32 " slots",
                       frame->set->left_out, session->capabilities.watch_slots);
    if (frame->note[0] != '\0')
        pl_output_note(output, "%s", frame->note);
}

static size_t count_lines(const char *text)
{
    size_t lines = 0;
    for (; (text = strchr(text, '\n')) != NULL; text++)
        lines++;
    return lines;
}

static const char *paint_of(const struct pl_watch_view *view, const struct pl_watch_frame *frame,
                            size_t line, size_t rows)
{
    static const char *const paints[PL_STATES][2] = {
        /* reversed: the state has changed */
        [PL_STATE_HEALTHY] = { "", "\033[7m" },
        [PL_STATE_MARGIN_CALL] = { "\033[36m", "\033[7;36m" },
        [PL_STATE_INDETERMINATE] = { "\033[33m", "\033[7;33m" },
        [PL_STATE_LIQUIDATE] = { "\033[31m", "\033[7;31m" },
        [PL_STATE_BANKRUPT] = { "\033[1;31m", "\033[1;7;31m" },
    };
    if (!view->colour)
        return "";
    if (line + 2 == LINES_ABOVE)
        return "\033[1m";
    if (line < LINES_ABOVE || line - LINES_ABOVE >= rows)
        return "";
    const struct pl_watch_row *row = &frame->set->rows[line - LINES_ABOVE];
    assert(row->now.state < PL_STATES);
    bool changed = row->known && row->before.state != row->now.state;
    return paints[row->now.state][changed ? 1 : 0];
}

/* The lines of `text`, cut to the window, as a frame. */
static void add_frame(struct pl_buffer *out, const struct pl_watch_view *view,
                      const struct pl_watch_frame *frame, const char *text, size_t rows,
                      size_t width, size_t height)
{
    if (!view->started) /* what stands on the screen stays, above */
        pl_buffer_fill(out, '\n', height);
    pl_buffer_add(out, FRAME_START);
    for (size_t line = 0; *text != '\0' && line + 1 < height; line++) {
        const char *paint = paint_of(view, frame, line, rows);
        pl_buffer_add(out, "%s", paint);
        for (size_t column = 0; *text != '\n' && *text != '\0'; column++) {
            size_t length = pl_utf8_length((const unsigned char *)text);
            length = length == 0 ? 1 : length;
            if (column < width)
                pl_buffer_add_bytes(out, text, length);
            text += length;
        }
        text += *text == '\n' ? 1 : 0;
        pl_buffer_add(out, "%s" LINE_END, paint[0] != '\0' ? "\033[0m" : "");
    }
    pl_buffer_add(out, FRAME_END);
}

static int show_live(struct pl_watch_view *view, const struct pl_watch_frame *frame)
{
    const struct pl_session *session = frame->set->session;
    struct pl_output output;
    struct pl_buffer text = { 0 };
    char report[PL_MESSAGE_BYTES];
    size_t width, height, below = 2 + (frame->note[0] != '\0') + (frame->set->left_out > 0);
    measure(&width, &height);
    size_t report_lines = count_lines(pl_device_report(session->device, report));
    size_t rows = frame->set->count;
    if (report_lines > 0 && height >= 2 * (LINES_ABOVE + report_lines))
        below += 1 + report_lines;
    if (rows + LINES_ABOVE + below > height)
        rows = height > LINES_ABOVE + below ? height - LINES_ABOVE - below : 1;
    pl_output_start(&output, PL_FORMAT_TABLE);
    pl_output_note(&output, "%s, model %s, device %s, %s; Ctrl-C ends", session->book->name,
                   session->model->name, session->device_uri, session->book->settlement_currency);
    list_rows(view, frame, rows, &output);
    pl_output_device(&output, session);
    if (output.text.failed)
        text.failed = true;
    else
        add_frame(&text, view, frame, output.text.data, rows, width, height);
    int error = pl_stdout_write(&text);
    pl_buffer_free(&text);
    pl_output_free(&output);
    return error;
}

static int show_lines(struct pl_watch_view *view, const struct pl_watch_frame *frame)
{
    struct pl_output output;
    struct pl_buffer lines = { 0 };
    pl_output_start(&output, PL_FORMAT_TABLE);
    if (view->started)
        pl_buffer_add(&lines, "\n");
    else
        pl_output_session(&output, frame->set->session, false);
    list_rows(view, frame, frame->set->count, &output);
    pl_buffer_add_bytes(&lines, output.text.data, output.text.used);
    lines.failed = lines.failed || output.text.failed;
    int error = pl_stdout_write(&lines);
    pl_buffer_free(&lines);
    pl_output_free(&output);
    return error;
}

int pl_watch_view_show(struct pl_watch_view *view, const struct pl_watch_frame *frame)
{
    int error = view->live ? show_live(view, frame) : show_lines(view, frame);
    view->started = true;
    return error;
}

int pl_watch_view_end(const struct pl_watch_view *view, const struct pl_session *session)
{
    struct pl_output output;
    pl_output_start(&output, PL_FORMAT_TABLE);
    if (!view->live)
        pl_output_device(&output, session);
    return pl_output_finish(&output);
}
