/* attr.h - the only compiler extensions the project uses, under our names. */
#ifndef OM_BASE_ATTR_H
#define OM_BASE_ATTR_H

#include <stdint.h>

/* The result says whether it worked: ignoring it is an error. */
#define OM_MUST_USE __attribute__((warn_unused_result))

#define OM_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))

/* Run fn(&var) when var leaves scope, by whatever road. */
#define OM_AUTO(fn) __attribute__((cleanup(fn)))

/* Runs seldom: kept out of the way of what always runs. */
#define OM_SELDOM __attribute__((cold, noinline))

/* Intermediate results of money arithmetic; never stored. */
__extension__ typedef __int128 om_int128;

/* Eight numbers at a time, in one register where the machine has such. */
typedef uint16_t om_u16x8 __attribute__((vector_size(16)));

#define OM_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
