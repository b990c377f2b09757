/*
 * be.h - integers as bytes, the highest first: what is hashed and what is
 * stored reads the same on every machine.
 *
 * Inline, and one instruction each where the machine turns bytes around.
 */
#ifndef OM_BASE_BE_H
#define OM_BASE_BE_H

#include <stdint.h>
#include <string.h>

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define OM_BE(bits, value) (value)
#else
#define OM_BE(bits, value) __builtin_bswap##bits(value)
#endif

static inline void
om_be16_put(void *p, uint16_t value)
{
	uint16_t bytes = OM_BE(16, value);

	memcpy(p, &bytes, sizeof(bytes));
}

static inline void
om_be32_put(void *p, uint32_t value)
{
	uint32_t bytes = OM_BE(32, value);

	memcpy(p, &bytes, sizeof(bytes));
}

/* Of the lower 48 bits. */
static inline void
om_be48_put(void *p, uint64_t value)
{
	om_be16_put(p, (uint16_t)(value >> 32));
	om_be32_put((unsigned char *)p + 2, (uint32_t)value);
}

static inline void
om_be64_put(void *p, uint64_t value)
{
	uint64_t bytes = OM_BE(64, value);

	memcpy(p, &bytes, sizeof(bytes));
}

static inline uint16_t
om_be16_get(const void *p)
{
	uint16_t value;

	memcpy(&value, p, sizeof(value));
	return OM_BE(16, value);
}

static inline uint32_t
om_be32_get(const void *p)
{
	uint32_t value;

	memcpy(&value, p, sizeof(value));
	return OM_BE(32, value);
}

static inline uint64_t
om_be48_get(const void *p)
{
	return (uint64_t)om_be16_get(p) << 32 |
	       om_be32_get((const unsigned char *)p + 2);
}

static inline uint64_t
om_be64_get(const void *p)
{
	uint64_t value;

	memcpy(&value, p, sizeof(value));
	return OM_BE(64, value);
}

#endif
