/*
 * wrap.h - help in two columns that fits an 80 column terminal.
 */
#ifndef OM_CMD_WRAP_H
#define OM_CMD_WRAP_H

#include "cmd/command.h"

/* "  left    right", the right part wrapped under itself. */
void om_wrap_item(const char *left, const char *right, FILE *out);
void om_wrap_options(const struct om_opt *opts, FILE *out);
/* A blank at which a line is never broken. */
#define OM_WRAP_GLUE "\x1f"

/* Words after a first line that already holds col columns; further lines are
 * indented. Ends the line. */
void om_wrap_words(const char *text, int col, int indent, FILE *out);

/* How much of a shell command goes on one line of that width: all of it, or up
 * to a blank outside quotes, where a backslash continues it. */
size_t om_wrap_command(const char *text, size_t width);

#endif
