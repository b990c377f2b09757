/* gen_mix.c - "EUR:70,USD:20": currencies and their weights; see gen.h. */
#include <string.h>

#include "ops/gen.h"

/* "EUR:70" or "EUR". */
static int
add_part(struct om_gen_mix *mix, struct om_str word, struct om_err *err)
{
	const char *colon = memchr(word.p, ':', word.n);
	struct om_str code = word;
	int64_t weight = 1;

	if (mix->count == OM_GEN_CURRENCIES_MAX)
		return om_fail(err, OM_EUSAGE, "more than %d currencies",
		    OM_GEN_CURRENCIES_MAX);
	if (colon != NULL) {
		code.n = (size_t)(colon - word.p);
		if (!om_str_int((struct om_str){ colon + 1,
				    word.n - code.n - 1 },
			&weight) ||
		    weight < 1 || weight > OM_GEN_WEIGHT_MAX)
			return om_fail(err, OM_EUSAGE,
			    "bad weight in '%.*s': not within 1 to %d",
			    OM_FMT(word), OM_GEN_WEIGHT_MAX);
	}
	mix->part[mix->count].currency = om_currency_find(code);
	mix->part[mix->count].weight = (uint32_t)weight;
	if (mix->part[mix->count].currency == NULL)
		return om_fail(err, OM_EUSAGE, "no currency '%.*s'",
		    OM_FMT(code));
	for (int i = 0; i < mix->count; i++)
		if (mix->part[i].currency == mix->part[mix->count].currency)
			return om_fail(err, OM_EUSAGE, "'%.*s' twice",
			    OM_FMT(code));
	mix->sum += (uint32_t)weight;
	mix->count++;
	return 0;
}

int
om_gen_mix_parse(struct om_str text, struct om_gen_mix *out, struct om_err *err)
{
	struct om_gen_mix mix = { 0 };

	for (;;) {
		const char *comma =
		    text.n == 0 ? NULL : memchr(text.p, ',', text.n);
		size_t n = comma == NULL ? text.n : (size_t)(comma - text.p);
		int rc = add_part(&mix, (struct om_str){ text.p, n }, err);

		if (rc < 0)
			return rc;
		if (comma == NULL)
			break;
		text.p += n + 1;
		text.n -= n + 1;
	}
	*out = mix;
	return 0;
}
