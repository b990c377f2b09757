/*
 * prng.h - reproducible random numbers, one independent stream per number.
 *
 * SplitMix64 (G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom
 * number generators", 2014). The same stream gives the same numbers on every
 * machine; stream n does not depend on streams before it, so that any part of
 * a generated file can be made by itself.
 */
#ifndef OM_OPS_PRNG_H
#define OM_OPS_PRNG_H

#include <stdint.h>

#define OM_PRNG_GAMMA UINT64_C(0x9e3779b97f4a7c15)

struct om_prng {
	uint64_t state;
};

/* A bijection: different numbers have different images. */
static inline uint64_t
om_mix64(uint64_t z)
{
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static inline uint64_t
om_prng_next(struct om_prng *r)
{
	r->state += OM_PRNG_GAMMA;
	return om_mix64(r->state);
}

static inline struct om_prng
om_prng_stream(uint64_t seed, uint64_t n)
{
	return (struct om_prng){ om_mix64(
	    om_mix64(seed + OM_PRNG_GAMMA) + n * OM_PRNG_GAMMA) };
}

/* 0 .. n-1, n > 0; the bias is below n / 2^32. */
static inline uint32_t
om_prng_below(struct om_prng *r, uint32_t n)
{
	return (uint32_t)(((om_prng_next(r) >> 32) * n) >> 32);
}

#endif
